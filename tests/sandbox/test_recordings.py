"""The sandbox answers in the shapes that real test accounts answered in, where recordings exist."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, Salesforce, filtered

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "recordings"
HUBSPOT, LEADS = "hubspot-v3-contacts-export.json", "salesforce-leads-export.json"
DESCRIBE = "salesforce-lead-describe.yaml"
UPSERTS = "salesforce-upsert-duplicate-external-id.yaml"
DESCRIBED_AS_REAL = (
    *("type", "soapType", "label", "length", "byteLength", "precision", "scale", "digits"),
    *("nillable", "createable", "updateable", "calculated", "custom", "sortable", "nameField"),
)

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings here")


def recorded(name: str, method: str, path_end: str, status: int = 200) -> Iterator[dict[str, Any]]:
    for exchange in json.loads((RECORDINGS / name).read_text(encoding="utf-8")):
        asked = (exchange["method"], exchange["status"])
        if asked == (method, status) and exchange["path"].endswith(path_end):
            yield exchange


def shape(value: Any) -> Any:
    """Return the kinds of a JSON value: keys with their kinds, and the kind of a list's first."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value[:1]]
    return type(value).__name__


def header_names(headers: Any) -> set[str]:
    return {name.lower() for name in headers}


def test_a_search_answers_in_the_recorded_shape(hubspot: HubSpot) -> None:
    real = next(x for x in recorded(HUBSPOT, "POST", "/search") if x["response"]["results"])
    answer = hubspot.search(filtered("email", "HAS_PROPERTY"), limit=1)
    made = answer.json()
    del made["paging"]
    for body in (made, real["response"]):
        del body["results"][0]["properties"]
    assert shape(made) == shape(real["response"])
    assert header_names(real["headers"]) <= header_names(answer.headers)


def test_a_search_beyond_the_limit_is_refused_in_the_recorded_words(
    hubspot: HubSpot, admin: Admin
) -> None:
    real = next(recorded(HUBSPOT, "POST", "/search", 429))["response"]
    admin.setting(hubspot_search_limit=0)
    made = hubspot.search().json()
    for key in ("status", "message", "category"):
        assert made[key] == real[key]


@pytest.mark.parametrize(("verb", "status"), [("create", 201), ("update", 200)])
def test_a_batch_answers_in_the_recorded_shape(hubspot: HubSpot, verb: str, status: int) -> None:
    real = next(recorded(HUBSPOT, "POST", f"/batch/{verb}", status))
    entry: dict[str, Any] = {"properties": {"email": "a@b.example"}}
    if verb == "update":
        entry["id"] = hubspot.create(email="a@b.example")
    answer = hubspot("POST", f"{CONTACTS}/batch/{verb}", json={"inputs": [entry]})
    made = answer.json()
    for body in (made, real["response"]):
        del body["results"][0]["properties"]
    assert (answer.status_code, shape(made)) == (status, shape(real["response"]))
    assert header_names(real["headers"]) <= header_names(answer.headers)


def test_a_query_answers_in_the_recorded_shape(salesforce: Salesforce) -> None:
    real = next(x for x in recorded(LEADS, "GET", "/query") if x["response"]["totalSize"] == 1)
    params = {"q": "SELECT Id FROM Lead LIMIT 1"}
    answer = salesforce("GET", "query", params=params)
    assert shape(answer.json()) == shape(real["response"])
    assert header_names(real["headers"]) <= header_names(answer.headers)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_collections_answer_in_the_recorded_shape(salesforce: Salesforce, method: str) -> None:
    real = next(recorded(LEADS, method, "/composite/sobjects"))["response"]
    [lead_id] = salesforce.lead_ids(1)
    if method == "DELETE":
        made = salesforce("DELETE", f"composite/sobjects?ids={lead_id}").json()
    elif method == "PATCH":
        made = salesforce.update({"id": lead_id, "Title": "CEO"})
    else:
        record = {"attributes": {"type": "Lead"}, "LastName": "A", "Company": "B"}
        made = salesforce("POST", "composite/sobjects", json={"records": [record]}).json()
    assert shape(made) == shape(real)


def test_a_converted_lead_is_refused_in_the_recorded_words(salesforce: Salesforce) -> None:
    refusals = [
        error
        for exchange in recorded(LEADS, "PATCH", "/composite/sobjects")
        for result in exchange["response"]
        for error in result["errors"]
    ]
    converted = salesforce.query("SELECT Id FROM Lead WHERE IsConverted = true")[0]["Id"]
    [made] = salesforce.update({"id": converted, "Title": "CEO"})
    assert made["errors"] == refusals[:1]


def test_a_deleted_lead_is_not_found_in_the_recorded_words(salesforce: Salesforce) -> None:
    [real] = [x for x in recorded_missing() if "/sobjects/Lead/" in x["path"]]
    [lead_id] = salesforce.lead_ids(1)
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    answer = salesforce("GET", f"sobjects/Lead/{lead_id}")
    assert (answer.status_code, answer.json()) == (404, real["response"])


def test_recorded_upserts_are_answered_as_they_were(salesforce: Salesforce) -> None:
    text = (RECORDINGS / UPSERTS).read_text(encoding="utf-8")
    exchanges = [each for each in yaml.safe_load(text)["interactions"] if "request" in each]
    upserts = [each for each in exchanges if each["request"]["method"] == "PATCH"]
    assert len(upserts) == 2
    for exchange in upserts:
        path = exchange["request"]["uri"].partition("vxx.0/")[2]
        body = json.loads(exchange["request"]["body"])
        real = json.loads(exchange["response"]["body"]["string"])
        made = salesforce("PATCH", path, json=body).json()
        assert [{**row, "id": ""} for row in made] == [{**row, "id": ""} for row in real]
        assert len({row["id"] for row in made}) == len(real)


def recorded_missing() -> list[dict[str, Any]]:
    exchanges = json.loads((RECORDINGS / LEADS).read_text(encoding="utf-8"))
    return [exchange for exchange in exchanges if exchange["status"] == 404]


def test_fields_are_described_as_the_real_ones_are(salesforce: Salesforce) -> None:
    text = (RECORDINGS / DESCRIBE).read_text(encoding="utf-8")
    real = json.loads(yaml.safe_load(text)["response"]["body"]["string"])["fields"]
    truth = {field["name"]: field for field in real}
    made = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    shared = [field for field in made if not field["custom"]]
    assert shared
    for field in shared:
        expected = {key: truth[field["name"]][key] for key in DESCRIBED_AS_REAL}
        assert {key: field[key] for key in DESCRIBED_AS_REAL} == expected, field["name"]
