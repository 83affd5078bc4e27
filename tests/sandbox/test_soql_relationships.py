"""Paths up to parents, queries for children within a query, and semi-joins."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make

ROOT = "/services/data/v66.0/sobjects"


@pytest.fixture
def family(salesforce: Salesforce) -> dict[str, str]:
    """An Account below another, a Contact of it, and a Task with the Contact about the Account."""
    parent = make(salesforce, "Account", Name="Holding")
    account = make(salesforce, "Account", Name="Works", ParentId=parent)
    contact = make(salesforce, "Contact", FirstName="Ada", AccountId=account)
    task = make(salesforce, "Task", WhoId=contact, WhatId=account, Subject="Call")
    return {"Holding": parent, "Works": account, "Contact": contact, "Task": task}


def one(salesforce: Salesforce, soql: str) -> dict[str, Any]:
    answer = salesforce("GET", "query", params={"q": soql})
    assert answer.status_code == 200, answer.text
    [record] = answer.json()["records"]
    del record["attributes"]
    return dict(record)


def attributes(kind: str, record_id: str, type_name: str = "") -> dict[str, str]:
    return {"type": type_name or kind, "url": f"{ROOT}/{kind}/{record_id}"}


def test_paths_lead_several_levels_up_into_nested_records(
    salesforce: Salesforce, family: dict[str, str]
) -> None:
    paths = "Account.Parent.Name, LastName, account.name"
    soql = f"SELECT {paths} FROM Contact WHERE Id = '{family['Contact']}'"
    holding = {"attributes": attributes("Account", family["Holding"]), "Name": "Holding"}
    works = {"attributes": attributes("Account", family["Works"]), "Parent": holding}
    assert one(salesforce, soql) == {"Account": {**works, "Name": "Works"}, "LastName": "Probe"}


def test_a_parent_that_is_not_there_is_null(salesforce: Salesforce) -> None:
    contact = make(salesforce, "Contact")
    soql = f"SELECT Id, Account.Parent.Name FROM Contact WHERE Id = '{contact}'"
    assert one(salesforce, soql) == {"Id": contact, "Account": None}


def test_a_reference_to_several_objects_leads_to_names(
    salesforce: Salesforce, family: dict[str, str]
) -> None:
    soql = f"SELECT Who.Name, Who.Type, What.Type, Who.Id FROM Task WHERE Id = '{family['Task']}'"
    who = {"Name": "Ada Probe", "Type": "Contact", "Id": family["Contact"]}
    assert one(salesforce, soql) == {
        "Who": {"attributes": attributes("Contact", family["Contact"], "Name"), **who},
        "What": {"attributes": attributes("Account", family["Works"], "Name"), "Type": "Account"},
    }


def test_an_owner_may_be_a_queue(salesforce: Salesforce) -> None:
    soql = "SELECT Owner.Name, Owner.Type, Owner.Email FROM Lead WHERE Owner.Type = 'Queue' LIMIT 1"
    owner = one(salesforce, soql)["Owner"]
    assert (owner["Type"], owner["Email"]) == ("Queue", None)
    assert owner["Name"] in ("Inbound", "Nurture pool")


@pytest.mark.parametrize(
    "condition",
    [
        "Account.Parent.Name = 'holding'",
        "Account.Name LIKE 'wor%' AND Account.ParentId != null",
        "NOT (Account.Name = null OR Account.Parent.Name != 'Holding')",
        "AccountId IN (SELECT Id FROM Account WHERE Parent.Name = 'Holding')",
        "Id IN (SELECT WhoId FROM Task WHERE Subject = 'Call') AND LastName = 'Probe'",
        "Id NOT IN (SELECT ContactId FROM OpportunityContactRole) AND LastName = 'Probe'",
    ],
)
def test_conditions_may_look_at_other_records(
    salesforce: Salesforce, family: dict[str, str], condition: str
) -> None:
    assert salesforce.query(f"SELECT Id FROM Contact WHERE {condition}") == [
        {"Id": family["Contact"]}
    ]


def test_deleted_records_are_no_semi_join(salesforce: Salesforce, family: dict[str, str]) -> None:
    salesforce("DELETE", f"sobjects/Task/{family['Task']}")
    soql = "SELECT Id FROM Contact WHERE Id IN (SELECT WhoId FROM Task WHERE Subject = 'Call')"
    assert family["Contact"] not in {record["Id"] for record in salesforce.query(soql)}


def test_an_object_may_have_an_alias(salesforce: Salesforce, family: dict[str, str]) -> None:
    [record] = salesforce.query(
        f"SELECT c.Id, c.Account.Name FROM Contact c WHERE c.Id = '{family['Contact']}'"
    )
    assert (record["Id"], record["Account"]["Name"]) == (family["Contact"], "Works")
    assert salesforce.query("SELECT Contact.LastName FROM Contact LIMIT 1")


def test_records_are_sorted_by_parents(salesforce: Salesforce, family: dict[str, str]) -> None:
    other = make(salesforce, "Account", Name="Abacus")
    made = [make(salesforce, "Contact", LastName="Zz", AccountId=family["Works"])]
    made.append(make(salesforce, "Contact", LastName="Zz", AccountId=other))
    soql = "SELECT Id FROM Contact WHERE LastName = 'Zz' ORDER BY Account.Name"
    assert [record["Id"] for record in salesforce.query(soql)] == made[::-1]


def test_children_come_with_their_parent(salesforce: Salesforce, family: dict[str, str]) -> None:
    make(salesforce, "Contact", LastName="Able", AccountId=family["Works"])
    soql = (
        "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName), "
        f"(SELECT Id FROM Opportunities) FROM Account WHERE Id = '{family['Works']}'"
    )
    record = one(salesforce, soql)
    assert record["Opportunities"] is None
    contacts = record["Contacts"]
    names = [child["LastName"] for child in contacts.pop("records")]
    assert (names, contacts) == (["Able", "Probe"], {"totalSize": 2, "done": True})


def test_children_may_be_limited_for_each_parent(
    salesforce: Salesforce, family: dict[str, str]
) -> None:
    for account in (family["Holding"], family["Works"]):
        make(salesforce, "Contact", LastName="Zz", AccountId=account)
    soql = (
        "SELECT Id, (SELECT LastName FROM Account.Contacts ORDER BY LastName DESC LIMIT 1) "
        f"FROM Account WHERE Id IN ('{family['Holding']}', '{family['Works']}')"
    )
    found = salesforce.query(soql)
    assert [r["Contacts"]["records"][0]["LastName"] for r in found] == ["Zz", "Zz"]


def test_the_first_children_may_be_passed_over_without_a_limit(
    salesforce: Salesforce, family: dict[str, str]
) -> None:
    make(salesforce, "Contact", LastName="Zz", AccountId=family["Works"])
    children = "SELECT LastName FROM Contacts ORDER BY LastName OFFSET 1"
    record = one(salesforce, f"SELECT ({children}) FROM Account WHERE Id = '{family['Works']}'")
    assert [child["LastName"] for child in record["Contacts"]["records"]] == ["Zz"]


def test_children_are_not_found_by_a_reference_that_is_hidden(salesforce: Salesforce) -> None:
    lookup = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Partners"}
    salesforce.add_field("Partner__c", label="Partner", relationshipLabel="P", **lookup)
    soql = "SELECT (SELECT Id FROM Partners__r) FROM Account LIMIT 1"
    assert salesforce.refusal(soql)["errorCode"] == "INVALID_TYPE"
    salesforce.grant("Partner__c")
    assert salesforce.query(soql) == [{"Partners__r": None}]


def test_children_of_an_unknown_relationship_are_refused(salesforce: Salesforce) -> None:
    refusal = salesforce.refusal("SELECT Id, (SELECT Id FROM Nopes) FROM Account")
    assert refusal["errorCode"] == "INVALID_TYPE"
    assert "Didn't understand relationship 'Nopes' in FROM part of query call" in refusal["message"]


def test_a_path_leads_five_levels_up_at_most(salesforce: Salesforce) -> None:
    path = ".".join(["Parent"] * 6)
    assert salesforce.refusal(f"SELECT {path}.Name FROM Account")["errorCode"] == "INVALID_FIELD"
    assert salesforce.query(f"SELECT {path[7:]}.Name FROM Account LIMIT 1")
