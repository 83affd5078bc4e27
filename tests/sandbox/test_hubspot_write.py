from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes


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
    assert seen == ["customer", "", "lead", "opportunity"]


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
    answer = hubspot.patch(contact_id, company=None, city="")
    assert answer.json()["properties"]["city"] == ""
    read = hubspot.read(contact_id, "company", "city", "jobtitle")
    assert [read[name] for name in ("company", "city", "jobtitle")] == ["B", "", None]


def test_an_owner_must_exist(hubspot: HubSpot) -> None:
    [contact] = hubspot.contacts(1)
    assert codes(hubspot.patch(contact["id"], hubspot_owner_id="1")) == [
        ("INVALID_OPTION", "hubspot_owner_id")
    ]


def test_an_account_may_show_cleared_values_as_null(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_cleared_values_are_empty=False)
    contact_id = hubspot.create(email="a@b.example", city="C")
    hubspot.patch(contact_id, city="")
    assert hubspot.read(contact_id, "city")["city"] is None


def test_clearing_twice_makes_one_line_of_history(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", city="C")
    for _ in range(2):
        hubspot.patch(contact_id, city="")
    assert [entry["value"] for entry in hubspot.history(contact_id, "city")] == ["", "C"]


def define(hubspot: HubSpot, kind: str, field_type: str, **more: Any) -> None:
    """Make a contact property called mine."""
    body = {"name": "mine", "label": "Mine", "type": kind, "fieldType": field_type, **more}
    body["groupName"] = "contactinformation"
    assert hubspot("POST", "/crm/v3/properties/contacts", json=body).status_code == 201


@pytest.mark.parametrize("value", ["2026-05-01", "1777593600000"])
def test_a_date_is_a_day_or_the_milliseconds_of_its_midnight(hubspot: HubSpot, value: str) -> None:
    define(hubspot, "date", "date")
    assert hubspot.read(hubspot.create(mine=value), "mine")["mine"] == "2026-05-01"


def test_milliseconds_that_are_no_midnight_are_no_date(hubspot: HubSpot) -> None:
    define(hubspot, "date", "date")
    answer = hubspot("POST", CONTACTS, json={"properties": {"mine": "1777620337123"}})
    assert codes(answer) == [("INVALID_DATE", "mine")]
    message = answer.json()["errors"][0]["message"]
    assert message == "1777620337123 is at 7:25:37.123 UTC, not midnight!"


def test_checkboxes_take_several_options_and_add_behind_a_semicolon(hubspot: HubSpot) -> None:
    options = [{"label": name, "value": name} for name in ("a", "b", "c")]
    define(hubspot, "enumeration", "checkbox", options=options)
    contact_id = hubspot.create(mine="a;b")
    hubspot.patch(contact_id, mine=";c;a")
    assert hubspot.read(contact_id, "mine")["mine"] == "a;b;c"
    assert codes(hubspot.patch(contact_id, mine="a;d")) == [("INVALID_OPTION", "mine")]


def test_a_boolean_is_a_text_in_answers(hubspot: HubSpot) -> None:
    define(hubspot, "bool", "booleancheckbox")
    contact_id = hubspot.create(mine=True)
    assert hubspot.read(contact_id, "mine")["mine"] == "true"


def test_a_phone_number_is_any_text(hubspot: HubSpot) -> None:
    assert hubspot.read(hubspot.create(phone="call me"), "phone")["phone"] == "call me"


def test_a_value_that_is_unique_is_refused_on_a_second_record(hubspot: HubSpot) -> None:
    define(hubspot, "string", "text", hasUniqueValue=True)
    first, second = hubspot.create(mine="x"), hubspot.create(mine="y")
    answer = hubspot.patch(second, mine="x")
    assert codes(answer) == [("CONFLICTING_UNIQUE_VALUE", "mine")]
    assert answer.json()["errors"][0]["message"].endswith(f"{first} already has that value.")
    assert hubspot.patch(first, mine="x", city="Oslo").status_code == 200


def test_records_are_read_and_changed_by_a_unique_value(hubspot: HubSpot) -> None:
    define(hubspot, "string", "text", hasUniqueValue=True)
    contact_id = hubspot.create(mine="x", email="a@b.example")
    for name, value in (("mine", "x"), ("email", "A@b.example"), ("hs_object_id", contact_id)):
        path, params = f"{CONTACTS}/{value}", {"idProperty": name}
        body = {"properties": {"city": name}}
        assert hubspot("PATCH", path, params=params, json=body).json()["id"] == contact_id
        assert (
            hubspot("GET", path, params={**params, "properties": "city"}).json()["properties"][
                "city"
            ]
            == name
        )


def test_a_property_that_is_not_unique_identifies_nobody(hubspot: HubSpot) -> None:
    answer = hubspot("GET", f"{CONTACTS}/Oslo", params={"idProperty": "city"})
    message = "Unable to perform update/upsert by non-unique 0-1 property city"
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_an_additional_address_is_nobody_elses_either(hubspot: HubSpot) -> None:
    hubspot.create(email="a@b.example", hs_additional_emails="c@d.example")
    other = hubspot.create(email="e@f.example")
    assert hubspot.patch(other, hs_additional_emails="x@y.example;C@D.example").status_code == 409


def test_a_change_of_nobody_is_not_found_in_json(hubspot: HubSpot) -> None:
    answer = hubspot.patch("1", city="Oslo")
    assert (answer.status_code, answer.json()["message"]) == (404, "resource not found")


def test_archiving_what_is_not_there_is_no_error(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    answers = [hubspot("DELETE", f"{CONTACTS}/{known}") for known in (contact_id, contact_id, "1")]
    assert [answer.status_code for answer in answers] == [204] * 3


def test_a_creation_answers_with_what_the_contact_holds(hubspot: HubSpot) -> None:
    answer = hubspot("POST", CONTACTS, json={"properties": {"email": "a@b.example"}}).json()
    contact_id, now = answer["id"], "2026-06-30T12:00:00Z"
    assert answer["properties"] == {
        "createdate": now,
        "email": "a@b.example",
        "hs_all_contact_vids": contact_id,
        "hs_email_domain": "b.example",
        "hs_is_contact": "true",
        "hs_object_id": contact_id,
        "hs_pipeline": "contacts-lifecycle-pipeline",
        "lastmodifieddate": now,
        "lifecyclestage": "lead",
    }


def test_a_change_answers_with_what_was_written_and_a_few_of_hubspots_own(
    hubspot: HubSpot,
) -> None:
    contact_id = hubspot.create(email="a@b.example", city="Oslo")
    assert sorted(hubspot.patch(contact_id, company="B").json()["properties"]) == [
        "company",
        "createdate",
        "hs_email_domain",
        "hs_object_id",
        "lastmodifieddate",
    ]


def test_an_account_may_show_only_the_newest_entries_of_a_history(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example", city="A")
    for city in ("B", "C"):
        hubspot.patch(contact_id, city=city)
    admin.setting(hubspot_history_entries=2)
    assert [entry["value"] for entry in hubspot.history(contact_id, "city")] == ["C", "B"]
