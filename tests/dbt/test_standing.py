"""A build that writes only what changed ends as a build of everything does."""

from pathlib import Path

import pytest

from tests.dbt.comparison import differing_tables
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.warehouse import BUILD, BuildError, Project, Warehouse

ANN, BEN, CAT, DAN, FIA = (f"00Q5e00001AbC{letter}EAX" for letter in "dEfgh")
DEAN = "0035e00001AbCdEEAX"
FIRST, SECOND, THIRD = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"


@pytest.fixture(scope="module")
def kept_up(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Warehouse]:
    """A warehouse that was built of everything, then twice of news; one build broke half way."""
    folder = tmp_path_factory.mktemp("kept_up")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    half_way = [*BUILD, "--select", "+int_stage_events_led"]
    for tell, as_of in ((_beginning, FIRST), (_news, SECOND), (_more_news, THIRD)):
        crms = Crms()
        tell(crms)
        lake.add_all(crms.rows)
        if tell is _more_news:
            warehouse.build(lake.loads, *half_way, as_of=as_of, told={"standing": True})
        warehouse.keep_up(lake.loads, as_of)
    return lake, warehouse


def test_every_table_is_the_one_that_a_build_of_everything_makes(
    kept_up: tuple[Lake, Warehouse], project: Project, tmp_path: Path
) -> None:
    lake, warehouse = kept_up
    anew = Warehouse(project, tmp_path / "warehouse.duckdb")
    anew.keep_up(lake.loads, THIRD)

    assert differing_tables(warehouse.path, anew.path) == {}
    assert warehouse.rows("select count(*) from marts.stage_stints")[0][0] > 15
    assert warehouse.rows("select count(*) from marts.activities")[0][0] > 4


def test_only_who_has_news_is_made_anew(kept_up: tuple[Lake, Warehouse]) -> None:
    _, warehouse = kept_up
    touched = """
        select people.full_name from intermediate.int_touched_people
        inner join marts.people using (person_id) order by full_name
    """

    assert warehouse.rows(touched) == [("Ann",), ("Ben",), ("Fia",), ("Gil",)]


def test_who_ceased_to_fit_falls_out_when_the_days_are_over_and_nothing_new_is_read_of_them(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    _, warehouse = kept_up
    query = """
        select stage_pass, exit_type from marts.stage_stints
        inner join marts.people using (person_id)
        where full_name = 'Fia' order by stint_number desc limit 2
    """

    assert warehouse.rows(query) == [("engaged-02", "open"), ("target-01", "regress")]


@pytest.mark.soak
def test_other_rules_or_an_earlier_instant_make_everything_anew(
    kept_up: tuple[Lake, Warehouse], project: Project, tmp_path: Path
) -> None:
    lake, _ = kept_up
    warehouse = Warehouse(project, tmp_path / "warehouse.duckdb")
    for rules in ("rules", "others"):
        warehouse.keep_up(lake.loads, THIRD, rules)
        assert warehouse.rows("select count(*) from intermediate.int_touched_people") == [(0,)]
    warehouse.keep_up(lake.loads, FIRST, "others")
    early = "select max(occurred_at) < timestamptz '2026-03-01' from intermediate.int_activities"
    assert warehouse.rows(early) == [(True,)]
    assert warehouse.rows("select count(*) from intermediate.int_touched_people") == [(0,)]


def test_a_build_that_failed_leaves_the_tables_standing_where_they_stood(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    lake, warehouse = kept_up
    before = warehouse.rows("from standing.loads order by stream")
    torn = {**lake.loads, "salesforce__leads": [*lake.loads["salesforce__leads"], "no such load"]}

    with pytest.raises(BuildError):
        warehouse.keep_up(torn, THIRD)

    assert warehouse.rows("from standing.loads order by stream") == before


def _fit(name: str) -> dict[str, object]:
    """Return fields that make a Director fit, and a Clerk not."""
    return {
        "Email": f"{name.lower()}@w.example", "LastName": name, "Industry": "Software",
        "Country": "Germany", "NumberOfEmployees": 50,
    }  # fmt: skip


def _beginning(crms: Crms) -> None:
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
    crms.salesforce("campaigns", "k1", "2026-01-01", Name="Fair")
    crms.salesforce(
        "campaign_members", "m1", "2026-01-19", CampaignId="k1", LeadId=CAT, HasResponded=True,
        Status="Responded",
    )  # fmt: skip


def _news(crms: Crms) -> None:
    """A call is another's, a person is two no more, one is gone, one has another address."""
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


def _more_news(crms: Crms) -> None:
    """What happened long ago is read late, a form counts for another, a call was nobody's."""
    crms.status(ANN, "Working", "Recycled", "2026-01-20")
    crms.status(ANN, "Recycled", "Marketing Qualified", "2026-04-02")
    crms.lead(ANN, "2026-01-01", "2026-04-02", Email="ann@x.example", LastName="Ann",
              Status="Marketing Qualified")  # fmt: skip
    crms.task("moved", "", "2026-04-03", Subject="First call")
    crms.contact("13", "2026-01-07", "2026-04-04", email="gil@x.example", lastname="Gil")
