from typing import Any

import pytest
import requests

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import lines, make, values

LATER = "2026-06-30T12:01:00.000+0000"


def merge(admin: Admin, kind: str, winner: str, *losers: str) -> requests.Response:
    body = {"crm": "salesforce", "object": kind, "winner": winner, "losers": losers, "user": 1}
    return admin("POST", "merges", body)


@pytest.fixture
def two(salesforce: Salesforce) -> tuple[str, str]:
    """Two Leads who are one person."""
    return make(salesforce, "Lead", Title="CEO"), make(salesforce, "Lead", City="Oslo")


def test_a_merged_lead_is_deleted_and_names_its_master(
    salesforce: Salesforce, admin: Admin, two: tuple[str, str]
) -> None:
    winner, loser = two
    admin.advance(60)
    assert merge(admin, "Lead", winner, loser).json() == {"survivor": winner}
    names = ("IsDeleted", "MasterRecordId", "SystemModstamp")
    assert values(salesforce, loser, "Lead", *names) == (True, winner, LATER)
    assert values(salesforce, winner, "Lead", *names) == (False, None, LATER)
    assert values(salesforce, winner, "Lead", "Title", "City") == ("CEO", None)
    assert lines(salesforce, "LeadHistory", winner, "Field") == [("created",), ("leadMerged",)]
    assert lines(salesforce, "LeadHistory", loser, "Field") == []


def test_what_a_loser_did_is_the_winners(
    salesforce: Salesforce, admin: Admin, two: tuple[str, str]
) -> None:
    winner, loser = two
    activities = {kind: make(salesforce, kind, WhoId=loser) for kind in ("Task", "Event")}
    campaign = make(salesforce, "Campaign")
    member = make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=loser)
    admin.advance(60)
    merge(admin, "Lead", winner, loser)
    for kind, record_id in activities.items():
        moved = values(salesforce, record_id, kind, "WhoId", "SystemModstamp", "IsDeleted")
        assert moved == (winner, LATER, False)
    assert values(salesforce, member, "CampaignMember", "LeadId") == (winner,)


def test_a_person_stays_a_member_of_a_campaign_once(
    salesforce: Salesforce, admin: Admin, two: tuple[str, str]
) -> None:
    campaign = make(salesforce, "Campaign")
    third = make(salesforce, "Lead")
    members = [
        make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=lead)
        for lead in (two[1], third)
    ]
    merge(admin, "Lead", two[0], two[1], third)
    soql = f"SELECT Id, LeadId FROM CampaignMember WHERE CampaignId = '{campaign}'"
    assert salesforce.query(soql) == [{"Id": members[0], "LeadId": two[0]}]


def test_merged_accounts_hand_over_their_people_and_deals(
    salesforce: Salesforce, admin: Admin
) -> None:
    winner, loser = make(salesforce, "Account"), make(salesforce, "Account")
    person = make(salesforce, "Contact", AccountId=loser)
    deal = make(salesforce, "Opportunity", AccountId=loser)
    merge(admin, "Account", winner, loser)
    owned = [("Contact", person), ("Opportunity", deal)]
    found = [values(salesforce, known, kind, "AccountId", "IsDeleted") for kind, known in owned]
    assert found == [(winner, False)] * 2


def test_a_merge_that_makes_no_sense_is_refused(
    salesforce: Salesforce, admin: Admin, two: tuple[str, str]
) -> None:
    lead, other = two
    three = [make(salesforce, "Lead") for _ in range(3)]
    asked: list[tuple[Any, ...]] = [
        ("Lead", lead, lead),
        ("Lead", lead, *three),
        ("Lead", lead),
        ("Lead", lead, "00Q5e0000000zzz"),
        ("Campaign", make(salesforce, "Campaign"), make(salesforce, "Campaign")),
        ("Nope", lead, other),
    ]
    assert [merge(admin, *one).status_code for one in asked] == [400] * len(asked)
    assert values(salesforce, other, "Lead", "IsDeleted") == (False,)
