"""Which rows and fields show at all: retention, late commits, currencies and person accounts."""

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make, refusal, values

DAY = 86_400


def lines_of(salesforce: Salesforce, lead: str, everything: bool) -> int:
    soql = f"SELECT Id FROM LeadHistory WHERE LeadId = '{lead}'"
    return len(salesforce.query(soql, everything=everything))


def test_history_shows_for_eighteen_months_and_hidden_for_twenty_four(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    shown = {}
    for months, days in ((18, 549), (18.1, 1), (24, 180), (24.1, 2)):
        admin.advance(days * DAY)
        salesforce.log_in()
        shown[months] = [lines_of(salesforce, lead, everything) for everything in (False, True)]
    assert shown == {18: [1, 1], 18.1: [0, 1], 24: [0, 1], 24.1: [0, 0]}


def test_stage_history_of_opportunities_is_kept_for_ever(
    salesforce: Salesforce, admin: Admin
) -> None:
    deal = make(salesforce, "Opportunity")
    admin.advance(900 * DAY)
    salesforce.log_in()
    soql = f"SELECT Id FROM OpportunityHistory WHERE OpportunityId = '{deal}'"
    assert len(salesforce.query(soql)) == 1


def test_a_write_shows_late_with_the_stamp_of_when_it_was_made(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_commit_delay_seconds=300)
    leads = {make(salesforce, "Lead", Company="Late") for _ in range(20)}
    soql = "SELECT Id, SystemModstamp FROM Lead WHERE Company = 'Late'"
    seen = []
    for _ in range(4):
        seen.append({record["Id"] for record in salesforce.query(soql)})
        admin.advance(100)
    assert seen[0] < seen[1] < seen[2] < seen[3] == leads
    stamps = {record["SystemModstamp"] for record in salesforce.query(soql)}
    assert stamps == {"2026-06-30T12:00:00.000+0000"}


def test_updated_does_not_cover_writes_that_may_still_be_hidden(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_commit_delay_seconds=300)
    params = {"start": "2026-06-30T11:00:00Z", "end": "2026-06-30T12:00:00Z"}
    answer = salesforce("GET", "sobjects/Lead/updated", params=params).json()
    assert answer["latestDateCovered"] == "2026-06-30T11:55:00.000+0000"


def test_an_org_of_one_currency_has_no_currency_fields(salesforce: Salesforce) -> None:
    soql = "SELECT CurrencyIsoCode FROM Opportunity"
    assert salesforce.refusal(soql)["errorCode"] == "INVALID_FIELD"
    assert salesforce.refusal("SELECT Id FROM CurrencyType")["errorCode"] == "INVALID_TYPE"


def test_an_org_of_several_currencies_has_them(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_multicurrency=True)
    soql = "SELECT IsoCode, ConversionRate FROM CurrencyType WHERE IsActive = true ORDER BY IsoCode"
    rates = {r["IsoCode"]: r["ConversionRate"] for r in salesforce.query(soql)}
    assert list(rates) == ["CNY", "EUR", "USD"]
    assert rates["USD"] == 1
    old = salesforce.query("SELECT CurrencyIsoCode FROM Opportunity LIMIT 1")
    assert old == [{"CurrencyIsoCode": "USD"}]
    deal = make(salesforce, "Opportunity", CurrencyIsoCode="EUR")
    found = salesforce.query("SELECT Id FROM Opportunity WHERE CurrencyIsoCode = 'EUR'")
    assert found == [{"Id": deal}]
    assert refusal(salesforce, "Opportunity", CurrencyIsoCode="XXX") == (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    )


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Account", "IsPersonAccount, PersonContactId, PersonEmail, LastName"),
        ("Contact", "IsPersonAccount"),
    ],
)
def test_person_accounts_bring_their_fields(
    salesforce: Salesforce, admin: Admin, kind: str, names: str
) -> None:
    soql = f"SELECT {names} FROM {kind} LIMIT 1"
    assert salesforce.refusal(soql)["errorCode"] == "INVALID_FIELD"
    admin.setting(salesforce_person_accounts=True)
    [record] = salesforce.query(soql)
    assert record["IsPersonAccount"] is False
    described = salesforce("GET", f"sobjects/{kind}/describe").json()["fields"]
    assert set(names.split(", ")) <= {field["name"] for field in described}


def test_a_late_write_can_be_read_by_who_wrote_it(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_commit_delay_seconds=300)
    lead = make(salesforce, "Lead")
    change(salesforce, "Lead", lead, City="Oslo")
    assert salesforce.lead(lead)["City"] == "Oslo"
    admin.advance(301)
    assert values(salesforce, lead, "Lead", "City") == ("Oslo",)
