"""Writing by external id, on conditions, and in the ways of old clients."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make

KEY = "sobjects/Lead/Key__c"
NEW = {"LastName": "Probe", "Company": "Probe Works"}


@pytest.fixture
def keyed(salesforce: Salesforce) -> Salesforce:
    """An org whose Leads have a unique external id, Key__c, and one that is not unique, Tag__c."""
    for name, unique in (("Key__c", True), ("Tag__c", False)):
        body = {
            "FullName": f"Lead.{name}",
            "Metadata": {
                "type": "Text",
                "length": 40,
                "label": name[:-3],
                "externalId": True,
                "unique": unique,
            },
        }
        added = salesforce("POST", "tooling/sobjects/CustomField", json=body)
        assert added.status_code == 201, added.text
    salesforce.grant("Key__c", "Tag__c")
    return salesforce


def test_a_key_tells_capitals_apart_if_it_says_so(salesforce: Salesforce) -> None:
    text = {"type": "Text", "length": 40, "label": "Key", "externalId": True, "unique": True}
    nothing = {"precision": None, "scale": None}
    salesforce.add_field("Key__c", caseSensitive=True, **text, **nothing)
    salesforce.grant("Key__c")
    made = {salesforce("PATCH", f"{KEY}/{key}", json=NEW).json()["id"] for key in ("abc", "ABC")}
    assert len(made) == 2
    soql = "SELECT Key__c FROM Lead WHERE Key__c = 'abc'"
    assert salesforce.query(soql) == [{"Key__c": "abc"}]


def test_an_upsert_creates_first_and_changes_then(keyed: Salesforce) -> None:
    first = keyed("PATCH", f"{KEY}/a7", json=NEW)
    second = keyed("PATCH", f"{KEY}/A7", json={"Title": "CEO"})
    lead_id = first.json()["id"]
    told = {"id": lead_id, "success": True, "errors": []}
    assert (first.status_code, first.json()) == (201, {**told, "created": True})
    assert (second.status_code, second.json()) == (200, {**told, "created": False})
    assert first.headers["Location"] == f"/services/data/v66.0/sobjects/Lead/{lead_id}"
    assert (keyed.lead(lead_id)["Key__c"], keyed.lead(lead_id)["Title"]) == ("a7", "CEO")


def test_before_v46_an_upsert_that_changes_has_no_body(keyed: Salesforce) -> None:
    path = "/services/data/v45.0/sobjects/Lead/Key__c/1"
    statuses = [keyed("PATCH", path, json=NEW).status_code for _ in range(2)]
    assert statuses == [201, 204]


def test_several_records_of_an_external_id_are_a_choice_of_addresses(keyed: Salesforce) -> None:
    twins = [make(keyed, "Lead", Tag__c="x") for _ in range(2)]
    addresses = [f"/services/data/v66.0/sobjects/Lead/{twin}" for twin in twins]
    for method, body in (("PATCH", NEW), ("DELETE", None)):
        answer = keyed(method, "sobjects/Lead/Tag__c/x", json=body)
        assert (answer.status_code, answer.json()) == (300, addresses)


def test_an_upsert_may_be_told_not_to_create(keyed: Salesforce) -> None:
    answer = keyed("PATCH", f"{KEY}/none?updateOnly=true", json=NEW)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_a_record_is_deleted_by_its_external_id(keyed: Salesforce) -> None:
    lead_id = keyed("PATCH", f"{KEY}/gone", json=NEW).json()["id"]
    statuses = [keyed("DELETE", f"{KEY}/gone").status_code for _ in range(2)]
    assert statuses == [204, 404]
    assert keyed("GET", f"sobjects/Lead/{lead_id}").status_code == 404


UNKNOWN_KEY = "Provided external ID field does not exist or is not accessible: City"
TWICE = "The Key__c field should not be specified in the sobject data."


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("sobjects/Lead/City/Oslo", NEW, (404, "NOT_FOUND", UNKNOWN_KEY)),
        (f"{KEY}/1", {**NEW, "Key__c": "1"}, (400, "INVALID_FIELD", TWICE)),
    ],
)
def test_what_an_upsert_can_not_mean_is_refused(
    keyed: Salesforce, path: str, body: Any, expected: tuple[int, str, str]
) -> None:
    answer = keyed("PATCH", path, json=body)
    [refused] = answer.json()
    assert (answer.status_code, refused["errorCode"], refused["message"]) == expected


def test_a_value_of_a_unique_field_is_there_once(keyed: Salesforce) -> None:
    holder = make(keyed, "Lead", Key__c="7")
    answer = keyed("POST", "sobjects/Lead", json={**NEW, "Key__c": "7"})
    message = f"duplicate value found: Key__c duplicates value on record with id: {holder}"
    expected = [{"message": message, "errorCode": "DUPLICATE_VALUE", "fields": []}]
    assert (answer.status_code, answer.json()) == (400, expected)
    assert keyed("PATCH", f"sobjects/Lead/{holder}", json={"Key__c": "7"}).status_code == 204


def test_a_collection_is_upserted_with_a_result_for_each(keyed: Salesforce) -> None:
    lead_id = make(keyed, "Lead", Key__c="a")
    keys: list[str | None] = ["a", "b", "c", "C", None]
    records = [{"attributes": {"type": "Lead"}, **NEW, "Key__c": key} for key in keys]
    path = "composite/sobjects/Lead/Key__c"
    changed, created, once, twice, bare = keyed("PATCH", path, json={"records": records}).json()
    assert changed == {"id": lead_id, "success": True, "errors": [], "created": False}
    assert (created["success"], created["created"]) == (True, True)
    failed = (once, twice, bare)
    errors = [result["errors"][0] for result in failed]
    assert [(error["statusCode"], error["message"], *error["fields"]) for error in errors] == [
        ("DUPLICATE_VALUE", "Duplicate external id specified: c", "Key__c"),
        ("DUPLICATE_VALUE", "Duplicate external id specified: C", "Key__c"),
        ("MISSING_ARGUMENT", "Key__c not specified", "Key__c"),
    ]
    assert [(result["success"], result["created"]) for result in failed] == [(False, False)] * 3


def test_records_without_an_id_are_created_by_an_upsert_on_id(salesforce: Salesforce) -> None:
    record = {"attributes": {"type": "Account"}, "Name": "A", "AccountNumber": "420", "Id": None}
    path = "composite/sobjects/Account/Id"
    [made] = salesforce("PATCH", path, json={"records": [record]}).json()
    [again] = salesforce("PATCH", path, json={"records": [{**record, "Id": made["id"]}]}).json()
    assert made == {"id": made["id"], "success": True, "errors": [], "created": True}
    assert again == {**made, "created": False}


def test_a_post_to_id_creates_too(salesforce: Salesforce) -> None:
    made = salesforce("POST", "sobjects/Lead/Id", json=NEW)
    assert (made.status_code, made.json()["created"]) == (201, True)
    assert salesforce("POST", "sobjects/Lead/City", json=NEW).status_code == 405


def test_a_reference_may_be_given_by_an_external_id(salesforce: Salesforce) -> None:
    lead_id = make(salesforce, "Lead", Email="by@key.example")
    who = {"attributes": {"type": "Lead"}, "Email": "by@key.example"}
    task_id = make(salesforce, "Task", Subject="Call", Who=who)
    assert salesforce("GET", f"sobjects/Task/{task_id}").json()["WhoId"] == lead_id
    body = {"Subject": "Call", "Who": {**who, "Email": "no@body.example"}}
    refused = salesforce("POST", "sobjects/Task", json=body).json()[0]
    assert refused["message"] == (
        "Foreign key external ID: no@body.example not found for field Email in entity Lead"
    )


def test_ids_are_given_in_the_address_alone(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    created = salesforce("POST", "sobjects/Lead", json={**NEW, "Id": lead_id}).json()
    changed = salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={"Id": lead_id}).json()
    assert [created[0]["errorCode"], created[0]["message"], created[0]["fields"]] == [
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "cannot specify Id in an insert call",
        ["Id"],
    ]
    assert [changed[0]["errorCode"], changed[0]["message"]] == [
        "INVALID_FIELD",
        "The Id field should not be specified in the sobject data.",
    ]


@pytest.mark.parametrize(("second", "status"), [(59, 200), (60, 304)])
def test_a_read_may_ask_whether_something_has_changed_since(
    salesforce: Salesforce, admin: Admin, second: int, status: int
) -> None:
    admin.advance(60)
    lead_id = make(salesforce, "Lead")
    headers = {"If-Modified-Since": f"Tue, 30 Jun 2026 12:0{second // 60}:{second % 60:02d} GMT"}
    answer = salesforce("GET", f"sobjects/Lead/{lead_id}", headers=headers)
    assert (answer.status_code, bool(answer.content)) == (status, status == 200)


def test_accounts_alone_have_entity_tags(salesforce: Salesforce, admin: Admin) -> None:
    path = f"sobjects/Account/{make(salesforce, 'Account')}"
    seen = {"If-None-Match": salesforce("GET", path).headers["ETag"]}
    assert salesforce("GET", path, headers=seen).status_code == 304
    held = {"If-Match": seen["If-None-Match"]}
    admin.advance(1)
    statuses = [
        salesforce("PATCH", path, json={"Phone": "1"}, headers=held).status_code for _ in range(2)
    ]
    assert statuses == [204, 412]
    assert "ETag" not in salesforce("GET", f"sobjects/Lead/{make(salesforce, 'Lead')}").headers


def test_a_condition_that_is_no_date_is_refused(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    headers = {"If-Unmodified-Since": "yesterday"}
    answer = salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={}, headers=headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_HEADER")


def test_deletes_take_no_condition(salesforce: Salesforce, admin: Admin) -> None:
    lead_id = make(salesforce, "Lead")
    headers = {"If-Unmodified-Since": "Tue, 30 Jun 2020 12:00:00 GMT"}
    answer = salesforce("DELETE", f"sobjects/Lead/{lead_id}", headers=headers)
    assert answer.status_code == 204


def test_old_clients_name_the_method_in_the_address(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    path = f"sobjects/Lead/{lead_id}?_HttpMethod=PATCH"
    assert salesforce("POST", path, json={"Title": "CEO"}).status_code == 204
    assert salesforce.lead(lead_id)["Title"] == "CEO"


@pytest.mark.parametrize("kind", ["application/xml", "text/plain", ""])
def test_bodies_other_than_json_are_not_taken(salesforce: Salesforce, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = salesforce("POST", "sobjects/Lead", data="<Lead/>", headers=headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_body_that_is_no_json_says_where(salesforce: Salesforce) -> None:
    headers = {"Content-Type": "application/json"}
    answer = salesforce("POST", "sobjects/Lead", data='{"LastName": nope}', headers=headers)
    [refused] = answer.json()
    assert (answer.status_code, refused["errorCode"]) == (400, "JSON_PARSER_ERROR")
    assert refused["message"].endswith("at [line:1, column:14]")


def test_a_key_may_hold_what_an_address_has_a_meaning_for(keyed: Salesforce) -> None:
    path = "sobjects/Lead/Key__c/a%2Fb%3F%25252F"
    made = keyed("PATCH", path, json=NEW)
    assert made.status_code == 201
    found = keyed("GET", path).json()
    assert (found["Id"], found["Key__c"]) == (made.json()["id"], "a/b?%252F")
    url = f"/services/data/v66.0/{path}"
    request = {"method": "GET", "url": url, "referenceId": "key"}
    [inner] = keyed("POST", "composite", json={"compositeRequest": [request]}).json().values()
    assert inner[0]["body"]["Id"] == found["Id"]


def test_a_key_of_several_records_is_told_with_their_ids(salesforce: Salesforce) -> None:
    ids = [make(salesforce, "Lead", Email="twice@b.example") for _ in range(2)]
    record = {"attributes": {"type": "Lead"}, **NEW, "Email": "twice@b.example"}
    body = {"records": [record]}
    [result] = salesforce("PATCH", "composite/sobjects/Lead/Email", json=body).json()
    assert result["errors"] == [
        {
            "statusCode": "DUPLICATE_EXTERNAL_ID",
            "message": "Email: more than one record found for external id field: "
            f"[{ids[0]}, {ids[1]}]",
            "fields": ["Email"],
        }
    ]
