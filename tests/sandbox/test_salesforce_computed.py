"""Standard fields that Salesforce computes, and what they are computed from."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, lines, make, values

DONE = {"Status": "Completed", "Priority": "Normal"}


def test_an_opportunity_tells_its_fiscal_period_and_what_is_expected(
    salesforce: Salesforce,
) -> None:
    deal = {"CloseDate": "2026-11-03", "Amount": 1000, "StageName": "Negotiation"}
    deal_id = make(salesforce, "Opportunity", **deal)
    names = ("Fiscal", "FiscalYear", "FiscalQuarter", "ExpectedRevenue", "ForecastCategoryName")
    assert values(salesforce, deal_id, "Opportunity", *names) == ("2026 4", 2026, 4, 750, "Commit")
    change(salesforce, "Opportunity", deal_id, Amount=None)
    assert values(salesforce, deal_id, "Opportunity", "ExpectedRevenue") == (None,)


def test_computed_fields_are_found_by_and_not_written(salesforce: Salesforce) -> None:
    deal_id = make(salesforce, "Opportunity", CloseDate="2031-02-03", StageName="Proposal")
    where = "FiscalYear = 2031 AND ForecastCategoryName = 'best case'"
    found = salesforce.query(f"SELECT Id FROM Opportunity WHERE {where}")
    assert found == [{"Id": deal_id}]
    answer = salesforce("PATCH", f"sobjects/Opportunity/{deal_id}", json={"FiscalYear": 2030})
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_line_of_stages_tells_what_was_before(salesforce: Salesforce, admin: Admin) -> None:
    deal_id = make(salesforce, "Opportunity", Amount=100)
    admin.advance(60)
    change(salesforce, "Opportunity", deal_id, Amount=200, CloseDate="2026-12-01")
    change(salesforce, "Opportunity", deal_id, StageName="Negotiation")
    names = ("PrevAmount", "PrevCloseDate", "ExpectedRevenue")
    assert lines(salesforce, "OpportunityHistory", deal_id, *names) == [
        (None, None, 10),
        (100, "2026-09-30", 20),
        (200, "2026-12-01", 150),
    ]


@pytest.mark.parametrize(
    ("kind", "reference"),
    [("Lead", "WhoId"), ("Contact", "WhoId"), ("Account", "WhatId"), ("Opportunity", "WhatId")],
)
def test_the_last_activity_is_a_closed_task_or_an_event(
    salesforce: Salesforce, kind: str, reference: str
) -> None:
    record_id = make(salesforce, kind)
    told: list[Any] = []
    link: dict[str, Any] = {reference: record_id}
    make(salesforce, "Task", ActivityDate="2026-05-09", **link)
    told += values(salesforce, record_id, kind, "LastActivityDate")
    make(salesforce, "Task", ActivityDate="2026-05-01", **DONE, **link)
    told += values(salesforce, record_id, kind, "LastActivityDate")
    event = make(salesforce, "Event", StartDateTime="2026-05-03T09:00:00Z", **link)
    told += values(salesforce, record_id, kind, "LastActivityDate")
    salesforce("DELETE", f"sobjects/Event/{event}").raise_for_status()
    told += values(salesforce, record_id, kind, "LastActivityDate")
    assert told == [None, "2026-05-01", "2026-05-03", "2026-05-01"]


def test_an_account_counts_the_activities_of_its_people_and_deals(salesforce: Salesforce) -> None:
    account_id = make(salesforce, "Account")
    who = make(salesforce, "Contact", AccountId=account_id)
    what = make(salesforce, "Opportunity", AccountId=account_id)
    told: list[Any] = []
    for link in ({"WhoId": who, "ActivityDate": "2026-05-01"},
                 {"WhatId": what, "ActivityDate": "2026-05-02"}):  # fmt: skip
        make(salesforce, "Task", **DONE, **link)
        told += values(salesforce, account_id, "Account", "LastActivityDate")
    assert told == ["2026-05-01", "2026-05-02"]


def test_users_have_a_profile_and_an_alias(salesforce: Salesforce) -> None:
    soql = (
        "SELECT Id, Alias, Profile.Name, UserRoleId FROM User WHERE Username LIKE 'integration@%'"
    )
    [user] = salesforce.query(soql)
    name = "Minimum Access - API Only Integrations"
    assert (user["Alias"], user["Profile"]["Name"], user["UserRoleId"]) == ("linte", name, None)
    profile = salesforce("GET", f"sobjects/User/{user['Id']}/Profile").json()
    assert (profile["attributes"]["type"], profile["Name"]) == ("Profile", name)
    names = {one["Name"] for one in salesforce.query("SELECT Id, Name FROM Profile")}
    assert names == {name, "Standard User", "System Administrator"}
