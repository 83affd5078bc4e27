"""Accounts, opportunities and what happened, from both CRMs to the marts."""

from datetime import date
from decimal import Decimal

import pytest

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import Project, Warehouse

MODELS = "+accounts +activities +set_aside"
ACME, DEAL, ANN = "0015e00001AbCdEEAX", "0065e00001AbCdEEAX", "0035e00001AbCdEEAX"


@pytest.fixture(scope="module")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One build of the story of Acme, which bought, and of Beta, which only looks."""
    folder = tmp_path_factory.mktemp("accounts")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    crms = Crms()
    _acme(crms)
    _beta(crms)
    _gamma(crms)
    _oddities(crms)
    lake.add_all(crms.rows)
    flags = "--exclude-resource-type unit_test --indirect-selection cautious"
    warehouse.build(lake.loads, "build", "--select", *MODELS.split(), flags=flags)
    return warehouse


def _acme(crms: Crms) -> None:
    crms.salesforce(
        "accounts", ACME, "2026-01-02", Name="Acme", Website="https://www.acme.example/en",
        NumberOfEmployees=1200,
    )  # fmt: skip
    crms.salesforce("contacts", ANN, "2026-01-03", AccountId=ACME, Email="ann@acme.example")
    crms.salesforce(
        "opportunities", DEAL, "2026-02-01", "2026-03-01", AccountId=ACME, Name="Acme starts",
        StageName="Closed Won", IsClosed=True, IsWon=True, Amount=Decimal(500),
        CloseDate=date(2026, 3, 1), LastStageChangeDate=utc("2026-03-01"),
    )  # fmt: skip
    crms.opportunity_history(
        DEAL, ("Prospecting", "2026-02-01"), ("Closed Won", "2026-03-01T09:30:00")
    )
    crms.salesforce(
        "opportunity_contact_roles", "00K1", "2026-02-01", OpportunityId=DEAL, ContactId=ANN,
        IsPrimary=True,
    )  # fmt: skip
    crms.hubspot("companies", "1", "2026-01-01", name="ACME Inc.", domain="acme.example")
    crms.hubspot("deals", "9", "2026-02-01T00:05:00", salesforceopportunityid=DEAL[:15])


def _beta(crms: Crms) -> None:
    crms.hubspot(
        "companies", "2", "2026-01-05", name="Beta", domain="beta.example",
        hs_analytics_num_page_views=7, hs_analytics_first_timestamp=utc("2026-01-04"),
    )  # fmt: skip
    crms.contact("11", "2026-01-06", email="bob@beta.example")
    crms.contact("12", "2026-01-06", email="eve@freemail.example")
    crms.associate("contacts:12", "companies", "2026-01-06", ("2", 279))
    crms.hubspot("calls", "3", "2026-01-07", hs_timestamp=utc("2026-01-07"), hs_call_title="Hello")
    crms.associate("calls:3", "contacts", "2026-01-07", ("11", 194), ("12", 194))
    crms.form("f1", "bob@beta.example", "2026-01-08", "Newsletter")


def _gamma(crms: Crms) -> None:
    """Add two won deals, one of them in a currency whose rate nobody told us."""
    crms.hubspot("companies", "3", "2026-01-07", name="Gamma", domain="gamma.example")
    for deal, code in (("31", "EUR"), ("32", None)):
        crms.hubspot(
            "deals", deal, "2026-02-01", amount=Decimal(70), deal_currency_code=code,
            hs_is_closed=True, hs_is_closed_won=True, closedate=utc("2026-02-02"),
        )  # fmt: skip
        crms.associate(f"deals:{deal}", "companies", "2026-02-01", ("3", 5))


def _oddities(crms: Crms) -> None:
    crms.salesforce("events", "00U1", "2026-01-09", WhoId=ANN, StartDateTime=utc("1970-01-01"))
    crms.salesforce("events", "00U2", "2026-01-09", WhoId=ANN, StartDateTime=utc("2202-01-01"))
    crms.salesforce("campaigns", "7011", "2026-01-01", Name="Fair")
    crms.salesforce(
        "campaign_members", "00v1", "2026-01-09", CampaignId="7011", LeadId="00Q9",
        HasResponded=True,
    )  # fmt: skip
    crms.salesforce(
        "opportunity_contact_roles", "00K2", "2026-02-01", OpportunityId=DEAL, ContactId="0039"
    )
    crms.form("f2", "nobody@x.example", "2026-01-09")
    crms.task("00T1", "00Q9", "2026-01-09")


def test_one_company_in_two_crms_is_one_account(built: Warehouse) -> None:
    columns = "name, domain, employees, salesforce_account_id, hubspot_company_id, first_seen_at"
    assert built.rows(f"select {columns} from marts.accounts order by name") == [
        ("Acme", "acme.example", 1200, ACME, "1", utc("2026-01-01")),
        ("Beta", "beta.example", None, None, "2", utc("2026-01-05")),
        ("Gamma", "gamma.example", None, None, "3", utc("2026-01-07")),
    ]


def test_people_and_opportunities_count_for_their_account(built: Warehouse) -> None:
    columns = "name, people, open_opportunities, won_opportunities, amount_open, amount_won"
    assert built.rows(f"select {columns} from marts.accounts order by name") == [
        ("Acme", 1, 0, 1, Decimal("0.00"), Decimal("500.00")),
        ("Beta", 2, 0, 0, Decimal("0.00"), Decimal("0.00")),
        ("Gamma", 0, 0, 2, Decimal("0.00"), None),
    ]


def test_an_amount_that_cannot_be_converted_leaves_no_sum_that_lacks_it(built: Warehouse) -> None:
    query = "select amount_won from marts.accounts where name = 'Gamma'"
    assert built.rows(query) == [(None,)]


def test_a_visit_to_the_site_is_an_accounts_first_signal(built: Warehouse) -> None:
    query = "select name, page_views, first_signal_at from marts.accounts order by name"
    assert built.rows(query) == [
        ("Acme", 0, None),
        ("Beta", 7, utc("2026-01-04")),
        ("Gamma", 0, None),
    ]


def test_an_opportunity_with_a_mirror_stands_once(built: Warehouse) -> None:
    columns = "opportunity_id, state, amount, close_date, closed_at, people"
    query = f"select {columns} from marts.opportunities where source_system = 'salesforce'"
    assert built.rows(query) == [
        (
            f"salesforce:opportunity:{DEAL}", "won", Decimal("500.00"), date(2026, 3, 1),
            utc("2026-03-01T09:30:00"), 1,
        )
    ]  # fmt: skip


def test_a_call_with_two_people_is_an_activity_of_each(built: Warehouse) -> None:
    query = """
        select activity_type, is_meaningful, label, count(*) from marts.activities
        group by all order by 1
    """
    assert built.rows(query) == [
        ("call", True, None, 2),
        ("subscription", False, "Newsletter", 1),
    ]


def test_what_is_left_out_says_why(built: Warehouse) -> None:
    query = "select reason, object_name, record_id, detail from marts.set_aside order by 1"
    assert built.rows(query) == [
        ("activity_without_person", "task", "00T1", "00Q9"),
        ("impossible_date", "event", "00U1", "1970-01-01"),
        ("member_without_person", "campaign_member", "00v1", "00Q9"),
        ("role_without_contact", "opportunity_contact_role", "00K2", "salesforce:contact:0039"),
        ("submission_without_contact", "form_submission", "f2", None),
    ]
