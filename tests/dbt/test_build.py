"""The whole project on small stories: models, contracts, data tests and unit tests."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.histories.homes import Published
from pipelines.histories.timelines import find_subject, timeline
from pipelines.publish import publish
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import BUILD, Project, Warehouse

ANN, BEN = "00Q5e00001AbCdEEAX", "00Q5e00001AbCdeEAH"
CAT, EVE, FAY = "00Q5e00001AbCdFEAX", "00Q5e00001AbCdGEAX", "00Q5e00001AbCdHEAX"


@pytest.fixture(scope="module")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One build with every test, of a story that touches every model."""
    folder = tmp_path_factory.mktemp("story")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    crms = _story()
    _written_back(crms)
    _responses(crms)
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, "build")
    return warehouse


def _story() -> Crms:
    crms = Crms()
    crms.lead(
        ANN, "2026-01-01", "2026-03-05",
        Status="Marketing Qualified", Email="ann@x.example", LastName="Ann", Title="Sales Director",
    )  # fmt: skip
    crms.status(ANN, "New", "Working", "2026-02-01")
    crms.status(ANN, "Working", "Recycled", "2026-02-10")
    crms.status(ANN, "Recycled", "Marketing Qualified", "2026-03-05")
    crms.task("t1", ANN, "2026-02-02", Subject="First call")
    crms.contact("11", "2026-02-03", salesforceleadid=ANN[:15], lifecyclestage="lead")
    crms.lifecycle("11", ("lead", "2026-02-03"), source="API")
    crms.contact("12", "2026-02-03", email="dora@x.example", lifecyclestage="partner")
    crms.lifecycle("12", ("partner", "2026-02-03"))
    crms.form("f1", "Dora@x.example".lower(), "2026-05-31T12:00:00")
    crms.lead(BEN, "2026-01-01", "2026-04-01", _is_deleted=True, Email="ben@x.example")
    return crms


def _written_back(crms: Crms) -> None:
    """Add somebody of whom nothing happened but that we wrote on the record."""
    crms.lead(CAT, "2026-01-01", Email="cat@y.example")
    crms.lead(
        CAT, "2026-01-01", "2026-06-01", Email="cat@y.example",
        Leadcycle_Stage__c="Customer", Leadcycle_Synced_At__c=utc("2026-06-01"),
    )  # fmt: skip
    crms.status(CAT, "New", "New", "2026-05-01")


def _responses(crms: Crms) -> None:
    """Add two who responded on a day, the hour of which one of their records gives away."""
    for lead, changed in ((EVE, "2026-03-05T14:30:00"), (FAY, "2026-04-01")):
        crms.lead(lead, "2026-01-01", Email=f"{lead.lower()}@y.example")
        crms.salesforce(
            "campaign_members", f"m-{lead}", "2026-03-01", changed,
            CampaignId="c", LeadId=lead, HasResponded=True, FirstRespondedDate=date(2026, 3, 5),
        )  # fmt: skip


def of_lead(lead: str) -> str:
    """Return the condition that a row is about the person of a Lead."""
    return f"""
        person_id = (select person_id from intermediate.int_person_xref
            where record_key = 'salesforce:lead:{lead}')
    """


def test_an_id_of_15_characters_makes_one_person_of_two_records(built: Warehouse) -> None:
    query = """
        select full_name, systems, record_count from marts.people
        where email like '%@x.example' order by first_seen_at
    """
    assert built.rows(query) == [("Ann", "hubspot, salesforce", 2), (None, "hubspot", 1)]


def test_each_record_of_ann_finds_her_timeline_in_what_is_published(
    built: Warehouse, tmp_path: Path
) -> None:
    snapshot = publish(built.path, tmp_path, utc("2026-06-30T12:00:00"), "rules", {})
    people = Published("person", tmp_path, snapshot)
    [(person_id,)] = built.rows("select person_id from marts.people where full_name = 'Ann'")
    for sought in (person_id, ANN, f"salesforce:lead:{ANN}", "hubspot:contact:11"):
        assert find_subject([people], sought) == (people, person_id)
    then = timeline(people, person_id, utc("2026-02-05"))
    assert [row["stage_pass"] for row in then] == ["name-01", "sales-lead-01"]
    assert [row["exit_type"] for row in then] == ["advance", "open"]


def test_hubspots_default_does_not_take_ann_from_sales(built: Warehouse) -> None:
    query = """
        select stage_pass, cycle_number, exit_type from marts.stage_stints
        where person_id = (select person_id from marts.people where full_name = 'Ann')
        order by stint_number
    """
    assert built.rows(query) == [
        ("name-01", 1, "advance"),
        ("sales-lead-01", 1, "recycle"),
        ("recycled-01", 1, "reenter"),
        ("lead-01", 2, "open"),
    ]


def test_the_deleted_are_history_but_not_people(built: Warehouse) -> None:
    query = """
        select exit_type, exited_at from marts.stage_stints
        where person_id not in (select person_id from marts.people)
    """
    assert built.rows(query) == [("deleted", utc("2026-04-01"))]


def test_an_unknown_stage_value_is_reported(built: Warehouse) -> None:
    query = "select field_name, field_value, record_count from marts.unmapped_values"
    assert built.rows(query) == [("lifecyclestage", "partner", 1)]


def test_a_form_moves_dora_from_name_to_engaged(built: Warehouse) -> None:
    query = """
        select stage_label, previous_stage_label, entered_at from marts.person_lifecycles
        where stage_key = 'engaged'
            and person_id = (select person_id from marts.people where email = 'dora@x.example')
    """
    assert built.rows(query) == [("Engaged", "Name", utc("2026-05-31T12:00:00"))]


def test_doras_score_has_halved_in_thirty_days_and_says_why(built: Warehouse) -> None:
    query = "select score, score_reasons, stage_pass from sync.sync_hubspot__contacts"
    assert built.rows(query + " where record_id = '12'") == [
        (Decimal("20.00"), "Demo request +20.00 (2026-05-31)", "Engaged-01")
    ]


def test_both_records_of_ann_are_to_hold_the_same(built: Warehouse) -> None:
    columns = "stage, stage_pass, stage_since, score, score_reasons"
    [(lead, contact)] = built.rows(f"""
        select
            (select ({columns})::text from sync.sync_salesforce__leads where record_id = '{ANN}'),
            (select ({columns})::text from sync.sync_hubspot__contacts where record_id = '11')
    """)
    assert lead == contact


def test_a_past_as_of_shows_the_past(warehouse: Warehouse, lake: Lake) -> None:
    lake.add_all(_story().rows)
    warehouse.build(lake.loads, *BUILD, "--select", "+stage_stocks", as_of="2026-02-05T00:00:00Z")
    stages = "select stage_key, people from marts.stage_stocks where people > 0 order by stage_rank"
    assert warehouse.rows(stages) == [("name", 2), ("sales_lead", 1)]


def test_our_own_write_backs_move_nobody(built: Warehouse) -> None:
    query = f"select stage_pass, entered_at from marts.person_lifecycles where {of_lead(CAT)}"
    assert built.rows(query) == [("name-01", utc("2026-01-01"))]


@pytest.mark.parametrize(
    ("lead", "entered_at", "is_lower_bound"),
    [(FAY, utc("2026-03-05"), True), (EVE, utc("2026-03-05T14:30:00"), False)],
)
def test_a_stay_that_began_by_a_response_of_some_hour_of_a_day_says_so(
    built: Warehouse, lead: str, entered_at: datetime, is_lower_bound: bool
) -> None:
    query = f"""
        select stage_key, entered_at, entered_at_is_lower_bound from marts.stage_stints
        where stage_key <> 'name' and {of_lead(lead)}
    """
    assert built.rows(query) == [("engaged", entered_at, is_lower_bound)]


def test_empty_crms_build(warehouse: Warehouse, lake: Lake) -> None:
    warehouse.build(lake.loads)
    query = "select count(*), sum(people) from marts.stage_stocks"
    assert warehouse.rows(query) == [(17, 0)]
