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
