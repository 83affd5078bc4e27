"""The same in our words: what the staging views of the wider streams say."""

from decimal import Decimal

import pytest

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import Project, Warehouse

YEN, EURO = "JPY", "EUR"


@pytest.fixture(scope="module")
def staged(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every staging view over one story."""
    folder = tmp_path_factory.mktemp("staged")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    crms = Crms()
    _currencies(crms)
    _stages(crms)
    _hubspot(crms)
    _placeholders(crms)
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, "run", "--select", "base", "staging")
    return warehouse


def _currencies(crms: Crms) -> None:
    for number, (code, rate) in enumerate({EURO: 1, YEN: 160}.items()):
        crms.salesforce(
            "currency_types", f"01L{number}", "2026-01-01",
            IsoCode=code, ConversionRate=Decimal(rate), IsCorporate=rate == 1,
        )  # fmt: skip
    for number, code in enumerate([None, EURO, YEN, "XXX"]):
        amount, day = Decimal("1600.00"), "2026-02-01"
        crms.salesforce("opportunities", f"006{number}", day, Amount=amount, CurrencyIsoCode=code)
        crms.salesforce(
            "opportunity_line_items", f"00k{number}", day,
            OpportunityId=f"006{number}", Quantity=Decimal(3), TotalPrice=amount,
            CurrencyIsoCode=code,
        )  # fmt: skip
    for number, (code, home) in enumerate([(None, None), ("USD", Decimal(90))]):
        crms.hubspot(
            "deals", str(number), "2026-02-01", amount=Decimal(100),
            deal_currency_code=code, amount_in_home_currency=home,
        )  # fmt: skip


def _stages(crms: Crms) -> None:
    names = [("Offer", "Our offer"), (None, " Talk "), ("", None)]
    for number, (name, label) in enumerate(names):
        crms.salesforce(
            "opportunity_stages", f"01J{number}", "2026-01-01",
            ApiName=name, MasterLabel=label, SortOrder=number,
        )  # fmt: skip


def _hubspot(crms: Crms) -> None:
    crms.hubspot(
        "tickets", "1", "2026-02-01", subject=" Printer ", hs_pipeline_stage="2",
        hs_ticket_category=["BILLING_ISSUE", "GENERAL_INQUIRY"],
    )  # fmt: skip
    crms.state("hubspot__lists", "17", "2026-02-01", name="VIPs", object_type_id="0-1")
    crms.state("hubspot__list_memberships", "17:1", "2026-02-01", list_id="17", record_id="1")
    crms.state(
        "hubspot__list_memberships", "17:1", "2026-02-02",
        list_id="17", record_id="1", object_type_id="0-1", _is_deleted=True,
    )  # fmt: skip
    crms.state("hubspot__owners", "70", "2026-02-03", updated_at=utc("2026-01-05"))
    crms.state("hubspot__pipelines", "deals:a:b", "2026-02-03", stage_id="b")


def _placeholders(crms: Crms) -> None:
    nobody, unknown = "[not provided]", "[[Unknown]]"
    crms.lead("00Q1", "2026-01-01", FirstName=" Ann ", LastName=nobody, Company=unknown)
    crms.contact("1", "2026-01-01", firstname="", lastname=unknown, company="Borges [AR]")
    crms.salesforce("accounts", "0011", "2026-01-01", Name=nobody)


@pytest.mark.parametrize("plural", ["opportunities", "opportunity_line_items"])
def test_salesforce_amounts_are_also_in_the_corporate_currency(
    staged: Warehouse, plural: str
) -> None:
    query = "select currency, amount, amount_corporate from staging.stg_salesforce__{} order by 1"
    amount = Decimal("1600.00")
    assert sorted(staged.rows(query.format(plural)), key=str) == [
        ("EUR", amount, amount),
        ("JPY", amount, Decimal("10.00")),
        ("XXX", amount, None),
        (None, amount, amount),
    ]


def test_a_stage_is_known_by_its_name_in_the_api_or_by_its_label(staged: Warehouse) -> None:
    names = "stage_name, stage_label, stage_order, is_active, is_won"
    query = f"select {names} from staging.stg_salesforce__opportunity_stages order by stage_order"
    assert staged.rows(query) == [
        ("Offer", "Our offer", 0, False, False),
        ("Talk", "Talk", 1, False, False),
        (None, None, 2, False, False),
    ]


def test_what_a_crm_writes_for_want_of_a_name_is_no_name(staged: Warehouse) -> None:
    query = """
        select first_name, last_name, company from staging.stg_salesforce__leads
        union all
        select first_name, last_name, company from staging.stg_hubspot__contacts
    """
    assert staged.rows(query) == [("Ann", None, None), (None, None, "Borges [AR]")]
    assert staged.rows("select name from staging.stg_salesforce__accounts") == [(None,)]


def test_hubspot_amounts_are_also_in_the_accounts_own_currency(staged: Warehouse) -> None:
    query = (
        "select currency, amount, amount_corporate from staging.stg_hubspot__deals order by 2, 3"
    )
    assert staged.rows(query) == [
        ("USD", Decimal("100.00"), Decimal("90.00")),
        (None, Decimal("100.00"), Decimal("100.00")),
    ]


def test_a_field_of_many_choices_stays_a_list(staged: Warehouse) -> None:
    query = "select label, stage_id, categories from staging.stg_hubspot__tickets"
    assert staged.rows(query) == [("Printer", "2", ["BILLING_ISSUE", "GENERAL_INQUIRY"])]


def test_who_has_left_a_list_is_deleted(staged: Warehouse) -> None:
    query = """
        select lists.name, lists.object_type, members.record_id, members.is_deleted
        from staging.stg_hubspot__list_memberships as members
        inner join staging.stg_hubspot__lists as lists on members.list_id = lists.list_id
    """
    assert staged.rows(query) == [("VIPs", "contacts", "1", True)]


def test_what_the_crm_dates_is_modified_when_it_says_and_else_when_it_was_found(
    staged: Warehouse,
) -> None:
    query = """
        select modified_at from staging.stg_hubspot__owners
        union all
        select modified_at from staging.stg_hubspot__pipeline_stages
    """
    assert [row[0].date().isoformat() for row in staged.rows(query)] == ["2026-01-05", "2026-02-03"]
