"""Cases: numbered, closed, of a Contact and so of an Account, which they hold fast."""

import pytest

from tests.sandbox.bulk import queried
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make, values


@pytest.fixture
def account(salesforce: Salesforce) -> str:
    return make(salesforce, "Account")


@pytest.fixture
def case(salesforce: Salesforce, account: str) -> str:
    contact = make(salesforce, "Contact", AccountId=account, Email="a@b.example")
    return make(salesforce, "Case", ContactId=contact, Subject="It leaks")


def test_a_case_is_numbered_and_of_the_account_of_its_contact(
    salesforce: Salesforce, case: str, account: str
) -> None:
    names = ("CaseNumber", "AccountId", "ContactEmail", "Status", "IsClosed", "Contact.Name")
    [found] = salesforce.query(f"SELECT {', '.join(names)} FROM Case")
    found["Contact"].pop("attributes")
    assert found == {
        "CaseNumber": "00001001",
        "AccountId": account,
        "ContactEmail": "a@b.example",
        "Status": "New",
        "IsClosed": False,
        "Contact": {"Name": "Probe"},
    }
    assert case.startswith("500")


def test_a_closed_case_says_since_when(salesforce: Salesforce, admin: Admin, case: str) -> None:
    change(salesforce, "Case", case, Status="Closed")
    admin.advance(3_600)
    change(salesforce, "Case", case, Priority="High")
    found = values(salesforce, case, "Case", "IsClosed", "ClosedDate", "SystemModstamp")
    closed, changed = "2026-06-30T12:00:00.000+0000", "2026-06-30T13:00:00.000+0000"
    assert found == (True, closed, changed)
    change(salesforce, "Case", case, Status="Working")
    assert values(salesforce, case, "Case", "IsClosed", "ClosedDate") == (False, None)


def test_an_account_with_cases_is_not_deleted(
    salesforce: Salesforce, case: str, account: str
) -> None:
    answer = salesforce("DELETE", f"sobjects/Account/{account}")
    [refused] = answer.json()
    assert (answer.status_code, refused["errorCode"]) == (400, "DELETE_FAILED")
    assert refused["message"] == (
        "Your attempt to delete Probe Works could not be completed because it is associated with "
        "the following cases.: 00001001\n"
    )
    salesforce("DELETE", f"sobjects/Case/{case}")
    assert salesforce("DELETE", f"sobjects/Account/{account}").status_code == 204


def test_a_deleted_case_takes_its_tasks_along(salesforce: Salesforce, case: str) -> None:
    task = make(salesforce, "Task", WhatId=case, Subject="Call")
    salesforce("DELETE", f"sobjects/Case/{case}")
    span = {"start": "2026-06-30T11:00:00Z", "end": "2026-06-30T12:30:00Z"}
    gone = salesforce("GET", "sobjects/Case/deleted", params=span).json()["deletedRecords"]
    assert [one["id"] for one in gone] == [case]
    assert values(salesforce, task, "Task", "IsDeleted") == (True,)


def test_cases_follow_merged_contacts(salesforce: Salesforce, admin: Admin, case: str) -> None:
    [loser] = values(salesforce, case, "Case", "ContactId")
    winner = make(salesforce, "Contact", LastName="Other")
    body = {"object": "Contact", "winner": winner, "losers": [loser], "user": 1}
    admin("POST", "merges", {"crm": "salesforce", **body}).raise_for_status()
    assert values(salesforce, case, "Case", "ContactId") == (winner,)


def test_cases_are_merged(salesforce: Salesforce, admin: Admin, case: str) -> None:
    child = make(salesforce, "Case", ParentId=case)
    winner = make(salesforce, "Case", Subject="It leaks, too")
    body = {"object": "Case", "winner": winner, "losers": [case], "user": 1}
    admin("POST", "merges", {"crm": "salesforce", **body}).raise_for_status()
    assert values(salesforce, case, "Case", "IsDeleted", "MasterRecordId") == (True, winner)
    assert values(salesforce, child, "Case", "ParentId") == (winner,)


def test_cases_are_read_in_bulk(salesforce: Salesforce, case: str) -> None:
    assert queried(salesforce, "SELECT Id, CaseNumber, ContactEmail FROM Case") == (
        f'"Id","CaseNumber","ContactEmail"\n"{case}","00001001","a@b.example"\n'
    )


def test_the_number_is_the_name_of_a_case(salesforce: Salesforce) -> None:
    body = salesforce("GET", "sobjects/Case/describe").json()
    [number] = [field for field in body["fields"] if field["nameField"]]
    shown = {name: number[name] for name in ("name", "autoNumber", "createable", "nillable")}
    assert shown == {
        "name": "CaseNumber",
        "autoNumber": True,
        "createable": False,
        "nillable": False,
    }
    assert {body[flag] for flag in ("layoutable", "searchable", "mergeable")} == {True}
