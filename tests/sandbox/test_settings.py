"""Settings: what is refused, so that what is accepted can be kept to."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot


def refused(admin: Admin, **changes: Any) -> bool:
    before = admin("GET", "settings").json()
    answer = admin("PATCH", "settings", changes)
    assert admin("GET", "settings").json() == before
    return answer.status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "hubspot_association_page_size",
        "hubspot_association_inputs",
        "hubspot_owner_page_size",
        "hubspot_access_token_seconds",
        "salesforce_token_seconds",
        "salesforce_page_size",
        "salesforce_bulk_page_size",
        "salesforce_bulk_batch_rows",
        "salesforce_recycle_bin_days",
    ],
)
def test_sizes_and_spans_are_at_least_one(admin: Admin, name: str) -> None:
    assert refused(admin, **{name: 0})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hubspot_daily_limit", -1),
        ("salesforce_long_request_seconds", -0.5),
        ("hubspot_search_lag_seconds", 10**12),
        ("salesforce_recycle_bin_days", 10**6),
        ("salesforce_page_size", 2_001),
        ("hubspot_malformed_token_status", 5),
    ],
)
def test_numbers_have_a_range(admin: Admin, name: str, value: float) -> None:
    assert refused(admin, **{name: value})


@pytest.mark.parametrize("name", ["hubspot_retry_after", "salesforce_bulk_content_type"])
@pytest.mark.parametrize("value", ["a\r\nb", "10 €", "\x00"])
def test_what_becomes_a_header_has_no_line_breaks(admin: Admin, name: str, value: str) -> None:
    assert refused(admin, **{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hubspot_withheld_scopes", ["crm.objects.contact.read"]),
        ("hubspot_withheld_scopes", [5]),
        ("hubspot_withheld_scopes", [[]]),
        ("hubspot_hidden_objects", ["contact"]),
        ("hubspot_hidden_objects", [5]),
        ("hubspot_unbought_objects", ["butterflies"]),
        ("hubspot_required_properties", [{"object": "contact", "properties": ["city"]}]),
        ("hubspot_required_properties", [{"object": "contacts", "properties": ["nope"]}]),
        (
            "hubspot_required_properties",
            [{"object": "contacts", "properties": ["city"], "when": {"nope": ["x"]}}],
        ),
        ("hubspot_required_properties", [{"object": "contacts"}]),
        ("hubspot_new_contact_stage", "nope"),
        ("hubspot_time_zone", "Mars/Olympus"),
    ],
)
def test_names_are_those_of_something(admin: Admin, name: str, value: Any) -> None:
    assert refused(admin, **{name: value})


def test_objects_and_properties_of_the_accounts_own_have_names_too(
    admin: Admin, hubspot: HubSpot
) -> None:
    schema = {
        "name": "cars",
        "labels": {"singular": "Car", "plural": "Cars"},
        "properties": [{"name": "vin", "label": "VIN"}],
    }
    hubspot("POST", "/crm-object-schemas/v3/schemas", json=schema).raise_for_status()
    rule = {"object": "p24681357_cars", "properties": ["vin"]}
    admin.setting(hubspot_required_properties=[rule], hubspot_hidden_objects=["p24681357_cars"])
    assert hubspot("GET", "/crm/v3/objects/cars").status_code == 403


def test_nothing_of_a_change_is_kept_when_a_part_of_it_is_refused(admin: Admin) -> None:
    assert refused(admin, hubspot_history_entries=3, hubspot_hidden_objects=["nope"])


def test_a_new_contact_begins_in_the_stage_of_the_setting(admin: Admin, hubspot: HubSpot) -> None:
    stages = []
    for stage in ("subscriber", ""):
        admin.setting(hubspot_new_contact_stage=stage)
        contact = hubspot.create(email=f"a{stage}@b.example")
        stages.append(hubspot.read(contact, "lifecyclestage")["lifecyclestage"])
    assert stages == ["subscriber", None]


def test_a_shorter_address_can_be_too_long(admin: Admin, hubspot: HubSpot) -> None:
    names = ",".join(["city"] * 400)
    statuses = [hubspot("GET", CONTACTS, params={"properties": names}).status_code]
    admin.setting(hubspot_uri_limit=1_000)
    statuses.append(hubspot("GET", CONTACTS, params={"properties": names}).status_code)
    assert statuses == [200, 414]


def test_a_batch_of_associations_has_the_inputs_of_the_setting(
    admin: Admin, hubspot: HubSpot
) -> None:
    admin.setting(hubspot_association_inputs=1)
    contact = hubspot.create(email="a@b.example")
    inputs = [{"from": {"id": contact}, "to": {"id": str(number)}} for number in (1, 2)]
    path = "/crm/v4/associations/contacts/companies/batch/associate/default"
    answers = [hubspot("POST", path, json={"inputs": inputs[:size]}) for size in (1, 2)]
    assert [answer.status_code for answer in answers] == [207, 400]
