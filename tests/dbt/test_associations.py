"""Associations hold as they were when last read, for as long as their record lives."""

from typing import Any

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.warehouse import Warehouse

ASSOCIATIONS = ("run", "--select", "+stg_hubspot__associations")


def _holding(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select from_type, from_id, to_type, to_id, type_id, label"
        " from staging.stg_hubspot__associations order by all"
    )


def test_an_association_that_a_later_reading_lacks_holds_no_more(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.contact("11", "2026-01-01")
    crms.associate("contacts:11", "companies", "2026-01-01", ("1", 279), ("2", 279))
    crms.associate("contacts:11", "companies", "2026-02-01", ("2", 279))
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == [("contacts", "11", "companies", "2", 279, None)]


def test_a_record_that_lost_its_last_association_has_none(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.hubspot("leads", "1", "2026-01-01")
    crms.associate("leads:1", "contacts", "2026-01-01", ("11", 578))
    crms.associate("leads:1", "contacts", "2026-02-01")
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == []


def test_archived_records_hold_no_associations(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.hubspot("deals", "1", "2026-01-01")
    crms.hubspot("deals", "2", "2026-01-01", _is_deleted=True)
    crms.associate("deals:1", "contacts", "2026-01-01", ("11", 3))
    crms.associate("deals:2", "contacts", "2026-01-01", ("11", 3))
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == [("deals", "1", "contacts", "11", 3, None)]


def test_a_record_keeps_its_associations_when_it_changes(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.contact("11", "2026-01-01")
    crms.associate("contacts:11", "companies", "2026-01-01", ("1", 1), ("1", 279))
    crms.contact("11", "2026-01-01", "2026-03-01")
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    ends = ("contacts", "11", "companies", "1")
    assert _holding(warehouse) == [(*ends, 1, None), (*ends, 279, None)]
