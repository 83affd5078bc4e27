"""Counting and adding up, by groups and as a whole."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make

MINE = "FROM Lead WHERE Company = 'Counted'"


@pytest.fixture
def counted(salesforce: Salesforce) -> Salesforce:
    """Three Leads of one company."""
    for rating, employees in (("Hot", 10), ("Hot", 20), (None, None)):
        make(salesforce, "Lead", Company="Counted", Rating=rating, NumberOfEmployees=employees)
    return salesforce


def results(salesforce: Salesforce, soql: str) -> list[dict[str, Any]]:
    answer = salesforce("GET", "query", params={"q": soql})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["totalSize"], body["done"]) == (len(body["records"]), True)
    assert all(r.pop("attributes") == {"type": "AggregateResult"} for r in body["records"])
    return list(body["records"])


@pytest.mark.parametrize(
    ("selected", "found"),
    [
        ("COUNT(Id)", {"expr0": 3}),
        ("COUNT(Rating) rated, COUNT_DISTINCT(Rating)", {"rated": 2, "expr0": 1}),
        ("SUM(NumberOfEmployees), AVG(NumberOfEmployees)", {"expr0": 30, "expr1": 15.0}),
        ("MIN(NumberOfEmployees) low, MAX(LastName) name", {"low": 10, "name": "Probe"}),
    ],
)
def test_aggregates_over_all_records_are_one_result(
    counted: Salesforce, selected: str, found: dict[str, Any]
) -> None:
    assert results(counted, f"SELECT {selected} {MINE}") == [found]


@pytest.mark.parametrize(
    ("soql", "found"),
    [
        (
            f"SELECT Rating, COUNT(Id) n {MINE} GROUP BY Rating ORDER BY COUNT(Id) DESC",
            [{"Rating": "Hot", "n": 2}, {"Rating": None, "n": 1}],
        ),
        (
            f"SELECT Rating, COUNT(Id) {MINE} GROUP BY Rating HAVING COUNT(Id) > 1",
            [{"Rating": "Hot", "expr0": 2}],
        ),
        (
            f"SELECT Rating {MINE} GROUP BY Rating ORDER BY Rating OFFSET 1",
            [{"Rating": "Hot"}],
        ),
        (
            f"SELECT Owner.Name, COUNT(Id) {MINE} GROUP BY Owner.Name",
            [{"Name": "Leadcycle Integration", "expr0": 3}],
        ),
        (
            f"SELECT CALENDAR_YEAR(CreatedDate) y {MINE} GROUP BY CALENDAR_YEAR(CreatedDate)",
            [{"y": 2026}],
        ),
        (f"SELECT Company {MINE} GROUP BY Company", [{"Company": "Counted"}]),
        (f"SELECT Rating {MINE} GROUP BY Rating ORDER BY Rating LIMIT 1", [{"Rating": None}]),
    ],
)
def test_groups_have_a_result_each(
    counted: Salesforce, soql: str, found: list[dict[str, Any]]
) -> None:
    assert results(counted, soql) == found


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        (
            "SELECT Id, COUNT(Id) FROM Lead GROUP BY City",
            "MALFORMED_QUERY",
            "must be grouped or agg",
        ),
        (
            "SELECT Id, COUNT(City) FROM Lead",
            "MALFORMED_QUERY",
            "must be grouped or aggregated: Id",
        ),
        (
            "SELECT COUNT(Id) FROM Lead GROUP BY CreatedDate",
            "INVALID_FIELD",
            "field 'CreatedDate' can not be grouped in a query call",
        ),
        (
            "SELECT SUM(City) FROM Lead",
            "MALFORMED_QUERY",
            "field City does not support aggregate operator SUM",
        ),
        ("SELECT COUNT(Id) n, COUNT(City) n FROM Lead", "MALFORMED_QUERY", "duplicate alias: n"),
        (
            f"SELECT COUNT(Id) {'n' * 25}, COUNT(City) {'c' * 26} FROM Lead",
            "MALFORMED_QUERY",
            f"alias is too long, maximum of 25 characters: {'c' * 26}",
        ),
        ("SELECT Id FROM Lead WHERE COUNT(Id) > 1", "MALFORMED_QUERY", "is not allowed here"),
        ("SELECT Id FROM Lead ORDER BY COUNT(Id)", "MALFORMED_QUERY", "is not allowed here"),
        ("SELECT COUNT(Description) FROM Lead", "MALFORMED_QUERY", "does not support aggregate"),
        ("SELECT COUNT(Id) FROM Lead LIMIT 1", "MALFORMED_QUERY", "cannot also use LIMIT"),
        ("SELECT COUNT() FROM Lead ORDER BY Name", "MALFORMED_QUERY", "used with ORDER BY"),
    ],
)
def test_what_can_not_be_grouped_or_added_up_is_refused(
    salesforce: Salesforce, soql: str, code: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert refusal["errorCode"] == code
    assert words in refusal["message"]


def test_count_alone_may_be_limited(counted: Salesforce) -> None:
    answer = counted("GET", "query", params={"q": f"SELECT COUNT() {MINE} LIMIT 2"}).json()
    assert answer == {"totalSize": 2, "done": True, "records": []}


def test_more_than_two_thousand_groups_need_a_limit(salesforce: Salesforce) -> None:
    for start in range(0, 2_001, 200):
        numbers = range(start, min(start + 200, 2_001))
        rows = [{"attributes": {"type": "Account"}, "Name": f"G{n}"} for n in numbers]
        salesforce("POST", "composite/sobjects", json={"records": rows}).raise_for_status()
    soql = "SELECT Name FROM Account WHERE Name LIKE 'G%' GROUP BY Name"
    assert salesforce.refusal(soql)["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert len(results(salesforce, f"{soql} LIMIT 2000")) == 2_000


def test_groups_take_no_greater_offset_than_records(salesforce: Salesforce) -> None:
    soql = "SELECT Status FROM Lead GROUP BY Status LIMIT 1 OFFSET 2001"
    assert salesforce.refusal(soql)["errorCode"] == "NUMBER_OUTSIDE_VALID_RANGE"
