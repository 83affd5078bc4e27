"""Stories that tests of several kinds tell: people and their news, and all that is odd."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.dbt.crm import Crms
from tests.dbt.lake import utc

ANN, BEN, CAT, DAN, FIA = (f"00Q5e00001AbC{letter}EAX" for letter in "dEfgh")
DEAN = "0035e00001AbCdEEAX"
IDA, JAN = "00Q5e00001AbCdiEAX", "00Q5e00001AbCdjEAX"
JOE, PAM, SALE = "00Q5e00001AbCdlEAX", "0035e00001AbCdFEAX", "0065e00001AbCd2EAX"
DESK = "+49 30 12345678"
KIM, ACME, DEAL = "0035e00001AbCdkEAX", "0015e00001AbCd1EAX", "0065e00001AbCd1EAX"


def _fit(name: str) -> dict[str, Any]:
    """Return fields that make a Director fit, and a Clerk not."""
    return {
        "Email": f"{name.lower()}@w.example", "LastName": name, "Industry": "Software",
        "Country": "Germany", "NumberOfEmployees": 50,
    }  # fmt: skip


def beginning(crms: Crms) -> None:
    """People in both CRMs, with what they did; one call is still to come."""
    crms.lead(ANN, "2026-01-01", Email="ann@x.example", LastName="Ann", Status="Working")
    crms.status(ANN, "New", "Working", "2026-01-10")
    crms.lead(BEN, "2026-01-02", Email="ben@x.example", LastName="Ben")
    crms.lead(CAT, "2026-01-03", Email="cat@y.example", LastName="Cat")
    crms.status(CAT, "New", "Working", "2026-01-20")
    crms.lead(DAN, "2026-01-04", Email="dan@z.example", LastName="Dan")
    crms.lead(FIA, "2026-01-08", Status="Nurturing", Title="Director", **_fit("Fia"))
    crms.status(FIA, "New", "Nurturing", "2026-01-09")
    crms.task("moved", ANN, "2026-01-12", Subject="First call")
    crms.task("stays", CAT, "2026-01-25")
    crms.task("to come", CAT, "2026-03-15")
    crms.contact("11", "2026-01-05", email="eve@x.example", lastname="Eve", lifecyclestage="lead")
    crms.lifecycle("11", ("subscriber", "2026-01-05"), ("lead", "2026-01-15"))
    crms.contact("12", "2026-01-06", email="fay@x.example", lastname="Fay")
    crms.contact("13", "2026-01-07", email="gil@x.example", lastname="Gil")
    crms.hubspot("calls", "c1", "2026-01-16", hs_timestamp=None, hs_call_title="Call")
    crms.associate("calls:c1", "contacts", "2026-01-16", ("11", 194), ("12", 194))
    crms.form("f1", "gil@x.example", "2026-01-17")
    crms.form("f2", "hal@x.example", "2026-01-18")
    crms.salesforce("contacts", PAM, "2026-01-20", Email="pam@v.example", LastName="Pam")
    crms.salesforce("opportunity_contact_roles", "r1", "2026-01-20", OpportunityId=SALE,
                    ContactId=PAM, IsPrimary=True)  # fmt: skip
    _sale(crms, "2026-01-20", is_won=False)
    crms.task("sold", PAM, "2026-01-21", Subject="First call")
    crms.lead(JOE, "2026-01-21", FirstName="Joe", LastName="Roe", Company="Acme", Phone=DESK)
    _joe(crms, "2026-01-21", company="Beta")
    crms.salesforce("campaigns", "k1", "2026-01-01", Name="Fair")
    crms.salesforce(
        "campaign_members", "m1", "2026-01-19", CampaignId="k1", LeadId=CAT, HasResponded=True,
        Status="Responded",
    )  # fmt: skip


def _sale(crms: Crms, at: str, *, is_won: bool) -> None:
    stage = "Closed Won" if is_won else "Prospecting"
    crms.salesforce("opportunities", SALE, "2026-01-20", at, StageName=stage, IsClosed=is_won,
                    IsWon=is_won, CloseDate=date.fromisoformat(at))  # fmt: skip


def _joe(crms: Crms, at: str, company: str) -> None:
    crms.contact("14", "2026-01-21", at, firstname="Joe", lastname="Roe", company=company,
                 phone=DESK)  # fmt: skip


def news(crms: Crms) -> None:
    """A call is another's, a person is two no more, one is gone, one has another address."""
    _sale(crms, "2026-03-14", is_won=True)
    _joe(crms, "2026-03-14", company="ACME Ltd")
    crms.task("moved", BEN, "2026-03-10", Subject="First call")
    crms.contact("11", "2026-01-05", "2026-03-11", email="eve@x.example", lastname="Eve",
                 hs_merged_object_ids="12", lifecyclestage="opportunity")  # fmt: skip
    crms.lifecycle("11", ("opportunity", "2026-03-11"))
    crms.contact("12", "2026-01-06", "2026-03-11", _is_deleted=True, email="fay@x.example")
    crms.contact("13", "2026-01-07", "2026-03-12", email="hal@x.example", lastname="Gil")
    crms.salesforce("campaigns", "k1", "2026-01-01", "2026-03-12", Name="Trade fair")
    crms.lead(DAN, "2026-01-04", "2026-03-13", Email="dan@z.example", LastName="Dan",
              IsConverted=True, ConvertedContactId=DEAN, Status="Qualified")  # fmt: skip
    crms.status(DAN, "New", "Qualified", "2026-03-13")
    crms.salesforce("contacts", DEAN, "2026-03-13", Email="dan@z.example", LastName="Dan")
    crms.lead(CAT, "2026-01-03", "2026-03-20", _is_deleted=True, Email="cat@y.example",
              LastName="Cat")  # fmt: skip
    crms.task("stays", CAT, "2026-03-20", _is_deleted=True)
    crms.lead(FIA, "2026-01-08", "2026-03-25", Status="Nurturing", Title="Clerk", **_fit("Fia"))
    crms.change(FIA, "Title", "Director", "Clerk", "2026-03-25")


def more_news(crms: Crms) -> None:
    """What happened long ago is read late, a form counts for another, a call was nobody's.

    Who was deleted is restored.
    """
    crms.lead(CAT, "2026-01-03", "2026-04-06", Email="cat@y.example", LastName="Cat",
              Status="Working")  # fmt: skip
    _sale(crms, "2026-04-05", is_won=False)
    crms.status(ANN, "Working", "Recycled", "2026-01-20")
    crms.status(ANN, "Recycled", "Marketing Qualified", "2026-04-02")
    crms.lead(ANN, "2026-01-01", "2026-04-02", Email="ann@x.example", LastName="Ann",
              Status="Marketing Qualified")  # fmt: skip
    crms.task("moved", "", "2026-04-03", Subject="First call")
    crms.contact("13", "2026-01-07", "2026-04-04", email="gil@x.example", lastname="Gil")


def oddities(crms: Crms) -> None:
    """What few lakes hold: of every kind that somebody has to look at, a row."""
    _unmapped(crms)
    crms.contact("21", "2026-01-03", email="ida@odd.example",
                 hs_additional_emails="ina@odd.example;ira@odd.example")  # fmt: skip
    crms.lead(IDA, "2026-01-04", Email="ira@odd.example", LastName="Ida")
    crms.salesforce("events", "00U1", "2026-01-09", WhoId=IDA, StartDateTime=utc("1970-01-01"))
    _bought(crms)


def _unmapped(crms: Crms) -> None:
    """A Lead stands where no rule knows; its history has a gap, a tie and a change of nothing."""
    crms.lead(JAN, "2026-01-02", Email="jan@odd.example", LastName="Jan", Status="Purgatory")
    crms.status(JAN, "Nurturing", "Working", "2026-01-10")
    crms.status(JAN, "Recycled", "Recycled", "2026-01-20")
    crms.status(JAN, "Recycled", "Nurturing", "2026-01-30", 1)
    crms.status(JAN, "Nurturing", "Purgatory", "2026-01-30", 2)


def _bought(crms: Crms) -> None:
    """An Account buys; a role is nobody's. A company has a deal in a currency without a rate."""
    crms.salesforce("accounts", ACME, "2026-01-02", Name="Acme", Website="https://acme.example")
    crms.salesforce("contacts", KIM, "2026-01-03", AccountId=ACME, Email="kim@acme.example")
    crms.salesforce(
        "opportunities", DEAL, "2026-02-01", "2026-03-01", AccountId=ACME, Name="Acme starts",
        StageName="Closed Won", IsClosed=True, IsWon=True, Amount=Decimal(500),
        CloseDate=date(2026, 3, 1), LastStageChangeDate=utc("2026-03-01"),
    )  # fmt: skip
    crms.opportunity_history(DEAL, ("Prospecting", "2026-02-01"), ("Closed Won", "2026-03-01"))
    for role, contact in (("00K1", KIM), ("00K2", "0039")):
        crms.salesforce("opportunity_contact_roles", role, "2026-02-01", OpportunityId=DEAL,
                        ContactId=contact)  # fmt: skip
    crms.hubspot("companies", "3", "2026-01-07", name="Gamma", domain="gamma.example")
    crms.hubspot("deals", "31", "2026-02-01", amount=Decimal(70), deal_currency_code="EUR")
    crms.associate("deals:31", "companies", "2026-02-01", ("3", 5))
