from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot


def codes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    return [(e["code"], e["context"]["propertyName"][0]) for e in answer.json()["errors"]]


def test_a_created_contact_gets_the_stage_of_new_contacts(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="New@B.example")
    read = hubspot.read(contact_id, "email", "lifecyclestage", "hs_email_domain")
    found = {name: read[name] for name in ("email", "lifecyclestage", "hs_email_domain")}
    assert found == {
        "email": "new@b.example",
        "lifecyclestage": "lead",
        "hs_email_domain": "b.example",
    }


def test_an_address_that_exists_is_a_conflict(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    other = hubspot.create(email="c@d.example")
    answers = [
        hubspot("POST", "/crm/v3/objects/contacts", json={"properties": {"email": "A@b.example"}}),
        hubspot.patch(other, email="a@b.example"),
    ]
    message = f"Contact already exists. Existing ID: {contact_id}"
    assert [(a.status_code, a.json()["message"]) for a in answers] == [(409, message)] * 2


def test_every_bad_value_is_named_at_once(hubspot: HubSpot) -> None:
    [contact] = hubspot.contacts(1)
    values = {"nope": "1", "hs_object_id": "1", "hs_lead_status": "Nope", "email": "nobody"}
    assert codes(hubspot.patch(contact["id"], **values)) == [
        ("PROPERTY_DOESNT_EXIST", "nope"),
        ("READ_ONLY_VALUE", "hs_object_id"),
        ("INVALID_OPTION", "hs_lead_status"),
        ("INVALID_EMAIL", "email"),
    ]


@pytest.mark.parametrize(
    ("kind", "field_type", "value", "code"),
    [
        ("number", "number", "many", "INVALID_INTEGER"),
        ("number", "number", "1e-14", "INVALID_INTEGER"),
        ("datetime", "date", "2026-13-01", "INVALID_LONG"),
        ("date", "date", "soon", "INVALID_DATE"),
        ("bool", "booleancheckbox", "perhaps", "INVALID_OPTION"),
        ("string", "text", "x" * 65_537, "PROPERTY_VALUE_TOO_LONG"),
    ],
)
def test_a_value_of_another_type_is_refused(
    hubspot: HubSpot, kind: str, field_type: str, value: str, code: str
) -> None:
    body = {"name": "mine", "label": "Mine", "type": kind, "fieldType": field_type}
    body["groupName"] = "contactinformation"
    assert hubspot("POST", "/crm/v3/properties/contacts", json=body).status_code == 201
    [contact] = hubspot.contacts(1)
    assert codes(hubspot.patch(contact["id"], mine=value)) == [(code, "mine")]


@pytest.mark.parametrize("value", ["1777620337123", "2026-05-01T07:25:37.123Z"])
def test_a_datetime_may_be_milliseconds_or_iso(hubspot: HubSpot, value: str) -> None:
    body = {"name": "mine", "label": "Mine", "type": "datetime", "fieldType": "date"}
    body["groupName"] = "contactinformation"
    hubspot("POST", "/crm/v3/properties/contacts", json=body)
    contact_id = hubspot.create(email="a@b.example", mine=value)
    assert hubspot.read(contact_id, "mine")["mine"] == "2026-05-01T07:25:37.123Z"


def test_a_stage_goes_back_only_by_way_of_an_empty_one(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="customer")
    seen = []
    for stage in ("lead", "", "lead", "opportunity"):
        assert hubspot.patch(contact_id, lifecyclestage=stage).status_code == 200
        seen.append(hubspot.read(contact_id, "lifecyclestage")["lifecyclestage"])
    assert seen == ["customer", None, "lead", "opportunity"]


def test_a_stage_that_was_passed_over_leaves_no_trace(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="customer")
    admin.advance(60)
    hubspot.patch(contact_id, lifecyclestage="lead")
    assert hubspot.read(contact_id)["lastmodifieddate"] == "2026-06-30T12:00:00Z"


def test_history_comes_newest_first_and_says_who_changed_what(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example", hs_lead_status="NEW")
    admin.advance(60)
    hubspot.patch(contact_id, hs_lead_status="OPEN")
    edit = {"crm": "hubspot", "record_id": contact_id, "user": 1}
    admin("POST", "edits", {**edit, "values": {"hs_lead_status": "UNQUALIFIED"}})
    history = hubspot.history(contact_id, "hs_lead_status")
    assert [entry["value"] for entry in history] == ["UNQUALIFIED", "OPEN", "NEW"]
    assert [entry["sourceType"] for entry in history] == ["CRM_UI", "INTEGRATION", "INTEGRATION"]
    assert (history[0]["updatedByUserId"], history[1]["timestamp"]) == (
        9100002,
        "2026-06-30T12:01:00Z",
    )


def test_an_equal_value_makes_no_history_but_moves_the_stamp(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example", company="B")
    admin.advance(60)
    answer = hubspot.patch(contact_id, company="B").json()
    assert answer["updatedAt"] == "2026-06-30T12:01:00Z"
    assert len(hubspot.history(contact_id, "company")) == 1


def test_a_null_changes_nothing_and_an_empty_text_clears(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", company="B", city="C")
    hubspot.patch(contact_id, company=None, city="")
    assert (hubspot.read(contact_id, "company", "city")["company"]) == "B"
    assert hubspot.read(contact_id, "city")["city"] is None


def test_a_batch_update_changes_what_it_finds_and_tells_the_rest(hubspot: HubSpot) -> None:
    ids = [contact["id"] for contact in hubspot.contacts(2)]
    inputs = [{"id": known, "properties": {"city": "Oslo"}} for known in [*ids, "1"]]
    answer = hubspot.batch("update", inputs)
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert {hubspot.read(known, "city")["city"] for known in ids} == {"Oslo"}


def test_one_bad_value_refuses_the_whole_batch(hubspot: HubSpot) -> None:
    first, second = (contact["id"] for contact in hubspot.contacts(2))
    inputs = [
        {"id": first, "properties": {"city": "Oslo"}},
        {"id": second, "properties": {"nope": "1"}},
    ]
    assert codes(hubspot.batch("update", inputs)) == [("PROPERTY_DOESNT_EXIST", "nope")]
    assert hubspot.read(first, "city")["city"] != "Oslo"


def test_a_batch_update_goes_by_record_id_only(hubspot: HubSpot) -> None:
    entry = {"id": "a@b.example", "idProperty": "email", "properties": {"city": "Oslo"}}
    answer = hubspot.batch("update", [entry])
    message = "Unable to perform update/upsert by non-unique 0-1 property"
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_batch_creates_all_or_none_and_archives(hubspot: HubSpot) -> None:
    inputs = [{"properties": {"email": f"{name}@b.example"}} for name in ("a", "b")]
    created = hubspot.batch("create", inputs)
    assert created.status_code == 201
    again = hubspot.batch("create", [{"properties": {"email": "c@b.example"}}, inputs[0]])
    assert again.status_code == 409
    ids = [{"id": contact["id"]} for contact in created.json()["results"]]
    assert hubspot.batch("archive", ids).status_code == 204
    assert hubspot.search().json()["total"] == len(hubspot.contacts(100))
    assert hubspot.batch("read", ids).json()["results"] == []


def test_an_owner_must_exist(hubspot: HubSpot) -> None:
    [contact] = hubspot.contacts(1)
    assert codes(hubspot.patch(contact["id"], hubspot_owner_id="1")) == [
        ("INVALID_OPTION", "hubspot_owner_id")
    ]
