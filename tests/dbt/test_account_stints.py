"""Where accounts stood, from both CRMs to the marts: until they bought, and after."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import Project, Warehouse

MODELS = "+accounts +account_lifecycles +stage_stocks +unmapped_values"
ACME, SWALLOWED, EMPTY = "0015e00001AbCd1EAX", "0015e00001AbCd2EAX", "0015e00001AbCd3EAX"
ANN, BEN = "0035e00001AbCd1EAX", "0035e00001AbCd2EAX"


@pytest.fixture(scope="module")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One build of the stories below, with the checks that stand on every build."""
    folder = tmp_path_factory.mktemp("account_stints")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    crms = Crms()
    _acme(crms)
    _empty(crms)
    _moved(crms)
    lake.add_all(crms.rows)
    flags = "--exclude-resource-type unit_test --indirect-selection cautious"
    warehouse.build(lake.loads, "build", "--select", *MODELS.split(), flags=flags)
    return warehouse


def _acme(crms: Crms) -> None:
    """Acme swallowed the Account of its other contact, bought, and is a grown customer since."""
    crms.salesforce(
        "accounts", ACME, "2026-01-01", "2026-05-01", Name="Acme", Customer_Stage__c="Active"
    )
    crms.salesforce(
        "accounts", SWALLOWED, "2026-01-01", "2026-02-01", Name="Acme old", MasterRecordId=ACME,
        _is_deleted=True, Customer_Stage__c="Churned",
    )  # fmt: skip
    for contact, account, status in ((ANN, ACME, "New"), (BEN, SWALLOWED, "Working")):
        crms.salesforce("contacts", contact, "2026-01-02", AccountId=account, Status__c=status)
    _won(crms, "0065e00001AbCd1EAX", ACME, "2026-03-01")


def _won(crms: Crms, opportunity: str, account: str, at: str) -> None:
    crms.salesforce(
        "opportunities", opportunity, "2026-02-01", at, AccountId=account, StageName="Closed Won",
        IsClosed=True, IsWon=True, Amount=Decimal(1), CloseDate=date.fromisoformat(at),
        LastStageChangeDate=utc(at),
    )  # fmt: skip
    crms.opportunity_history(opportunity, ("Prospecting", "2026-02-01"), ("Closed Won", at))


def _empty(crms: Crms) -> None:
    """Nobody of this customer is known."""
    crms.salesforce("accounts", EMPTY, "2026-01-01", Name="Empty")
    _won(crms, "0065e00001AbCd2EAX", EMPTY, "2026-04-01")


def _moved(crms: Crms) -> None:
    """Eve's record at One was deleted when she had one at Two; Two says what nobody mapped."""
    crms.hubspot("companies", "1", "2026-01-01", name="One", domain="one.example")
    crms.hubspot("companies", "2", "2026-01-01", name="Two", customer_stage="Bought twice")
    for contact, company, mail in (("11", "1", "eve@one.example"), ("12", "2", "eve@two.example")):
        created = "2026-01-02" if company == "1" else "2026-03-01"
        is_gone = company == "1"
        crms.contact(
            contact, created, "2026-03-05" if is_gone else created, email=mail,
            mobilephone="+491701234567", _is_deleted=is_gone,
        )  # fmt: skip
        crms.associate(f"contacts:{contact}", "companies", created, (company, 279))


def _stints(built: Warehouse, name: str) -> list[tuple[Any, ...]]:
    columns = "stage_pass, entered_at, exit_type, evidence"
    return built.rows(f"""
        select {columns} from marts.account_stints inner join marts.accounts using (account_id)
        where name = '{name}' order by stint_number
    """)


def test_an_account_follows_its_people_then_its_opportunities_and_its_own_field(
    built: Warehouse,
) -> None:
    assert _stints(built, "Acme") == [
        ("sales-lead-01", utc("2026-01-02"), "advance", "inferred_initial"),
        ("delivery-01", utc("2026-03-01"), "advance", "history"),
        ("active-01", utc("2026-05-01"), "open", "snapshot"),
    ]


def test_a_customer_without_contacts_stands_where_it_bought(built: Warehouse) -> None:
    assert _stints(built, "Empty") == [("delivery-01", utc("2026-04-01"), "open", "history")]


def test_who_moves_on_takes_no_stage_away_and_brings_theirs(built: Warehouse) -> None:
    assert [stint[:2] for stint in _stints(built, "One")] == [("name-01", utc("2026-01-02"))]
    assert [stint[:2] for stint in _stints(built, "Two")] == [("name-01", utc("2026-03-01"))]


def test_stocks_count_customers_in_their_own_stages(built: Warehouse) -> None:
    query = "select stage_key, accounts, people from marts.stage_stocks where accounts > 0"
    assert built.rows(query + " order by stage_rank") == [
        ("name", 2, 2), ("delivery", 1, 0), ("active", 1, 0),
    ]  # fmt: skip


def test_a_value_of_accounts_that_nobody_mapped_is_told(built: Warehouse) -> None:
    query = "select object_name, field_name, field_value, record_count from marts.unmapped_values"
    assert built.rows(query) == [("company", "customer_stage", "Bought twice", 1)]
