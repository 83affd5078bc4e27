"""How an org is set up: record types, who is in its queues, and its currencies."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make, refusal, values

PARTNER = {"Name": "Partner", "DeveloperName": "Partner_Deal", "SobjectType": "Opportunity"}


def described(salesforce: Salesforce, name: str) -> dict[str, Any]:
    found: dict[str, Any] = salesforce("GET", f"sobjects/{name}/describe").json()
    return found


def field_names(salesforce: Salesforce, name: str) -> set[str]:
    return {field["name"] for field in described(salesforce, name)["fields"]}


@pytest.fixture
def partner(salesforce: Salesforce) -> str:
    return make(salesforce, "RecordType", **PARTNER)


def test_an_org_has_no_record_types_at_first(salesforce: Salesforce) -> None:
    assert salesforce.query("SELECT Id FROM RecordType") == []
    assert "RecordTypeId" not in field_names(salesforce, "Opportunity")


def test_records_have_one_of_the_types_of_their_object(
    salesforce: Salesforce, partner: str
) -> None:
    deal = make(salesforce, "Opportunity", RecordTypeId=partner)
    soql = f"SELECT RecordType.DeveloperName FROM Opportunity WHERE Id = '{deal}'"
    assert salesforce.query(soql)[0]["RecordType"]["DeveloperName"] == "Partner_Deal"
    assert "RecordTypeId" not in field_names(salesforce, "Lead")
    other = make(salesforce, "RecordType", **{**PARTNER, "SobjectType": "Lead"})
    code = refusal(salesforce, "Opportunity", RecordTypeId=other)
    assert code == "INVALID_CROSS_REFERENCE_KEY"


def test_an_object_is_described_with_its_record_types(salesforce: Salesforce, partner: str) -> None:
    listed = described(salesforce, "Opportunity")["recordTypeInfos"]
    shown = [(one["recordTypeId"], one["developerName"], one["master"]) for one in listed]
    assert shown == [
        (partner, "Partner_Deal", False),
        ("012000000000000AAA", "Master", True),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SobjectType": "Nope"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"SobjectType": "LeadHistory"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"DeveloperName": "Not a name"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({}, "DUPLICATE_VALUE"),
    ],
)
def test_a_record_type_that_can_not_be_is_refused(
    salesforce: Salesforce, partner: str, changes: dict[str, str], code: str
) -> None:
    assert refusal(salesforce, "RecordType", **{**PARTNER, **changes}) == code
    change(salesforce, "RecordType", partner, IsActive=False)


def test_everybody_who_sells_is_in_the_queues(salesforce: Salesforce) -> None:
    members = salesforce.query(
        "SELECT Group.Name, UserOrGroupId FROM GroupMember WHERE Group.Type = 'Queue'"
    )
    soql = "SELECT Id FROM User WHERE Department LIKE 'Sales %' AND IsActive = true"
    sellers = {user["Id"] for user in salesforce.query(soql)}
    queues = {member["Group"]["Name"] for member in members}
    assert queues == {"Inbound", "Nurture pool"}
    assert {member["UserOrGroupId"] for member in members} == sellers
    assert len(members) == 2 * len(sellers)


def test_somebody_joins_a_queue_once_and_leaves_it(salesforce: Salesforce) -> None:
    [queue] = salesforce.query("SELECT Id FROM Group WHERE Name = 'Inbound'")
    [who] = salesforce.query("SELECT Id FROM User WHERE Username LIKE 'integration%'")
    member = {"GroupId": queue["Id"], "UserOrGroupId": who["Id"]}
    made = make(salesforce, "GroupMember", **member)
    assert refusal(salesforce, "GroupMember", **member) == "DUPLICATE_VALUE"
    assert salesforce("DELETE", f"sobjects/GroupMember/{made}").status_code == 204
    assert salesforce.query(f"SELECT Id FROM GroupMember WHERE Id = '{made}'") == []


def test_an_org_says_which_currencies_it_has(salesforce: Salesforce, admin: Admin) -> None:
    rates = "EUR=1,USD=1.1,JPY=165"
    admin.setting(salesforce_multicurrency=True, salesforce_currencies=rates)
    names = "IsoCode, ConversionRate, IsCorporate"
    soql = f"SELECT {names} FROM CurrencyType WHERE IsActive = true ORDER BY IsCorporate, IsoCode"
    found = [tuple(row.values()) for row in salesforce.query(soql)]
    assert found == [("JPY", 165.0, False), ("USD", 1.1, False), ("EUR", 1.0, True)]
    deal = make(salesforce, "Opportunity", CurrencyIsoCode="JPY")
    assert values(salesforce, make(salesforce, "Case"), "Case", "CurrencyIsoCode") == ("EUR",)
    soql = f"SELECT CurrencyIsoCode FROM OpportunityHistory WHERE OpportunityId = '{deal}'"
    assert salesforce.query(soql) == [{"CurrencyIsoCode": "JPY"}]


def test_a_rate_that_changes_is_stamped(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_multicurrency=True)
    admin.advance(60)
    admin.setting(salesforce_currencies="USD=1,EUR=0.9,CNY=7.2")
    soql = "SELECT IsoCode FROM CurrencyType WHERE SystemModstamp >= 2026-06-30T12:01:00Z"
    assert salesforce.query(soql) == [{"IsoCode": "EUR"}]


@pytest.mark.parametrize("rates", ["", "EUR", "EUR=2", "EUR=1,EUR=2", "eur=1", "EUR=1,USD=-1"])
def test_rates_that_make_no_sense_are_refused(admin: Admin, rates: str) -> None:
    answer = admin("PATCH", "settings", {"salesforce_currencies": rates})
    assert answer.status_code == 400
