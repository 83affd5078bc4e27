import pytest
import requests

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, Salesforce
from tests.sandbox.salesforce_records import make, values


def test_the_clock_stands_still_until_moved_and_every_date_header_shows_it(admin: Admin) -> None:
    assert admin("GET", "clock").json() == {"now": "2026-06-30T12:00:00Z"}
    moved = admin("POST", "clock", {"now": "2026-07-01T00:00:00+02:00"})
    assert moved.json() == {"now": "2026-06-30T22:00:00Z"}
    for path in ("/services/data", CONTACTS, "/ui/", "/__sandbox/calls"):
        answer = requests.get(admin.url + path, timeout=10)
        assert answer.headers["Date"] == "Tue, 30 Jun 2026 22:00:00 GMT"


def test_headers_have_the_capitals_of_the_real_ones(hubspot: HubSpot) -> None:
    raw = [*hubspot("GET", CONTACTS, params={"limit": 1}).raw.headers]
    assert {"Content-Type", "Date", "X-HubSpot-RateLimit-Daily", "X-HubSpot-Correlation-Id"} <= {
        *raw
    }


def test_the_clock_does_not_go_back(admin: Admin) -> None:
    refused = [
        admin("POST", "clock", body)
        for body in ({"now": "2026-01-01T00:00:00Z"}, {"advance_seconds": -1}, {"now": "soon"}, {})
    ]
    assert [answer.status_code for answer in refused] == [400] * 4
    assert admin("GET", "clock").json() == {"now": "2026-06-30T12:00:00Z"}


def test_calls_are_counted_by_crm_and_kind(
    admin: Admin, hubspot: HubSpot, salesforce: Salesforce
) -> None:
    admin("POST", "calls/reset")
    hubspot.contacts(1)
    hubspot.search()
    hubspot.create(email="a@b.example")
    salesforce.lead_ids(1)
    salesforce.update({"id": "x"})
    assert admin("GET", "calls").json() == {
        "hubspot": {"read": 1, "write": 1, "search": 1, "auth": 0},
        "salesforce": {"read": 1, "write": 1, "search": 0, "auth": 0},
    }


def test_the_dump_is_the_same_twice_and_holds_no_secret(
    admin: Admin, hubspot: HubSpot, salesforce: Salesforce
) -> None:
    text = admin("GET", "dump").text
    hubspot.contacts(5)
    salesforce.lead_ids(5)
    assert admin("GET", "dump").text == text
    secrets = [*salesforce.login, str(hubspot.session.headers["Authorization"])[7:]]
    assert not any(secret in text for secret in secrets)


def test_settings_are_named_and_typed(admin: Admin) -> None:
    wrong = [{"nope": 1}, {"hubspot_daily_limit": "many"}, {"salesforce_assigns_leads": 1}]
    answers = [admin("PATCH", "settings", body) for body in wrong]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert admin("GET", "settings").json()["hubspot_daily_limit"] == 650_000


def test_a_person_can_edit_a_lead(admin: Admin, salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    edit = {"crm": "salesforce", "record_id": lead_id, "user": 2, "values": {"Title": "CEO"}}
    assert admin("POST", "edits", edit).json() == {"edited": lead_id}
    lead = salesforce.lead(lead_id)
    user = salesforce("GET", f"sobjects/User/{lead['LastModifiedById']}").json()
    assert (lead["Title"], user["Name"]) == ("CEO", "Miguel Prado")


def test_an_edit_that_the_crm_refuses_is_refused(admin: Admin, salesforce: Salesforce) -> None:
    edit = {"crm": "salesforce", "record_id": salesforce.lead_ids(1)[0], "user": 2}
    answer = admin("POST", "edits", {**edit, "values": {"Status": "Nope"}})
    assert (answer.status_code, "restricted picklist" in answer.text) == (400, True)


def test_a_person_can_edit_any_object(
    admin: Admin, salesforce: Salesforce, hubspot: HubSpot
) -> None:
    deal = make(salesforce, "Opportunity")
    edit = {"crm": "salesforce", "object": "Opportunity", "record_id": deal, "user": 2}
    admin("POST", "edits", {**edit, "values": {"StageName": "Proposal"}}).raise_for_status()
    assert values(salesforce, deal, "Opportunity", "StageName") == ("Proposal",)
    body = {"properties": {"name": "Works", "domain": "works.example"}}
    company = hubspot("POST", "/crm/v3/objects/companies", json=body).json()["id"]
    edit = {"crm": "hubspot", "object": "companies", "record_id": company, "user": 2}
    admin("POST", "edits", {**edit, "values": {"name": "Labs"}}).raise_for_status()
    found = hubspot("GET", f"/crm/v3/objects/companies/{company}").json()
    assert found["properties"]["name"] == "Labs"


def test_an_edit_of_nothing_or_by_nobody_is_refused(admin: Admin, salesforce: Salesforce) -> None:
    lead_id = salesforce.lead_ids(1)[0]
    edit = {"record_id": lead_id, "values": {}, "user": 2, "crm": "salesforce"}
    wrong: list[dict[str, object]] = [
        {"object": "Nope"},
        {"user": 999},
        {"crm": "nope"},
        {"crm": "hubspot"},
    ]
    assert [admin("POST", "edits", edit | one).status_code for one in wrong] == [400] * len(wrong)


def test_two_contacts_can_be_merged(admin: Admin, hubspot: HubSpot) -> None:
    first, other = hubspot.create(email="a@b.example"), hubspot.create(email="a@c.example")
    merge = {"crm": "hubspot", "object": "contacts", "winner": first, "losers": [other]}
    survivor = admin("POST", "merges", merge).json()["survivor"]
    assert hubspot.read(survivor, "email", "hs_additional_emails")["email"] == "a@b.example"


def test_counts_are_those_of_the_dump(admin: Admin, salesforce: Salesforce) -> None:
    salesforce("DELETE", f"sobjects/Lead/{salesforce.lead_ids(1)[0]}")
    counts, dump = admin("GET", "counts").json(), admin.dump()
    for name, records in dump["salesforce"].items():
        gone = sum(record.get("IsDeleted") or 0 for record in records)
        assert counts["salesforce"][name] == {"living": len(records) - gone, "deleted": gone}


def test_counts_of_hubspot_follow_what_is_done(admin: Admin, hubspot: HubSpot) -> None:
    before = admin("GET", "counts").json()["hubspot"]["contacts"]
    kept, gone = hubspot.create(email="a@b.example"), hubspot.create(email="a@c.example")
    hubspot("DELETE", f"{CONTACTS}/{gone}")
    after = admin("GET", "counts").json()["hubspot"]["contacts"]
    assert kept
    assert after == {name: count + 1 for name, count in before.items()}


def test_a_body_that_says_nothing_useful_is_refused_with_what_is_wrong(admin: Admin) -> None:
    wrong = [
        ("clock", {"advance_seconds": 10**18}),
        ("clock", {"now": "9999-12-31T23:59:59-10:00"}),
        ("clock", []),
        ("faults", {}),
        ("edits", {"crm": "hubspot", "record_id": "1", "values": [], "user": 1}),
        ("usage", {"crm": "nope", "left": 1}),
        ("live", {}),
    ]
    answers = [admin("POST", path, body) for path, body in wrong]
    assert [answer.status_code for answer in answers] == [400] * len(wrong)
    assert [answer.json()["error"] for answer in answers[-2:]] == [
        "requests are counted by salesforce and hubspot",
        "Object missing required field `days`",
    ]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("edits", {"crm": "hubspot", "record_id": "1", "values": {}, "user": 1, "object": 5}),
        ("edits", {"crm": "hubspot", "record_id": "1", "values": {}, "user": -1}),
        ("edits", {"crm": "hubspot", "record_id": 10**30, "values": {}, "user": 1}),
        ("merges", {"crm": "hubspot", "object": "contacts", "winner": "1", "losers": "12"}),
        ("merges", {"crm": "salesforce", "object": 5, "winner": "1", "losers": []}),
        ("restores", {"crm": "salesforce", "object": 5, "record_id": "1"}),
        ("purges", {"object": 5, "record_ids": []}),
        ("conversions", {"lead_id": "x", "user": 2**63}),
        ("conversions", {"lead_id": "\ud800"}),
        ("live", {"days": 1.9}),
        ("clock", {"advance_seconds": True}),
        ("clock", {"now": "2201-01-01T00:00:00Z"}),
        ("faults", [{"preset": "\ud800"}]),
        ("usage", {"crm": "hubspot", "left": -5}),
        ("usage", {"crm": "salesforce", "left": 10**30}),
    ],
)
def test_a_body_of_other_types_or_out_of_range_is_refused(
    admin: Admin, path: str, wrong: object
) -> None:
    answer = admin("POST", path, wrong)
    assert (answer.status_code, [*answer.json()]) == (400, ["error"])


def test_a_mistake_of_the_sandbox_is_not_told_as_one_of_the_caller(
    admin: Admin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("somebody@works.example")

    monkeypatch.setattr("connectors.sandbox.actions.live", broken)
    answer = admin("POST", "live", {"days": 1})
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("the sandbox failed: KeyError at actions.py:")
    assert "KeyError" in caplog.text
    assert "somebody" not in caplog.text + answer.text


def test_a_person_can_not_write_a_list_into_a_property(admin: Admin, hubspot: HubSpot) -> None:
    contact = hubspot.create(email="a@b.example")
    edit = {"crm": "hubspot", "record_id": contact, "values": {"city": ["x"]}, "user": 1}
    assert admin("POST", "edits", edit).status_code == 400
    assert hubspot.read(contact, "city")["city"] is None


def test_a_clock_at_its_end_breaks_nothing(admin: Admin, hubspot: HubSpot) -> None:
    admin.setting(hubspot_time_zone="Asia/Tokyo")
    admin("POST", "clock", {"now": "2200-12-31T23:59:59Z"}).raise_for_status()
    assert hubspot("GET", "/account-info/v3/api-usage/daily").status_code == 200
    assert admin("POST", "clock", {"advance_seconds": 1}).status_code == 400


def test_people_wait_for_rows_that_a_client_has_locked(
    admin: Admin, salesforce: Salesforce
) -> None:
    account = make(salesforce, "Account")
    contact = make(salesforce, "Contact", AccountId=account)
    admin.setting(salesforce_lock_seconds=60)
    make(salesforce, "Contact", AccountId=account)
    edit = {"crm": "salesforce", "object": "Contact", "record_id": contact, "user": 2}
    answer = admin("POST", "edits", {**edit, "values": {"Title": "CEO"}})
    assert (answer.status_code, "exclusive access" in answer.text) == (400, True)


def test_a_path_is_read_as_it_was_meant(salesforce: Salesforce) -> None:
    salesforce.add_field("Key__c", type="Text", length=20, externalId=True, unique=True)
    salesforce.grant("Key__c")
    body = {"LastName": "Probe", "Company": "P"}
    made = salesforce("PATCH", "sobjects/Lead/Key__c/a%3Fb%23c", json=body).json()["id"]
    assert salesforce.lead(made)["Key__c"] == "a?b#c"
