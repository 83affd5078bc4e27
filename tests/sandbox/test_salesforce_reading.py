"""Single records, read by id, by a key and by way of other records; versions, resources, limits."""

import pytest
import requests

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make

NOT_FOUND = {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
ROOT = "/services/data/v66.0/sobjects"


def test_versions_are_listed_without_a_session(salesforce: Salesforce) -> None:
    listed = requests.request("GET", f"{salesforce.url}/services/data", timeout=10).json()
    labels = {entry["version"]: entry["label"] for entry in listed}
    assert list(labels) == [f"{number}.0" for number in range(31, 69)]
    assert listed[-1] == {"label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0"}
    assert [labels[f"{number}.0"] for number in (31, 59, 66, 67)] == [
        *("Summer '14", "Winter '24", "Spring '26", "Summer '26")
    ]


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [("v30.0", 410, "UNSUPPORTED_API_VERSION"), ("v69.0", 404, "NOT_FOUND")],
)
def test_other_versions_are_gone_or_not_there_yet(
    salesforce: Salesforce, version: str, status: int, code: str
) -> None:
    answer = salesforce("GET", f"/services/data/{version}/limits")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_a_version_names_its_resources(salesforce: Salesforce) -> None:
    paths = salesforce("GET", "/services/data/v66.0").json()
    identity = salesforce("GET", "/services/oauth2/userinfo").json()["sub"]
    assert paths.pop("identity") == identity
    assert paths == {name: f"/services/data/v66.0/{name}" for name in paths}
    assert {
        "sobjects",
        "query",
        "queryAll",
        "search",
        "limits",
        "composite",
        "jobs",
        "tooling",
    } <= paths.keys()


def test_limits_tell_what_is_left(salesforce: Salesforce) -> None:
    limits = [salesforce("GET", "limits").json() for _ in range(2)]
    left = [body["DailyApiRequests"]["Remaining"] for body in limits]
    assert left[1] == left[0] - 1
    assert limits[0]["DailyBulkV2QueryFileStorageMB"] == {"Max": 976562, "Remaining": 976562}
    assert limits[0]["DailyBulkApiBatches"]["Max"] == 15_000
    assert {"DataStorageMB", "FileStorageMB", "MassEmail", "SingleEmail"} <= limits[0].keys()


def test_records_are_counted_by_object(salesforce: Salesforce) -> None:
    counts = salesforce("GET", "limits/recordCount?sObjects=Lead,nope,Account").json()["sObjects"]
    every = {
        name: salesforce("GET", "query", params={"q": f"SELECT COUNT() FROM {name}"}).json()[
            "totalSize"
        ]
        for name in ("Lead", "Account")
    }
    assert counts == [{"count": count, "name": name} for name, count in every.items()]
    assert len(salesforce("GET", "limits/recordCount").json()["sObjects"]) > 15


def test_a_record_is_read_by_fifteen_or_eighteen_characters_with_the_fields_asked_for(
    salesforce: Salesforce,
) -> None:
    lead = make(salesforce, "Lead", City="Oslo")
    for form in (lead, lead[:15]):
        record = salesforce("GET", f"sobjects/Lead/{form}?fields=Id,city,Owner.Name").json()
        assert record.pop("Owner")["Name"] == "Leadcycle Integration"
        attributes = {"type": "Lead", "url": f"{ROOT}/Lead/{lead}"}
        assert record == {"attributes": attributes, "Id": lead, "City": "Oslo"}


def test_a_record_is_read_with_every_field_described(salesforce: Salesforce) -> None:
    [lead] = salesforce.lead_ids(1)
    described = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    assert list(salesforce.lead(lead)) == ["attributes", *(field["name"] for field in described)]


def test_an_address_gathers_its_parts(salesforce: Salesforce) -> None:
    parts = {"MailingCity": "Oslo", "MailingStreet": "Gate 1", "MailingLatitude": 59.9}
    contact = make(salesforce, "Contact", **parts)
    path = f"sobjects/Contact/{contact}?fields=MailingAddress,OtherAddress"
    record = salesforce("GET", path).json()
    others = dict.fromkeys(("country", "geocodeAccuracy", "longitude", "postalCode", "state"))
    address = {"city": "Oslo", "street": "Gate 1", "latitude": 59.9, **others}
    assert (record["MailingAddress"], record["OtherAddress"]) == (address, None)


def test_an_unknown_field_is_refused(salesforce: Salesforce) -> None:
    [lead] = salesforce.lead_ids(1)
    answer = salesforce("GET", f"sobjects/Lead/{lead}?fields=Id,Nope")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_records_that_are_not_there_are_not_found(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    for gone in (lead, "00Q5e0000099999", "0035e0000099999"):
        answer = salesforce("GET", f"sobjects/Lead/{gone}")
        assert (answer.status_code, answer.json()) == (404, [NOT_FOUND])


def test_what_is_no_id_is_taken_for_a_key(salesforce: Salesforce) -> None:
    answer = salesforce("GET", "sobjects/Lead/nonsense")
    message = "Provided external ID field does not exist or is not accessible: nonsense"
    assert (answer.status_code, answer.json()) == (
        404,
        [{"errorCode": "NOT_FOUND", "message": message}],
    )


def test_a_record_is_read_by_a_key_and_several_are_listed(salesforce: Salesforce) -> None:
    first = make(salesforce, "Contact", Email="a@b.example")
    answer = salesforce("GET", "sobjects/Contact/Email/a@b.example?fields=Id")
    assert (answer.status_code, answer.json()["Id"]) == (200, first)
    second = make(salesforce, "Contact", Email="a@b.example")
    answer = salesforce("GET", "sobjects/Contact/Email/a@b.example")
    paths = [f"{ROOT}/Contact/{one}" for one in (first, second)]
    assert (answer.status_code, answer.json()) == (300, paths)


@pytest.mark.parametrize("path", ["Email/nobody@b.example", "City/Oslo"])
def test_a_key_without_a_record_is_not_found(salesforce: Salesforce, path: str) -> None:
    answer = salesforce("GET", f"sobjects/Contact/{path}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_relationships_lead_to_parents_and_to_children(salesforce: Salesforce) -> None:
    account = make(salesforce, "Account", Name="Works")
    contact = make(salesforce, "Contact", AccountId=account)
    up = salesforce("GET", f"sobjects/Contact/{contact}/Account?fields=Name").json()
    assert up == {
        "attributes": {"type": "Account", "url": f"{ROOT}/Account/{account}"},
        "Name": "Works",
    }
    down = salesforce("GET", f"sobjects/Account/{account}/Contacts?fields=Id").json()
    assert (down["totalSize"], down["records"][0]["Id"]) == (1, contact)
    for path in (f"Contact/{contact}/ReportsTo", f"Contact/{contact}/Nope"):
        assert salesforce("GET", f"sobjects/{path}").status_code == 404


def test_a_record_that_has_not_changed_is_not_sent_again(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    seen = {"If-Modified-Since": "Tue, 30 Jun 2026 12:00:00 GMT"}
    assert salesforce("GET", f"sobjects/Lead/{lead}", headers=seen).status_code == 304
    admin.advance(1)
    salesforce("PATCH", f"sobjects/Lead/{lead}", json={"City": "Oslo"})
    assert salesforce("GET", f"sobjects/Lead/{lead}", headers=seen).status_code == 200
