from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connectors.errors import ForbiddenError, SkippedStreamError, UnreadableAnswerError
from connectors.hubspot.catalogs.reader import CatalogReader
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.insisting import WAITS, ContradictionError
from connectors.hubspot.streams.account import FORMS, OWNERS, PIPELINES, PROPERTIES, TEAMS
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import CONTACTS
from connectors.hubspot.streams.service import LEADS
from connectors.records import Batch, Cursor, Stream
from connectors.values import format_datetime
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import CLOCK, at
from tests.unit.connectors.scripted import Answer, Asked, Script

OWNERS_PATH, TEAMS_PATH = "/crm/v3/owners", "/settings/v3/users/teams"
PIPELINES_PATH, PROPERTIES_PATH = "/crm/v3/pipelines/{}", "/crm/v3/properties/{}"
ADA = {
    "id": "70",
    "email": "ada@example.com",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "userId": 9,
    "userIdIncludingInactive": 9,
    "teams": [
        {"id": "1", "name": "North", "primary": True},
        {"id": "2", "name": "South", "primary": False},
    ],
    "createdAt": format_datetime(at(1)),
    "updatedAt": format_datetime(at(2)),
    "archived": False,
}
BOB = {"id": "71", "userIdIncludingInactive": 8, "archived": True}
WON = {
    "id": "closedwon",
    "label": "Closed won",
    "displayOrder": 5,
    "metadata": {"isClosed": "true", "probability": "1.0"},
    "updatedAt": format_datetime(at(3)),
}
SALES = Answer({"results": [{"id": "default", "label": "Sales", "stages": [WON]}]})
REFUSED = Answer({"category": "MISSING_SCOPES", "message": "owners.read"}, status=403)
ONE_PROPERTY = Answer({"results": [{"name": "email", "type": "string"}]})
STATED = {"_modified_at": CLOCK, "_is_deleted": False, "_unreadable": None}


def read(client: HubSpotClient, stream: Stream, *objects: Any) -> Batch:
    [batch] = CatalogReader(client, stream, objects).read()
    return batch


def rows(client: HubSpotClient, stream: Stream, *objects: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(client, stream, *objects).tables[stream.name].to_pylist()
    return found


def by_archive(*, living: dict[str, Any], archived: dict[str, Any]) -> Any:
    def answer(asked: Asked) -> Answer:
        return Answer({"results": [archived if asked.query["archived"] == "true" else living]})

    return answer


def test_owners_are_read_with_those_who_have_left(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    ada, bob = rows(client, OWNERS)
    assert ada == STATED | {
        "_record_id": "70",
        "owner_id": "70",
        "user_id": "9",
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "is_archived": False,
        "team_ids": "1;2",
        "team_names": "North;South",
        "created_at": at(1),
        "updated_at": at(2),
    }
    assert (bob["owner_id"], bob["user_id"], bob["is_archived"]) == ("71", "8", True)


def test_a_reading_of_a_whole_list_says_so_and_bears_the_time_of_the_crm(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    batch = read(client, OWNERS)
    assert (batch.whole, batch.cursor) == (("",), Cursor(CLOCK, read_at=CLOCK))


def test_a_list_without_rows_is_whole_too(script: Script, client: HubSpotClient) -> None:
    script.on("GET", "/marketing/v3/forms", Answer({"results": []}))
    batch = read(client, FORMS)
    assert (batch.tables["forms"].num_rows, batch.whole) == (0, ("",))


def again(client: HubSpotClient, stream: Stream, record_ids: Sequence[str]) -> list[str]:
    """Return which of these rows another reading shows."""
    found = CatalogReader(client, stream, (CONTACTS, DEALS)).read_records(record_ids)
    return [row for batch in found for row in batch.tables[stream.name]["_record_id"].to_pylist()]


def test_an_owner_who_was_restored_between_the_two_lists_is_not_gone(
    script: Script, client: HubSpotClient, time: FakeTime
) -> None:
    script.on("GET", OWNERS_PATH, Answer({"results": []}), Answer({"results": []}))
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    assert read(client, OWNERS).tables["owners"].num_rows == 0
    assert again(client, OWNERS, ["70"]) == ["70"]
    assert time.waits == [WAITS[0]]


def test_a_part_that_lacks_a_row_is_asked_twice_more_and_no_other(
    script: Script, client: HubSpotClient, time: FakeTime
) -> None:
    of_deals = PIPELINES_PATH.format("deals")
    script.on("GET", of_deals, Answer({"results": []}), SALES)
    wanted = ["deals:default:closedwon", "deals:default:gone"]
    assert again(client, PIPELINES, wanted) == ["deals:default:closedwon"]
    assert [asked.path for asked in script.asked] == [of_deals, of_deals]
    assert time.waits == list(WAITS)


def test_properties_that_seem_to_be_gone_are_asked_for_anew(
    script: Script, client: HubSpotClient
) -> None:
    email, phone = {"name": "email", "type": "string"}, {"name": "phone", "type": "string"}
    of_contacts = PROPERTIES_PATH.format("contacts")
    script.on("GET", of_contacts, Answer({"results": [phone]}), Answer({"results": [phone, email]}))
    read(client, PROPERTIES, CONTACTS)
    assert again(client, PROPERTIES, ["contacts:email"]) == ["contacts:email"]


def test_an_object_without_properties_is_asked_again_and_then_an_error(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", PROPERTIES_PATH.format("contacts"), Answer({"results": []}))
    with pytest.raises(ContradictionError, match="no properties at all"):
        read(client, PROPERTIES, CONTACTS)
    assert len(script.asked) == 3


def test_teams_come_with_their_users(script: Script, client: HubSpotClient) -> None:
    team = {"id": "1", "name": "North", "userIds": ["9", "8"], "secondaryUserIds": []}
    script.on("GET", TEAMS_PATH, Answer({"results": [team]}))
    assert rows(client, TEAMS) == [
        STATED
        | {
            "_record_id": "1",
            "team_id": "1",
            "name": "North",
            "user_ids": ["8", "9"],
            "secondary_user_ids": [],
        }
    ]


def test_where_the_settings_are_hidden_owners_tell_their_teams(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", TEAMS_PATH, REFUSED)
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    found = [
        (row["name"], row["user_ids"], row["secondary_user_ids"]) for row in rows(client, TEAMS)
    ]
    assert found == [("North", ["9"], []), ("South", [], ["9"])]
    assert len(script.asked) == 2


def test_a_pipeline_has_a_row_for_each_stage(script: Script, client: HubSpotClient) -> None:
    script.on("GET", PIPELINES_PATH.format("deals"), SALES)
    assert rows(client, PIPELINES, CONTACTS, DEALS) == [
        STATED
        | {
            "_record_id": "deals:default:closedwon",
            "object_type": "deals",
            "pipeline_id": "default",
            "pipeline_label": "Sales",
            "stage_id": "closedwon",
            "stage_label": "Closed won",
            "display_order": 5,
            "is_closed": True,
            "probability": Decimal(1),
            "updated_at": at(3),
        }
    ]


def test_an_object_whose_pipelines_are_hidden_costs_no_other(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", PIPELINES_PATH.format("deals"), SALES)
    script.on("GET", PIPELINES_PATH.format("leads"), REFUSED)
    batch = read(client, PIPELINES, DEALS, LEADS)
    assert (batch.tables["pipelines"].num_rows, batch.whole) == (1, ("deals:",))
    assert "/crm/v3/pipelines/leads" in batch.skipped["pipelines:leads"]


def test_properties_are_told_with_the_values_that_they_may_have(
    script: Script, client: HubSpotClient
) -> None:
    stage = {
        "name": "lifecyclestage",
        "type": "enumeration",
        "label": "Lifecycle stage",
        "fieldType": "radio",
        "groupName": "contactinformation",
        "options": [{"value": "lead", "label": "Lead"}, {"value": "customer", "hidden": True}],
    }
    owner = {"name": "hubspot_owner_id", "type": "enumeration", "externalOptions": True}
    script.on("GET", PROPERTIES_PATH.format("contacts"), Answer({"results": [stage, owner]}))
    told, from_elsewhere = rows(client, PROPERTIES, CONTACTS)
    assert told == STATED | {
        "_record_id": "contacts:lifecyclestage",
        "object_name": "contacts",
        "property_name": "lifecyclestage",
        "label": "Lifecycle stage",
        "type": "enumeration",
        "field_type": "radio",
        "group_name": "contactinformation",
        "is_calculated": False,
        "is_hidden": False,
        "options": ["lead", "customer"],
    }
    assert from_elsewhere["options"] is None


def test_properties_described_a_moment_ago_are_not_asked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", PROPERTIES_PATH.format("contacts"), ONE_PROPERTY)
    client.properties("contacts")
    read(client, PROPERTIES, CONTACTS)
    assert len(script.asked) == 1


def test_what_another_thread_was_told_bears_the_time_when_it_was_told(
    script: Script, client: HubSpotClient
) -> None:
    later = {"Date": "Sun, 22 Nov 2026 10:04:00 GMT"}
    script.on("GET", PROPERTIES_PATH.format("contacts"), ONE_PROPERTY)
    script.on("GET", PROPERTIES_PATH.format("deals"), replace(ONE_PROPERTY, headers=later))
    with ThreadPoolExecutor() as others:
        others.submit(client.properties, "contacts").result()
        others.submit(client.properties, "deals").result()
    batch = read(client, PROPERTIES, CONTACTS)
    assert batch.tables["properties"]["_modified_at"].to_pylist() == [CLOCK]
    assert (batch.cursor, len(script.asked)) == (Cursor(CLOCK, read_at=CLOCK), 2)


def test_properties_described_long_ago_are_asked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    later = {"Date": "Sun, 22 Nov 2026 10:06:00 GMT"}
    of_contacts, of_deals = (PROPERTIES_PATH.format(name) for name in ("contacts", "deals"))
    script.on("GET", of_contacts, ONE_PROPERTY)
    script.on("GET", of_deals, replace(ONE_PROPERTY, headers=later))
    client.properties("contacts")
    read(client, PROPERTIES, DEALS, CONTACTS)
    assert len(script.asked_for(of_contacts)) == 2


def test_forms_are_read_with_archived_ones(script: Script, client: HubSpotClient) -> None:
    form = {"id": "f1", "name": "Demo", "formType": "hubspot", "updatedAt": ADA["updatedAt"]}
    gone = {**form, "id": "f2", "archived": True}
    script.on("GET", "/marketing/v3/forms", by_archive(living=form, archived=gone))
    assert [(row["form_id"], row["is_archived"]) for row in rows(client, FORMS)] == [
        ("f1", False),
        ("f2", True),
    ]


def test_a_list_refused_after_its_first_page_is_an_error(
    script: Script, client: HubSpotClient
) -> None:
    script.on("GET", OWNERS_PATH, Answer({"results": [ADA]}), Answer({}, status=403))
    with pytest.raises(ForbiddenError):
        read(client, OWNERS)


def test_a_page_that_is_none_is_no_empty_list(script: Script, client: HubSpotClient) -> None:
    script.on("GET", OWNERS_PATH, Answer("<html>Down for maintenance</html>"))
    with pytest.raises(UnreadableAnswerError):
        read(client, OWNERS)


def test_a_list_hidden_from_our_key_is_skipped_with_the_scope_it_needs(
    script: Script, client: HubSpotClient
) -> None:
    scopes = [{"context": {"requiredGranularScopes": ["crm.objects.owners.read"]}}]
    refusal = Answer({"category": "MISSING_SCOPES", "errors": scopes}, status=403)
    script.on("GET", OWNERS_PATH, refusal)
    with pytest.raises(SkippedStreamError, match=r"where: owners\).*crm\.objects\.owners\.read"):
        read(client, OWNERS)
