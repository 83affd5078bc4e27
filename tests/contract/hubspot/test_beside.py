"""Readings beside the increments: counts, surveys, records by id, details, and what doctor asks."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from connectors.errors import SkippedStreamError
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Cursor, Field, Finding, Quota
from tests.contract.hubspot.account import FIELDS, PLAIN, Account, cities_of, rows

CITY = (Field("city", "string"),)


def test_a_count_is_of_the_living(account: Account) -> None:
    source = account.source()
    account.archive(account.create(1)[0])
    assert source.count(PLAIN.stream) == len(account.ids())
    assert source.calls.read == 1


def test_what_may_not_be_counted_has_no_count(account: Account) -> None:
    account.admin.setting(hubspot_hidden_objects=["contacts"])
    assert account.source().count(PLAIN.stream) is None


def test_a_survey_gives_the_given_fields_of_every_living_record(account: Account) -> None:
    table = pa.concat_tables(account.source().survey(PLAIN.stream, CITY))
    assert table.column_names == ["_record_id", "_modified_at", "city"]
    found = table.to_pylist()
    assert {row["_record_id"]: row["city"] for row in found} == account.cities()


def test_a_survey_asks_for_no_details(account: Account) -> None:
    source = account.source(CONTACTS)
    account.create(120)
    list(source.survey(CONTACTS.stream, CITY))
    assert source.calls.read == 2 + 1


def test_records_are_read_by_id_with_their_details(account: Account) -> None:
    source, chosen = account.source(CONTACTS), sorted(account.ids())[:3]
    [batch] = source.read_records(CONTACTS.stream, FIELDS, chosen)
    assert cities_of(rows([batch])) == {one: account.cities()[one] for one in chosen}
    assert {row["contact_id"] for row in rows([batch], "contact_histories")} == set(chosen)
    assert {row["from_id"] for row in rows([batch], "contact_associations")} == set(chosen)
    assert batch.cursor is None


@pytest.mark.parametrize("name", ["contact_histories", "contact_associations"])
def test_details_are_read_alone(account: Account, name: str) -> None:
    source, chosen = account.source(CONTACTS), sorted(account.ids())
    whole = rows(source.read(CONTACTS.stream, FIELDS, None), name)
    batches = list(source.read_details(CONTACTS.stream, [name], chosen))
    assert {found for batch in batches for found in batch.tables} == {name}
    assert {row["_record_id"] for row in rows(batches, name)} == {r["_record_id"] for r in whole}


def test_associations_with_what_our_key_may_not_see_are_left_out_with_a_reason(
    account: Account,
) -> None:
    source, chosen = account.source(CONTACTS), sorted(account.ids())[:1]
    account.admin.setting(hubspot_withheld_scopes=["crm.objects.companies.read"])
    [batch] = source.read_details(CONTACTS.stream, ["contact_associations"], chosen)
    assert "MISSING_SCOPES" in batch.skipped["contact_associations:companies"]


def test_the_quota_is_what_the_latest_answer_told(account: Account) -> None:
    account.admin.setting(rate_limits=True, hubspot_daily_limit=1000)
    account.admin("POST", "usage", {"crm": "hubspot", "left": 400})
    source = account.source()
    assert source.quota() is None
    source.clock()
    assert source.quota() == Quota(1000, 601)


def test_fields_say_what_is_calculated_and_what_holds_many_choices(account: Account) -> None:
    definition = {
        "name": "interests",
        "label": "Interests",
        "type": "enumeration",
        "fieldType": "checkbox",
        "groupName": "contactinformation",
        "options": [{"label": "A", "value": "a", "displayOrder": 0}],
    }
    account.people("POST", "/crm/v3/properties/contacts", json=definition).raise_for_status()
    fields = {field.name: field for field in account.source().fields(PLAIN.stream)}
    assert fields["interests"] == Field("interests", "list")
    assert fields["hs_v2_date_entered_lead"].calculated
    assert not fields["email"].calculated


def test_hidden_properties_are_left_out_unless_they_are_required(account: Account) -> None:
    for name in ("secret_one", "city_two"):
        body: dict[str, object] = {
            "name": name,
            "label": name,
            "type": "string",
            "fieldType": "text",
        }
        body |= {"groupName": "contactinformation", "hidden": True}
        account.people("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    needed = {**PLAIN.stream.required_fields, "city_two": "string"}
    stream = replace(PLAIN.stream, required_fields=needed)
    names = {field.name for field in account.source().fields(stream)}
    assert ("secret_one" in names, "city_two" in names) == (False, True)


def test_only_included_fields_are_read_and_no_excluded_one(account: Account) -> None:
    stream = replace(PLAIN.stream, included=frozenset({"country", "phone"}))
    stream = replace(stream, excluded=frozenset({"phone", "email"}))
    names = {field.name for field in account.source().fields(stream)}
    assert names == {*PLAIN.stream.required_fields, "country"}


def test_an_object_that_is_hidden_is_skipped(account: Account) -> None:
    account.admin.setting(hubspot_hidden_objects=["contacts"])
    with pytest.raises(SkippedStreamError):
        next(account.source().read(PLAIN.stream, FIELDS, None))


@pytest.mark.parametrize("since", [None, Cursor(datetime(2020, 1, 1, tzinfo=UTC))])
@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_that_passes_costs_no_object(
    account: Account, status: int, since: Cursor | None
) -> None:
    refusal = {"category": "OBJECT_NOT_FOUND", "status": "error", "message": "not there"}
    account.fault(status=status, body=refusal, path="/crm/v3/objects/contacts*", count=1)
    read = list(account.source().read(PLAIN.stream, FIELDS, since))
    assert {row["_record_id"] for row in rows(read)} == account.ids()


def test_a_refusal_that_passes_costs_no_part_of_a_catalog(account: Account) -> None:
    refusal = {"category": "MISSING_SCOPES", "status": "error", "message": "no"}
    path = "/crm/v3/pipelines/*"
    account.fault(status=403, body=refusal, path=path, skip=1, count=1)
    source = HubSpotSource(account.client())
    streams = {stream.name: stream for stream in source.streams()}
    [batch] = source.read(streams["pipelines"], source.fields(streams["pipelines"]), None)
    assert (batch.skipped, batch.whole[-1]) == ({}, "")


def test_doctor_finds_a_whole_account_well(account: Account) -> None:
    assert list(account.source().examine()) == [
        Finding("credentials", "well", "HubSpot takes our key"),
        Finding("contacts", "well", "readable"),
        Finding("quota", "well", "HubSpot tells our key of no daily limit"),
    ]


def test_doctor_tells_what_is_missing_and_what_may_not_be_seen(account: Account) -> None:
    account.admin.setting(hubspot_withheld_scopes=["crm.objects.deals.read"])
    found = {f.subject: f for f in account.source(DEALS).examine()}
    assert found["deals"].state == "warning"
    assert "MISSING_SCOPES" in found["deals"].what
    own = {f.subject: f for f in account.source(CONTACTS).examine()}["contacts: own properties"]
    assert "leadcycle_stage" in own.what
    assert own.next_step == "run `leadcycle provision`"


def test_doctor_tells_of_the_days_calls(account: Account) -> None:
    account.admin.setting(rate_limits=True, hubspot_daily_limit=1000)
    found = {f.subject: f for f in account.source().examine()}
    assert found["quota"].what == "3 of 1,000 calls of the day are used, all apps together"


def test_doctor_stops_at_the_reserve_and_says_so(account: Account) -> None:
    account.admin.setting(rate_limits=True, hubspot_daily_limit=1000)
    account.admin("POST", "usage", {"crm": "hubspot", "left": 100})
    *_, finding = account.source().examine()
    assert (finding.subject, finding.state) == ("quota", "warning")
    assert "left for other apps" in finding.what


def test_doctor_says_that_a_key_is_refused_and_asks_nothing_more(account: Account) -> None:
    account.fault(preset="hubspot-unauthorized", count=99)
    [finding] = account.source().examine()
    assert (finding.subject, finding.state) == ("credentials", "broken")
