"""Base holds exactly one version of each record, however its loads were cut or repeated."""

from pathlib import Path

import pytest

from tests.dbt.lake import Lake, Row, utc
from tests.dbt.warehouse import BuildError, Warehouse

CONTACTS = "hubspot__contacts"
ONLY_CONTACTS = ("run", "--select", CONTACTS)


def _version(contact_id: str, modified: str, email: str, **fields: object) -> Row:
    return {"_record_id": contact_id, "_modified_at": utc(modified), "email": email, **fields}


HISTORY = [
    _version("1", "2026-01-01", "a@x.example"),
    _version("2", "2026-01-02", "b@x.example"),
    _version("1", "2026-01-03", "a2@x.example"),
    _version("2", "2026-01-04", "b@x.example", _is_deleted=True),
    _version("1", "2026-01-01", "a@x.example"),
]
CURRENT = [("1", "a2@x.example", False), ("2", "b@x.example", True)]


def _contacts(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.rows(
        "select _record_id, email, _is_deleted from base.hubspot__contacts order by 1"
    )


@pytest.mark.parametrize("cuts", [(5,), (1, 2, 3, 4, 5), (2, 5), (4, 5)])
def test_every_cut_into_loads_gives_the_same_records(
    warehouse: Warehouse, lake: Lake, cuts: tuple[int, ...]
) -> None:
    for start, end in zip((0, *cuts), cuts, strict=False):
        lake.add(CONTACTS, HISTORY[start:end])
        warehouse.build(lake.loads, *ONLY_CONTACTS)
    assert _contacts(warehouse) == CURRENT


def test_replaying_every_load_changes_nothing(warehouse: Warehouse, lake: Lake) -> None:
    lake.add(CONTACTS, HISTORY[:3])
    lake.add(CONTACTS, HISTORY[3:])
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    whole = warehouse.rows("select * from base.hubspot__contacts order by _record_id")
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    assert warehouse.rows("select * from base.hubspot__contacts order by _record_id") == whole


def test_rows_read_twice_within_a_load_count_once(warehouse: Warehouse, lake: Lake) -> None:
    lake.add(CONTACTS, [*HISTORY, *HISTORY])
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    assert _contacts(warehouse) == CURRENT


def test_of_equal_stamps_the_later_load_wins(warehouse: Warehouse, lake: Lake) -> None:
    for email in ("stale@x.example", "fresh@x.example"):
        lake.add(CONTACTS, [_version("1", "2026-01-01", email)])
        warehouse.build(lake.loads, *ONLY_CONTACTS)
    assert _contacts(warehouse) == [("1", "fresh@x.example", False)]


def test_a_new_crm_field_appears_by_itself(warehouse: Warehouse, lake: Lake) -> None:
    lake.add(CONTACTS, HISTORY[:1])
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    lake.add(CONTACTS, [_version("3", "2026-02-01", "c@x.example", favourite_colour="green")])
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    query = "select _record_id, favourite_colour from base.hubspot__contacts order by 1"
    assert warehouse.rows(query) == [("1", None), ("3", "green")]


def test_only_new_loads_need_to_be_handed_over(warehouse: Warehouse, lake: Lake) -> None:
    lake.add(CONTACTS, HISTORY[:2])
    warehouse.build(lake.loads, *ONLY_CONTACTS)
    lake.add(CONTACTS, HISTORY[2:])
    Path(lake.loads[CONTACTS][1]).unlink()
    newest = {CONTACTS: lake.loads[CONTACTS][-1:]}
    warehouse.build(newest, *ONLY_CONTACTS)
    assert _contacts(warehouse) == CURRENT


def test_a_stream_without_loads_is_an_error(warehouse: Warehouse) -> None:
    with pytest.raises(BuildError, match="names no load of hubspot__contacts"):
        warehouse.build({}, *ONLY_CONTACTS)


def test_a_missing_as_of_is_an_error(warehouse: Warehouse, lake: Lake) -> None:
    with pytest.raises(BuildError, match="'as_of' is missing"):
        warehouse.build(lake.loads, "run", "--select", "int_crm_records", as_of=None)
