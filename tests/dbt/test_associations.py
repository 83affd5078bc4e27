"""Associations hold as they were read with the current version of their record."""

from typing import Any

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.warehouse import Warehouse

ASSOCIATIONS = ("run", "--select", "+stg_hubspot__associations")


def _holding(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select from_type, from_id, to_id, type_id from staging.stg_hubspot__associations"
        " order by all"
    )


def test_an_association_that_a_later_reading_lacks_holds_no_more(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.contact("11", "2026-01-01")
    crms.associate("contacts:11", "companies:1", "2026-01-01", 279)
    crms.associate("contacts:11", "companies:2", "2026-01-01", 279)
    crms.contact("11", "2026-01-01", "2026-02-01")
    crms.associate("contacts:11", "companies:2", "2026-02-01", 279)
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == [("contacts", "11", "2", 279)]


def test_archived_records_hold_no_associations(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.hubspot("deals", "1", "2026-01-01")
    crms.hubspot("deals", "2", "2026-01-01", _is_deleted=True)
    crms.associate("deals:1", "contacts:11", "2026-01-01", 3)
    crms.associate("deals:2", "contacts:11", "2026-01-01", 3)
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == [("deals", "1", "11", 3)]


def test_every_label_of_a_pair_is_a_row(warehouse: Warehouse, lake: Lake, crms: Crms) -> None:
    crms.contact("11", "2026-01-01")
    for type_id in (1, 279):
        crms.associate("contacts:11", "companies:1", "2026-01-01", type_id)
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *ASSOCIATIONS)
    assert _holding(warehouse) == [("contacts", "11", "1", 1), ("contacts", "11", "1", 279)]
