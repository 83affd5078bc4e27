"""Composite graphs and sObject trees: each of them done as a whole."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import values
from tests.sandbox.subrequests import BAD_LEAD, ROOT, post, undone


def graph(graph_id: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    return {"graphId": graph_id, "compositeRequest": list(nodes)}


def test_graphs_fail_one_by_one_and_each_as_a_whole(salesforce: Salesforce) -> None:
    good = graph(
        "good",
        post("a", "Account", Name="Graph"),
        post("c", "Contact", LastName="G", AccountId="@{a.id}"),
    )
    bad = graph("bad", post("a", "Account", Name="Undone"), post("l", "Lead", **BAD_LEAD))
    answer = salesforce("POST", "composite/graph", json={"graphs": [bad, good]})
    failed, done = answer.json()["graphs"]
    assert (failed["graphId"], failed["isSuccessful"]) == ("bad", False)
    assert failed["graphResponse"]["compositeResponse"][0] == undone("a")
    assert (done["graphId"], done["isSuccessful"]) == ("good", True)
    assert salesforce.query("SELECT Name FROM Account WHERE Name IN ('Graph', 'Undone')") == [
        {"Name": "Graph"}
    ]


def test_after_fourteen_failures_one_more_graph_fails_and_the_rest_is_halted(
    salesforce: Salesforce,
) -> None:
    graphs = [graph(f"g{number}", post("l", "Lead", **BAD_LEAD)) for number in range(16)]
    answered = salesforce("POST", "composite/graph", json={"graphs": graphs}).json()["graphs"]
    codes = [
        entry["graphResponse"]["compositeResponse"][0]["body"][0]["errorCode"] for entry in answered
    ]
    assert codes == ["INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"] * 15 + ["PROCESSING_HALTED"]


def chain(length: int) -> dict[str, Any]:
    first = post("n0", "Account", Name="A")
    others = (
        post(f"n{number}", "Account", Name=f"@{{n{number - 1}.id}}") for number in range(1, length)
    )
    return graph("chain", first, *others)


@pytest.mark.parametrize(
    "graphs",
    [
        [graph(f"g{number}", post("a", "Account", Name="A")) for number in range(76)],
        [graph("g", *(post(f"a{number}", "Account", Name="A") for number in range(501)))],
        [chain(16)],
    ],
)
def test_graphs_have_their_limits(salesforce: Salesforce, graphs: list[Any]) -> None:
    answer = salesforce("POST", "composite/graph", json={"graphs": graphs})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_graphs_hold_single_records_only(salesforce: Salesforce) -> None:
    node = {"method": "GET", "url": f"{ROOT}/query?q=x", "referenceId": "q"}
    answer = salesforce("POST", "composite/graph", json={"graphs": [graph("g", node)]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_URL")


def node(kind: str, name: str, **record: Any) -> dict[str, Any]:
    return {"attributes": {"type": kind, "referenceId": name}, **record}


def test_a_tree_creates_parents_and_children(salesforce: Salesforce) -> None:
    child = node("Contact", "c1", LastName="Child")
    root = node("Account", "a1", Name="Tree", Contacts={"records": [child]})
    answer = salesforce("POST", "composite/tree/Account", json={"records": [root]})
    body = answer.json()
    assert (answer.status_code, body["hasErrors"]) == (201, False)
    ids = {result["referenceId"]: result["id"] for result in body["results"]}
    assert values(salesforce, ids["c1"], "Contact", "AccountId") == (ids["a1"],)


def test_a_tree_that_fails_tells_of_the_failure_alone(salesforce: Salesforce) -> None:
    child = node("Contact", "c1", LastName="Child", Email="none")
    root = node("Account", "a1", Name="Felled", Contacts={"records": [child]})
    answer = salesforce("POST", "composite/tree/Account", json={"records": [root]})
    error = {
        "statusCode": "INVALID_EMAIL_ADDRESS",
        "message": "Email: invalid email address: none",
        "fields": ["Email"],
    }
    results = [{"referenceId": "c1", "errors": [error]}]
    assert (answer.status_code, answer.json()) == (400, {"hasErrors": True, "results": results})
    assert not salesforce.query("SELECT Id FROM Account WHERE Name = 'Felled'")


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([node("Account", f"a{number}", Name="A") for number in range(201)], "LIMIT_EXCEEDED"),
        ([node("Account", "same", Name="A")] * 2, "INVALID_INPUT"),
        ([node("Lead", "l", LastName="L", Company="C")], "INVALID_TYPE"),
        ([node("Account", "a", Name="A", Nieces={"records": []})], "INVALID_FIELD"),
    ],
)
def test_a_tree_has_its_limits(salesforce: Salesforce, records: list[Any], code: str) -> None:
    answer = salesforce("POST", "composite/tree/Account", json={"records": records})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
