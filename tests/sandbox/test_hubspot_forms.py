from typing import Any

import pytest
import requests

from tests.sandbox.clients import Admin, HubSpot


def test_a_form_of_a_stranger_makes_a_contact(hubspot: HubSpot) -> None:
    answer = hubspot.submit(hubspot.form("Newsletter"), email="New@Visitor.example")
    assert answer.json() == {"inlineMessage": "Thanks for submitting the form."}
    path = "/crm/v3/objects/contacts/new@visitor.example"
    contact = hubspot("GET", path, params={"idProperty": "email"}).json()
    read = hubspot.read(contact["id"], "lifecyclestage", "num_conversion_events")
    assert (read["lifecyclestage"], read["num_conversion_events"]) == ("subscriber", "1")
    [entry] = hubspot.history(contact["id"], "lifecyclestage")
    assert (entry["sourceType"], entry["sourceLabel"]) == ("FORM", "Newsletter")


def test_a_form_of_a_known_person_changes_their_contact(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="customer")
    admin.advance(60)
    hubspot.submit(hubspot.form("Demo request"), email="A@B.example", company="C", unknown="x")
    read = hubspot.read(contact_id, "company", "lifecyclestage", "email")
    del read["createdate"], read["hs_object_id"]
    assert read == {
        "company": "C",
        "email": "a@b.example",
        "lastmodifieddate": "2026-06-30T12:01:00Z",
        "lifecyclestage": "customer",
    }


def test_submissions_come_newest_first_page_by_page(hubspot: HubSpot, admin: Admin) -> None:
    form_id = hubspot.form("Contact us")
    for name in ("a", "b"):
        admin.advance(60)
        hubspot.submit(form_id, email=f"{name}@b.example")
    path = f"/form-integrations/v1/submissions/forms/{form_id}"
    page = hubspot("GET", path, params={"limit": 1}).json()
    rest = hubspot("GET", path, params={"limit": 50, **page["paging"]["next"]}).json()["results"]
    [newest] = page["results"]
    assert newest["values"] == [{"name": "email", "value": "b@b.example", "objectTypeId": "0-1"}]
    assert newest["pageUrl"] == "https://www.sandbox.example/demo"
    stamps = [newest["submittedAt"], *(submission["submittedAt"] for submission in rest)]
    assert stamps == sorted(stamps, reverse=True)
    assert stamps[:2] == [1782820920000, 1782820860000]


def test_a_form_without_an_address_or_of_another_portal_is_refused(hubspot: HubSpot) -> None:
    form_id = hubspot.form("Contact us")
    missing = hubspot.submit(form_id, firstname="A")
    unknown = hubspot.submit("00000000-0000-0000-0000-000000000000", email="a@b.example")
    url = f"{hubspot.url}/submissions/v3/integration/submit/1/{form_id}"
    elsewhere = requests.post(url, json={"fields": []}, timeout=10)
    assert [a.status_code for a in (missing, unknown, elsewhere)] == [400, 404, 404]
    assert missing.json()["errors"][0]["errorType"] == "REQUIRED_FIELD"


def test_fifty_submissions_are_the_most_of_a_page(hubspot: HubSpot) -> None:
    path = f"/form-integrations/v1/submissions/forms/{hubspot.form('Webinar registration')}"
    assert hubspot("GET", path, params={"limit": 51}).status_code == 400


def test_forms_are_listed_page_by_page(hubspot: HubSpot) -> None:
    first = hubspot("GET", "/marketing/v3/forms/", params={"limit": 3}).json()
    params = {"limit": 3, **first["paging"]["next"]}
    rest = hubspot("GET", "/marketing/forms/2026-09", params=params).json()
    names = {form["name"] for form in [*first["results"], *rest["results"]]}
    assert names == {
        "Contact us",
        "Demo request",
        "Newsletter",
        "Webinar registration",
        "Whitepaper download",
    }


def test_archived_forms_have_a_list_of_their_own(hubspot: HubSpot) -> None:
    archived, living = (
        hubspot("GET", "/marketing/v3/forms", params={"archived": flag}).json()["results"]
        for flag in ("true", "false")
    )
    assert archived == []
    assert "Newsletter" in [form["name"] for form in living]


FIELD = {"objectTypeId": "0-1", "name": "city", "label": "City", "required": True}
NEW = {
    "name": "Trial",
    "formType": "hubspot",
    "fieldGroups": [{"groupType": "default_group", "fields": [FIELD | {"fieldType": "text"}]}],
    "configuration": {"lifecycleStages": [{"objectTypeId": "0-1", "value": "opportunity"}]},
    "legalConsentOptions": {"type": "none"},
}
FORMS = "/marketing/v3/forms"


@pytest.fixture
def trial(hubspot: HubSpot) -> dict[str, Any]:
    """A form of our own."""
    answer = hubspot("POST", FORMS, json=NEW)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_form_is_made_with_what_it_asks_and_what_it_makes_of_people(
    hubspot: HubSpot, trial: dict[str, Any]
) -> None:
    assert {key: trial[key] for key in ("name", "fieldGroups")} == {
        key: NEW[key] for key in ("name", "fieldGroups")
    }
    assert trial.keys() == hubspot("GET", FORMS).json()["results"][0].keys()
    refused = hubspot.submit(trial["id"], email="a@b.example")
    assert refused.json()["errors"][0]["message"].endswith("Required field 'city' is missing")
    hubspot.submit(trial["id"], email="a@b.example", city="Bonn").raise_for_status()
    params = {"idProperty": "email", "properties": "city,lifecyclestage"}
    path = "/crm/v3/objects/contacts/a@b.example"
    read = hubspot("GET", path, params=params).json()["properties"]
    assert (read["city"], read["lifecyclestage"]) == ("Bonn", "opportunity")


def test_a_form_is_changed_in_part_or_replaced(
    hubspot: HubSpot, admin: Admin, trial: dict[str, Any]
) -> None:
    admin.advance(60)
    path = f"{FORMS}/{trial['id']}"
    changed = hubspot("PATCH", path, json={"name": "Test"}).json()
    assert changed == {**trial, "name": "Test", "updatedAt": "2026-06-30T12:01:00Z"}
    replaced = hubspot("PUT", path, json={"name": "Test", "formType": "hubspot"}).json()
    assert replaced["fieldGroups"] != trial["fieldGroups"]
    assert hubspot("GET", path).json() == replaced


def test_an_archived_form_takes_nothing_and_its_submissions_stay(
    hubspot: HubSpot, trial: dict[str, Any]
) -> None:
    hubspot.submit(trial["id"], email="a@b.example", city="Bonn")
    assert hubspot("DELETE", f"{FORMS}/{trial['id']}").status_code == 204
    assert hubspot.submit(trial["id"], email="a@b.example", city="Rome").status_code == 404
    path, archived = f"{FORMS}/{trial['id']}", {"archived": "true"}
    read = [hubspot("GET", path, params=params) for params in ({}, archived)]
    [gone] = hubspot("GET", FORMS, params={"archived": "true"}).json()["results"]
    assert ([a.status_code for a in read], gone["archived"]) == ([404, 200], True)
    path = f"/form-integrations/v1/submissions/forms/{trial['id']}"
    assert len(hubspot("GET", path).json()["results"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"formType": "captured"},
        {"name": ""},
        {"fieldGroups": [{"fields": [FIELD | {"name": "nope"}]}]},
        {"configuration": {"lifecycleStages": [{"objectTypeId": "0-1", "value": "nope"}]}},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(hubspot: HubSpot, change: Any) -> None:
    assert hubspot("POST", FORMS, json=NEW | change).status_code == 400


def test_comments_on_a_blog_have_a_form_whose_submissions_can_not_be_read(
    hubspot: HubSpot, admin: Admin
) -> None:
    of_blogs = {"formTypes": "blog_comment"}
    assert hubspot("GET", FORMS, params=of_blogs).json() == {"results": []}
    admin.setting(hubspot_has_blog=True)
    [blog] = hubspot("GET", FORMS, params=of_blogs).json()["results"]
    everything = hubspot("GET", FORMS, params={"formTypes": "all"}).json()["results"]
    assert (len(everything), everything[-1]) == (6, blog)
    assert hubspot("GET", f"{FORMS}/{blog['id']}").json() == blog
    answer = hubspot("GET", f"/form-integrations/v1/submissions/forms/{blog['id']}")
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["errorType"]) == (400, "FORM_TYPE_NOT_ALLOWED")


def test_the_secure_path_wants_a_key(hubspot: HubSpot) -> None:
    form_id = hubspot.form("Newsletter")
    path = f"/submissions/v3/integration/secure/submit/24681357/{form_id}"
    body = {
        "submittedAt": 1782820000000,
        "fields": [{"name": "email", "value": "a@b.example"}, {"name": "hidden", "value": "x"}],
        "legalConsentOptions": {"consent": {"consentToProcess": True, "text": "I agree"}},
    }
    open_answer = requests.post(hubspot.url + path, json=body, timeout=10)
    assert [open_answer.status_code, hubspot("POST", path, json=body).status_code] == [401, 200]
    listed = hubspot("GET", f"/form-integrations/v1/submissions/forms/{form_id}").json()["results"]
    [told] = [one for one in listed if one["submittedAt"] == body["submittedAt"]]
    assert [value["name"] for value in told["values"]] == ["email", "hidden"]
