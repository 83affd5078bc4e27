"""Rules of the portal itself, which bind every write since version 2026-09."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes

ON_CREATION = {"object": "contacts", "properties": ["firstname", "lastname"]}
OF_CUSTOMERS = {
    "object": "contacts",
    "properties": ["phone"],
    "when": {"lifecyclestage": ["customer"], "hs_lead_status": ["OPEN", "NEW"]},
}


def create(hubspot: HubSpot, **properties: str) -> Any:
    return hubspot("POST", CONTACTS, json={"properties": properties})


def test_a_portal_may_require_properties_of_every_new_record(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin.setting(hubspot_required_properties=[ON_CREATION])
    refused = create(hubspot, email="a@b.example", firstname="Ada")
    assert codes(refused) == [("REQUIRED_PROPERTY_MISSING", "lastname")]
    assert refused.json()["context"] == {"properties": ["lastname"]}
    made = create(hubspot, email="a@b.example", firstname="Ada", lastname="B")
    assert hubspot.patch(made.json()["id"], lastname="").status_code == 200


def test_a_portal_may_require_properties_of_records_in_a_state(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example", hs_lead_status="NEW")
    admin.setting(hubspot_required_properties=[OF_CUSTOMERS])
    refused = hubspot.patch(contact_id, lifecyclestage="customer")
    assert codes(refused) == [("REQUIRED_PROPERTY_MISSING", "phone")]
    assert hubspot.read(contact_id, "lifecyclestage")["lifecyclestage"] == "lead"
    assert hubspot.patch(contact_id, lifecyclestage="customer", phone="1").status_code == 200
    assert hubspot.patch(contact_id, phone="").status_code == 400


def test_a_rule_of_one_object_leaves_others_alone(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_required_properties=[{**ON_CREATION, "object": "deals"}])
    assert create(hubspot, email="a@b.example").status_code == 201


@pytest.mark.parametrize("rule", [{"object": "contacts"}, {**ON_CREATION, "unless": {}}, "x"])
def test_a_rule_of_another_shape_is_no_setting(admin: Admin, rule: Any) -> None:
    assert admin("PATCH", "settings", {"hubspot_required_properties": [rule]}).status_code == 400
