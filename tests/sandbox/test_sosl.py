"""Searching by words."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make


@pytest.fixture
def people(salesforce: Salesforce) -> dict[str, str]:
    """A Lead and a Contact who share a first name."""
    lead = {"FirstName": "Zelda", "LastName": "Quirk", "Company": "Zelda", "Phone": "+1 555 019"}
    return {
        make(salesforce, "Lead", Email="zelda@quirk.example", **lead): "Lead",
        make(salesforce, "Contact", FirstName="Zelda", LastName="Marsh-Quill"): "Contact",
    }


def found(salesforce: Salesforce, sosl: str) -> list[dict[str, Any]]:
    answer = salesforce("GET", "search", params={"q": sosl})
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()["searchRecords"]
    return records


@pytest.mark.parametrize(
    ("sosl", "kinds"),
    [
        ("FIND {zelda}", {"Lead", "Contact"}),
        ("FIND {zel*} IN NAME FIELDS", {"Lead", "Contact"}),
        ("FIND {zel} IN ALL FIELDS", set()),
        ("FIND {zelda quirk}", {"Lead"}),
        ('FIND {"marsh quill"}', {"Contact"}),
        ("FIND {zelda@quirk.example} IN EMAIL FIELDS", {"Lead"}),
        ("FIND {marsh\\-quill} IN NAME FIELDS RETURNING Contact", {"Contact"}),
        ("FIND {019} IN PHONE FIELDS RETURNING Lead(Id), Contact(Id)", {"Lead"}),
        ("FIND {zelda} RETURNING Lead(Id WHERE LastName = 'Other')", set()),
        ("find {ZELDA} returning Contact(Id order by LastName limit 1) limit 5", {"Contact"}),
    ],
)
def test_words_are_found_in_fields(
    salesforce: Salesforce, people: dict[str, str], sosl: str, kinds: set[str]
) -> None:
    records = found(salesforce, sosl)
    assert {people[record["Id"]] for record in records} == kinds
    assert {record["attributes"]["type"] for record in records} == kinds


def test_a_search_is_limited_as_a_whole(salesforce: Salesforce, people: dict[str, str]) -> None:
    assert len(found(salesforce, "FIND {zelda} LIMIT 1")) == 1


def test_older_versions_answer_with_a_bare_list(
    salesforce: Salesforce, people: dict[str, str]
) -> None:
    params = {"q": "FIND {quirk} RETURNING Lead(Name)"}
    [record] = salesforce("GET", "/services/data/v36.0/search", params=params).json()
    assert record["Name"] == "Zelda Quirk"


@pytest.mark.parametrize(
    "sosl",
    [
        "",
        "zelda",
        "FIND {z}",
        "FIND {zelda} IN NOSE FIELDS",
        "FIND {zelda} RETURNING",
        "FIND {zelda} WITH x",
    ],
)
def test_a_search_that_makes_no_sense_is_refused(salesforce: Salesforce, sosl: str) -> None:
    answer = salesforce("GET", "search", params={"q": sosl})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MALFORMED_SEARCH")


def test_a_search_may_come_as_parameters(salesforce: Salesforce, people: dict[str, str]) -> None:
    query = "q=zelda&in=NAME&sobject=Lead&Lead.fields=Id,Name&Lead.limit=3"
    [record] = salesforce("GET", f"parameterizedSearch?{query}").json()["searchRecords"]
    assert (people[record["Id"]], record["Name"]) == ("Lead", "Zelda Quirk")


def test_a_search_may_come_as_a_body(salesforce: Salesforce, people: dict[str, str]) -> None:
    objects = [{"name": "Contact", "fields": ["Id", "Name"], "where": "LastName != 'x'"}]
    body = {"q": "marsh-quill", "sobjects": objects}
    [record] = salesforce("POST", "parameterizedSearch", json=body).json()["searchRecords"]
    assert record["Name"] == "Zelda Marsh-Quill"
    assert salesforce("POST", "parameterizedSearch", json={"in": "ALL"}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"sobjects": 5},
        {"sobjects": ["Lead"]},
        {"sobjects": [{}]},
        {"sobjects": [{"name": 5}]},
        {"sobjects": [{"name": "Lead", "fields": [1]}]},
        {"fields": "Name", "sobjects": [{"name": "Lead"}]},
    ],
)
def test_a_search_of_another_shape_is_refused(
    salesforce: Salesforce, wrong: dict[str, object]
) -> None:
    answer = salesforce("POST", "parameterizedSearch", json={"q": "zelda", **wrong})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
