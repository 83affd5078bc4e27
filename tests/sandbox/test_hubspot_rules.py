"""Rules of the portal itself, which bind every write since version 2026-09."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes

DATED = "/crm/objects/2026-09/contacts"
ON_CREATION = {"object": "contacts", "properties": ["firstname", "lastname"]}
OF_CUSTOMERS = {
    "object": "contacts",
    "properties": ["phone"],
    "when": {"lifecyclestage": ["customer"], "hs_lead_status": ["OPEN", "NEW"]},
}


def create(hubspot: HubSpot, **properties: str) -> Any:
    return hubspot("POST", DATED, json={"properties": properties})


def patch(hubspot: HubSpot, contact_id: str, **properties: str) -> Any:
    return hubspot("PATCH", f"{DATED}/{contact_id}", json={"properties": properties})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (CONTACTS, 201),
        ("/crm/objects/2025-09/contacts", 201),
        ("/crm/objects/2026-03/contacts", 201),
        (DATED, 400),
        ("/crm/objects/2026-09-beta/contacts", 400),
    ],
)
def test_rules_bind_the_api_from_2026_09_on(
    hubspot: HubSpot, admin: Admin, path: str, status: int
) -> None:
    admin.setting(hubspot_required_properties=[ON_CREATION])
    body = {"properties": {"email": "a@b.example"}}
    batch = hubspot("POST", f"{path}/batch/create", json={"inputs": [body]})
    assert (
        batch.status_code,
        hubspot.submit(hubspot.form("Newsletter"), email="b@b.example").status_code,
    ) == (status, 200)


def test_rules_always_bind_people(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example", hs_lead_status="NEW")
    admin.setting(hubspot_required_properties=[OF_CUSTOMERS])
    values = {"lifecyclestage": "customer"}
    edit = {"crm": "hubspot", "record_id": contact_id, "values": values, "user": 0}
    assert admin("POST", "edits", edit).status_code == 400
    assert hubspot.patch(contact_id, **values).status_code == 200


def test_a_stricter_portal_binds_every_version(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_required_properties=[ON_CREATION], hubspot_rules_on_every_version=True)
    body = {"properties": {"email": "a@b.example"}}
    assert hubspot("POST", CONTACTS, json=body).status_code == 400


def test_a_portal_may_require_properties_of_every_new_record(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin.setting(hubspot_required_properties=[ON_CREATION])
    refused = create(hubspot, email="a@b.example", firstname="Ada")
    assert codes(refused) == [("REQUIRED_PROPERTY_MISSING", "lastname")]
    assert refused.json()["context"] == {"properties": ["lastname"]}
    made = create(hubspot, email="a@b.example", firstname="Ada", lastname="B")
    assert patch(hubspot, made.json()["id"], lastname="").status_code == 200


def test_a_portal_may_require_properties_of_records_in_a_state(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example", hs_lead_status="NEW")
    admin.setting(hubspot_required_properties=[OF_CUSTOMERS])
    refused = patch(hubspot, contact_id, lifecyclestage="customer")
    assert codes(refused) == [("REQUIRED_PROPERTY_MISSING", "phone")]
    assert hubspot.read(contact_id, "lifecyclestage")["lifecyclestage"] == "lead"
    assert patch(hubspot, contact_id, lifecyclestage="customer", phone="1").status_code == 200
    assert patch(hubspot, contact_id, phone="").status_code == 400


def test_a_rule_binds_what_a_new_record_becomes_by_default(hubspot: HubSpot, admin: Admin) -> None:
    of_leads = {**OF_CUSTOMERS, "when": {"lifecyclestage": ["lead"]}}
    admin.setting(hubspot_required_properties=[of_leads])
    refused = create(hubspot, email="a@b.example")
    assert codes(refused) == [("REQUIRED_PROPERTY_MISSING", "phone")]
    assert create(hubspot, email="a@b.example", lifecyclestage="subscriber").status_code == 201


def test_the_first_moment_of_1970_is_a_value(hubspot: HubSpot, admin: Admin) -> None:
    dated = {"object": "deals", "properties": ["closedate"]}
    admin.setting(hubspot_required_properties=[dated])
    values = {"dealname": "D", "dealstage": "closedwon", "closedate": "1970-01-01T00:00:00Z"}
    made = hubspot("POST", "/crm/objects/2026-09/deals", json={"properties": values})
    without = hubspot("POST", "/crm/objects/2026-09/deals", json={"properties": {"dealname": "D"}})
    assert (made.status_code, without.status_code) == (201, 400)


def test_a_rule_of_one_object_leaves_others_alone(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_required_properties=[{"object": "deals", "properties": ["amount"]}])
    assert create(hubspot, email="a@b.example").status_code == 201


@pytest.mark.parametrize("rule", [{"object": "contacts"}, {**ON_CREATION, "unless": {}}, "x"])
def test_a_rule_of_another_shape_is_no_setting(admin: Admin, rule: Any) -> None:
    assert admin("PATCH", "settings", {"hubspot_required_properties": [rule]}).status_code == 400
