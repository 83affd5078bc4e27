"""Lifecycle stages and the properties that tell when a record was in each of them."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot, codes

STAGES = "/crm/v3/properties/contacts/lifecyclestage"
CUSTOM = "2444598513"


@pytest.fixture
def traveller(hubspot: HubSpot, admin: Admin) -> str:
    """A contact: a lead for a minute, a customer for two, then a lead again."""
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="lead")
    for seconds, stages in ((60, ("customer",)), (120, ("", "lead"))):
        admin.advance(seconds)
        for stage in stages:
            hubspot.patch(contact_id, lifecyclestage=stage)
    admin.advance(30)
    return contact_id


TIMES = {
    "hs_v2_date_entered_lead": "2026-06-30T12:03:00Z",
    "hs_v2_date_exited_lead": "2026-06-30T12:01:00Z",
    "hs_v2_latest_time_in_lead": "30",
    "hs_v2_cumulative_time_in_lead": "90",
    "hs_v2_date_entered_customer": "2026-06-30T12:01:00Z",
    "hs_v2_date_exited_customer": "2026-06-30T12:03:00Z",
    "hs_v2_latest_time_in_customer": "120",
    "hs_v2_date_entered_opportunity": None,
    "hs_v2_cumulative_time_in_opportunity": None,
    "hs_v2_date_entered_current_stage": "2026-06-30T12:03:00Z",
    "hs_v2_time_in_current_stage": "30",
}


def test_stage_times_are_of_the_latest_visit_or_of_all(hubspot: HubSpot, traveller: str) -> None:
    found = hubspot.read(traveller, *TIMES)
    assert {name: found[name] for name in TIMES} == TIMES


def test_stage_times_pass_without_a_change_of_the_contact(
    hubspot: HubSpot, admin: Admin, traveller: str
) -> None:
    admin.advance(70)
    found = hubspot.read(traveller, "hs_v2_time_in_current_stage")
    assert found["hs_v2_time_in_current_stage"] == "100"
    assert found["lastmodifieddate"] == "2026-06-30T12:03:00Z"


@pytest.mark.parametrize(
    ("name", "is_calculated"),
    [("hs_v2_date_entered_lead", False), ("hs_v2_cumulative_time_in_lead", True)],
)
def test_the_dates_of_stages_do_not_call_themselves_calculated(
    hubspot: HubSpot, name: str, is_calculated: bool
) -> None:
    known = hubspot("GET", f"/crm/v3/properties/contacts/{name}").json()
    told = (known["calculated"], known["modificationMetadata"]["readOnlyValue"])
    assert told == (is_calculated, True)
    [contact] = hubspot.contacts(1)
    assert codes(hubspot.patch(contact["id"], **{name: "1"})) == [("READ_ONLY_VALUE", name)]


def options(hubspot: HubSpot) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hubspot("GET", STAGES).json()["options"]
    return found


def set_options(hubspot: HubSpot, values: list[str]) -> None:
    """Put the stages into an order."""
    listed = [
        {"label": f"Stage {value}", "value": value, "displayOrder": place, "hidden": False}
        for place, value in enumerate(values)
    ]
    hubspot("PATCH", STAGES, json={"options": listed}).raise_for_status()


def test_a_custom_stage_has_a_number_a_place_and_times_of_its_own(hubspot: HubSpot) -> None:
    values = [option["value"] for option in options(hubspot)]
    set_options(hubspot, [*values[:2], CUSTOM, *values[2:]])
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="lead")
    for stage, held in ((CUSTOM, CUSTOM), ("lead", CUSTOM), ("customer", "customer")):
        assert hubspot.patch(contact_id, lifecyclestage=stage).status_code == 200
        assert hubspot.read(contact_id, "lifecyclestage")["lifecyclestage"] == held
    name = f"hs_v2_date_entered_{CUSTOM}"
    assert hubspot.read(contact_id, name)[name] == "2026-06-30T12:00:00Z"
    assert hubspot("GET", f"/crm/v3/properties/contacts/{name}").status_code == 200


def test_stages_are_in_the_order_that_the_account_gave_them(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="customer")
    set_options(hubspot, [option["value"] for option in reversed(options(hubspot))])
    hubspot.patch(contact_id, lifecyclestage="lead")
    assert hubspot.read(contact_id, "lifecyclestage")["lifecyclestage"] == "lead"


def test_clearing_and_setting_in_one_batch_is_refused(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="customer")
    inputs = [{"id": contact_id, "properties": {"lifecyclestage": s}} for s in ("", "lead")]
    assert hubspot.batch("update", inputs).status_code == 400


def test_times_of_a_deals_stages_are_read_by_name_but_listed_nowhere(
    hubspot: HubSpot, admin: Admin
) -> None:
    deals = "/crm/v3/objects/deals"
    body = {"properties": {"dealname": "A", "dealstage": "qualifiedtobuy"}}
    deal_id = hubspot("POST", deals, json=body).json()["id"]
    admin.advance(60)
    won = {"properties": {"dealstage": "closedwon"}}
    hubspot("PATCH", f"{deals}/{deal_id}", json=won)
    names = ("hs_v2_date_entered_closedwon", "hs_v2_latest_time_in_qualifiedtobuy")
    params = {"properties": ",".join(names)}
    found = hubspot("GET", f"{deals}/{deal_id}", params=params).json()["properties"]
    assert [found[name] for name in names] == ["2026-06-30T12:01:00Z", "60"]
    listed = hubspot("GET", "/crm/v3/properties/deals").json()["results"]
    assert not {entry["name"] for entry in listed} & set(names)
