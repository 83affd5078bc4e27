"""Who is who, over both CRMs: what ties records, what does not, and what people decide."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.sync.config import load_syncs
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import PROJECT, Project, Warehouse
from tests.unit.rules.conftest import RulesFolder

MODELS = (
    *("+identity_reviews", "+merged_people", "+sync_salesforce__leads", "+sync_hubspot__contacts"),
)
REVOPS = PROJECT.parent / "revops"
LEADS = [f"00Q5e0000000{number:03d}EAA" for number in range(30)]
TOLD, PARTED, WRONGLY_MERGED, STILL_TIED, LATE = 0, 1, (2, 3), (4, 5), 6
"""Places of the Leads of each story in LEADS."""
CROWD = range(10, 21)


def lead(number: int) -> str:
    return f"salesforce:lead:{LEADS[number]}"


def contact(number: int) -> str:
    return f"hubspot:contact:{number}"


DECISIONS = (
    f"apart,{lead(PARTED)},{contact(21)},two colleagues",
    f"apart,{lead(WRONGLY_MERGED[0])},{lead(WRONGLY_MERGED[1])},two colleagues",
    f"apart,{lead(STILL_TIED[0])},{lead(STILL_TIED[1])},two colleagues",
    *(f"together,{lead(CROWD[0])},{lead(number)},one lady" for number in CROWD[1:]),
)


@dataclass(frozen=True)
class Company:
    """One company with a story for each question, in its warehouse before and after decisions."""

    before: Warehouse
    after: Warehouse


@pytest.fixture(scope="module")
def company(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("identity")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    before = Warehouse(project, folder / "before" / "warehouse.duckdb")
    crms = Crms()
    _told(crms)
    _parted(crms)
    _wrongly_merged(crms)
    _still_tied(crms)
    _crowd(crms)
    crms.lead(LEADS[LATE], "2026-02-01", Email="late@x.example")
    lake.add_all(crms.rows)
    _build(warehouse, lake)
    before.path.parent.mkdir()
    shutil.copyfile(warehouse.path, before.path)

    lake.add_all(_later(before).rows)
    _decide(warehouse, folder)
    _build(warehouse, lake, "--exclude-resource-type seed")
    return Company(before, warehouse)


def _told(crms: Crms) -> None:
    """Two people hold one person id that somebody wrote."""
    crms.lead(LEADS[TOLD], "2026-01-01", Email="ann@told.example", Leadcycle_Person_Id__c="p_1")
    crms.contact("11", "2026-01-02", email="bob@told.example", leadcycle_person_id="p_1")


def _parted(crms: Crms) -> None:
    crms.lead(LEADS[PARTED], "2026-01-01", Email="ann@parted.example")
    crms.contact("21", "2026-01-02", email="ann@parted.example")


def _wrongly_merged(crms: Crms) -> None:
    one, other = (LEADS[number] for number in WRONGLY_MERGED)
    crms.lead(one, "2026-01-01", Email="info.desk@x.example")
    crms.lead(other, "2026-01-02", Email="info.desk@x.example")
    crms.contact("31", "2026-01-03", email="info.desk@x.example", salesforceleadid=other)


def _still_tied(crms: Crms) -> None:
    one, other = (LEADS[number] for number in STILL_TIED)
    crms.lead(one, "2026-01-01", Email="ann@tied.example")
    crms.lead(other, "2026-01-02", Email="bob@tied.example")
    crms.contact("41", "2026-01-03", email="ann@tied.example", salesforceleadid=other)


def _crowd(crms: Crms) -> None:
    for day, number in enumerate(CROWD, 1):
        crms.lead(LEADS[number], f"2026-01-{day:02}", Email="ann@crowd.example")


def _later(before: Warehouse) -> Crms:
    """Return the next load: records that hold what we wrote on them, and one that arrives late."""
    [together] = set(desired_ids(before))
    crms = Crms()
    crms.lead(
        LEADS[PARTED], "2026-01-01", "2026-02-01", Email="ann@parted.example",
        Leadcycle_Person_Id__c=together,
    )  # fmt: skip
    crms.contact(
        "21", "2026-01-02", "2026-02-01", email="ann@parted.example", leadcycle_person_id=together
    )
    crms.contact("61", "2026-01-01", email="late@x.example")
    return crms


def _decide(warehouse: Warehouse, folder: Path) -> None:
    """Compile decisions, and put what they compile to in the place of the warehouse's seeds.

    They are compiled beside the seeds that other tests read at the same time.
    """
    shutil.copytree(REVOPS, folder / "revops")
    revops = RulesFolder(folder / "revops", folder / "seeds")
    lines = ["decision,record_key,other_record_key,reason", *DECISIONS]
    (revops.path / "identity.csv").write_text("\n".join(lines), "utf-8")
    revops.compile()
    with duckdb.connect(str(warehouse.path)) as db:
        for seed in ("cfg_identity_groups", "cfg_identity_splits"):
            path = revops.seeds / f"{seed}.csv"
            db.execute(f"insert into cfg.{seed} from read_csv('{path}', all_varchar = true)")


def _build(warehouse: Warehouse, lake: Lake, flags: str = "") -> None:
    flags += " --exclude-resource-type unit_test --indirect-selection cautious"
    warehouse.build(lake.loads, "build", "--select", *MODELS, flags=flags)


def people(warehouse: Warehouse, *records: str) -> list[Sequence[str]]:
    """Return all records of each person who has one of these."""
    query = f"""
        select string_agg(record_key, ' ' order by record_key) from intermediate.int_person_xref
        where person_id in (select person_id from intermediate.int_person_xref
            where record_key in {(*records, "")})
        group by person_id order by 1
    """
    return [row[0].split() for row in warehouse.rows(query)]


def ids(warehouse: Warehouse, *records: str) -> list[str]:
    """Return the person of each record."""
    xref = dict(warehouse.rows("select record_key, person_id from intermediate.int_person_xref"))
    return [xref[record] for record in records]


def desired_ids(warehouse: Warehouse) -> list[str]:
    """Return what the Lead and the contact of the parted are to hold as person id."""
    query = f"""
        select person_id from sync.sync_salesforce__leads where record_id = '{LEADS[PARTED]}'
        union all select person_id from sync.sync_hubspot__contacts where record_id = '21'
    """
    return [row[0] for row in warehouse.rows(query)]


def reviews(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """Return what somebody is to decide."""
    query = """
        select reason, record_count, person_count, held_ties, rules from marts.identity_reviews
    """
    return warehouse.rows(query)


def test_the_person_id_that_we_wrote_back_is_no_evidence(company: Company) -> None:
    records = contact(11), lead(TOLD)

    assert people(company.before, *records) == [[contact(11)], [lead(TOLD)]]


def test_no_model_reads_the_person_id_that_a_crm_holds() -> None:
    written = {field.field.lower() for sync in load_syncs(REVOPS) for field in sync.fields}
    assert {"leadcycle_person_id", "leadcycle_person_id__c"} <= written
    readers = [
        path.name
        for path in PROJECT.glob("m*/**/*.sql")
        if "leadcycle_person_id" in path.read_text("utf-8").lower()
    ]
    assert readers == []


def test_after_a_split_each_record_is_to_hold_its_own_persons_id(company: Company) -> None:
    [together] = set(desired_ids(company.before))

    of_the_lead, of_the_contact = desired_ids(company.after)

    assert of_the_lead == together != of_the_contact
    assert ids(company.after, lead(PARTED), contact(21)) == [of_the_lead, of_the_contact]


def test_a_wrong_merge_is_split_by_a_rule_and_the_rest_follows(company: Company) -> None:
    one, other = map(lead, WRONGLY_MERGED)

    assert people(company.before, one) == [[contact(31), one, other]]
    assert people(company.after, one, other) == [[contact(31), other], [one]]


def test_who_was_told_apart_and_is_still_tied_is_the_only_one_told_of(company: Company) -> None:
    assert [review[:3] for review in reviews(company.after)] == [("still_tied", 3, 1)]


def test_a_crowd_with_one_address_waits_until_somebody_confirms_it(company: Company) -> None:
    crowd = [lead(number) for number in CROWD]

    assert reviews(company.before) == [("too_many_records", 11, 11, 10, "email")]
    assert people(company.before, *crowd) == [[key] for key in crowd]
    assert people(company.after, *crowd) == [crowd]


def test_an_older_record_that_arrives_late_gives_its_id_and_the_former_one_leads_to_it(
    company: Company,
) -> None:
    [former] = ids(company.before, lead(LATE))
    [today] = set(ids(company.after, lead(LATE), contact(61)))

    assert today != former
    query = f"""
        select person_id, merged_at, rule from marts.merged_people where old_person_id = '{former}'
    """
    assert company.after.rows(query) == [(today, utc("2026-02-01"), "email")]
