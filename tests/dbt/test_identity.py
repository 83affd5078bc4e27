"""Who is who, over both CRMs: what ties records, what does not, and what people decide."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from pipelines.sync.config import load_syncs
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import PROJECT, Warehouse
from tests.unit.rules.conftest import RulesFolder

MODELS = "+identity_reviews +merged_people"
SYNCS = f"{MODELS} +sync_salesforce__leads +sync_hubspot__contacts"
REVOPS = PROJECT.parent / "revops"
LEADS = [f"00Q5e0000000{number:03d}EAA" for number in range(20)]


@pytest.fixture
def revops(tmp_path: Path) -> RulesFolder:
    """A copy of the rules; its seeds are not those that other tests read at the same time."""
    shutil.copytree(REVOPS, tmp_path / "revops")
    return RulesFolder(tmp_path / "revops", tmp_path / "seeds")


def lead(number: int) -> str:
    return f"salesforce:lead:{LEADS[number]}"


def decide(revops: RulesFolder, warehouse: Warehouse, *rows: str) -> None:
    """Compile decisions, and put what they compile to in the place of the warehouse's seeds."""
    lines = ["decision,record_key,other_record_key,reason", *rows]
    (revops.path / "identity.csv").write_text("\n".join(lines), "utf-8")
    revops.compile()
    with duckdb.connect(str(warehouse.path)) as db:
        for seed in ("cfg_identity_groups", "cfg_identity_splits"):
            path = revops.seeds / f"{seed}.csv"
            db.execute(f"insert into cfg.{seed} from read_csv('{path}', all_varchar = true)")


def build(warehouse: Warehouse, lake: Lake, *, seeds: bool = True, models: str = MODELS) -> None:
    flags = "--exclude-resource-type unit_test --indirect-selection cautious"
    flags += "" if seeds else " --exclude-resource-type seed"
    warehouse.build(lake.loads, "build", "--select", *models.split(), flags=flags)


def people(warehouse: Warehouse) -> list[Sequence[str]]:
    query = """
        select string_agg(record_key, ' ' order by record_key) from intermediate.int_person_xref
        group by person_id order by 1
    """
    return [row[0].split() for row in warehouse.rows(query)]


def test_the_person_id_that_we_wrote_back_is_no_evidence(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-01-01", Email="ann@x.example", Leadcycle_Person_Id__c="p_1")
    crms.contact("11", "2026-01-02", email="bob@x.example", leadcycle_person_id="p_1")
    lake.add_all(crms.rows)

    build(warehouse, lake)

    assert people(warehouse) == [["hubspot:contact:11"], [lead(0)]]


def test_no_model_reads_the_person_id_that_a_crm_holds() -> None:
    written = {field.field.lower() for sync in load_syncs(REVOPS) for field in sync.fields}
    assert {"leadcycle_person_id", "leadcycle_person_id__c"} <= written
    readers = [
        path.name
        for path in PROJECT.glob("m*/**/*.sql")
        if "leadcycle_person_id" in path.read_text("utf-8").lower()
    ]
    assert readers == []


def test_after_a_split_each_record_is_to_hold_its_own_persons_id(
    revops: RulesFolder, warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-01-01", Email="ann@x.example")
    crms.contact("11", "2026-01-02", email="ann@x.example")
    lake.add_all(crms.rows)
    build(warehouse, lake, models=SYNCS)
    [together] = set(written_ids(warehouse))
    # Both records come back with what we wrote on them.
    crms = Crms()
    crms.lead(
        LEADS[0], "2026-01-01", "2026-02-01", Email="ann@x.example",
        Leadcycle_Person_Id__c=together,
    )  # fmt: skip
    crms.contact(
        "11", "2026-01-02", "2026-02-01", email="ann@x.example", leadcycle_person_id=together
    )
    lake.add_all(crms.rows)
    decide(revops, warehouse, f"apart,{lead(0)},hubspot:contact:11,two colleagues")

    build(warehouse, lake, seeds=False, models=SYNCS)

    of_the_lead, of_the_contact = written_ids(warehouse)
    assert of_the_lead == together != of_the_contact
    xref = "select person_id from intermediate.int_person_xref order by record_key desc"
    assert warehouse.rows(xref) == [(of_the_lead,), (of_the_contact,)]


def written_ids(warehouse: Warehouse) -> list[str]:
    """Return what the one Lead and the one contact are to hold as person id."""
    query = """
        select person_id from sync.sync_salesforce__leads
        union all select person_id from sync.sync_hubspot__contacts
    """
    return [row[0] for row in warehouse.rows(query)]


def test_a_wrong_merge_is_split_by_a_rule_and_the_rest_follows(
    revops: RulesFolder, warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-01-01", Email="info.desk@x.example")
    crms.lead(LEADS[1], "2026-01-02", Email="info.desk@x.example")
    crms.contact("11", "2026-01-03", email="info.desk@x.example", salesforceleadid=LEADS[1])
    lake.add_all(crms.rows)
    build(warehouse, lake)
    assert people(warehouse) == [["hubspot:contact:11", lead(0), lead(1)]]

    decide(revops, warehouse, f"apart,{lead(0)},{lead(1)},two colleagues")
    build(warehouse, lake, seeds=False)

    assert people(warehouse) == [["hubspot:contact:11", lead(1)], [lead(0)]]
    assert warehouse.rows("select * from marts.identity_reviews") == []


def test_who_was_told_apart_and_is_still_tied_is_told_of(
    revops: RulesFolder, warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-01-01", Email="ann@x.example")
    crms.lead(LEADS[1], "2026-01-02", Email="bob@x.example")
    crms.contact("11", "2026-01-03", email="ann@x.example", salesforceleadid=LEADS[1])
    lake.add_all(crms.rows)
    build(warehouse, lake)
    decide(revops, warehouse, f"apart,{lead(0)},{lead(1)},two colleagues")

    build(warehouse, lake, seeds=False)

    query = "select reason, record_count, person_count from marts.identity_reviews"
    assert warehouse.rows(query) == [("still_tied", 3, 1)]


def test_a_crowd_with_one_address_waits_until_somebody_confirms_it(
    revops: RulesFolder, warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    for number in range(11):
        crms.lead(LEADS[number], f"2026-01-{number + 1:02}", Email="ann@x.example")
    lake.add_all(crms.rows)
    build(warehouse, lake)
    query = (
        "select reason, record_count, person_count, held_ties, rules from marts.identity_reviews"
    )
    assert warehouse.rows(query) == [("too_many_records", 11, 11, 10, "email")]
    assert len(people(warehouse)) == 11

    decide(
        revops,
        warehouse,
        *(f"together,{lead(0)},{lead(number)},one lady" for number in range(1, 11)),
    )
    build(warehouse, lake, seeds=False)

    assert warehouse.rows(query) == []
    assert len(people(warehouse)) == 1


def test_an_older_record_that_arrives_late_gives_its_id_and_the_former_one_leads_to_it(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-02-01", Email="ann@x.example")
    lake.add_all(crms.rows)
    build(warehouse, lake)
    [(former,)] = warehouse.rows("select person_id from intermediate.int_person_xref")

    late = Crms()
    late.contact("11", "2026-01-01", email="ann@x.example")
    lake.add_all(late.rows)
    build(warehouse, lake)

    [(today,)] = warehouse.rows("select distinct person_id from intermediate.int_person_xref")
    assert today != former
    merges = "select old_person_id, person_id, merged_at, rule from marts.merged_people"
    assert warehouse.rows(merges) == [(former, today, utc("2026-02-01"), "email")]
