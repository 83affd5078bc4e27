"""Who is on a list: put there by hand, or fitting its filters at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.filter_operators import Sql
from connectors.sandbox.hubspot.lists.filters import compile_branch
from connectors.sandbox.hubspot.lists.record_lists import RecordList
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.requests import known_object_type


@dataclass(frozen=True)
class Member:
    """A record on a list, and since when in milliseconds since 1970."""

    record_id: int
    since: int


def type_of(sandbox: Sandbox, known: RecordList) -> ObjectType:
    """Return the object type of a list's records."""
    return known_object_type(sandbox, known.object_type_id)


def count_members(sandbox: Sandbox, known: RecordList) -> int:
    """Return how many living records are on a list."""
    found = on_list(sandbox, known)
    sql = f"select count(*) from ({found.text})"  # noqa: S608 - our own SQL
    return int(sandbox.store.value(sql, *found.values))


def members_of(
    sandbox: Sandbox,
    known: RecordList,
    *,
    most: int = -1,
    after: tuple[int, int] | None = None,
    by_time: bool = False,
) -> list[Member]:
    """Return who is on a list, by record id or by when they joined, from behind a member on."""
    found = on_list(sandbox, known)
    place = ("since, id", "(since, id)") if by_time else ("id", "(0, id)")
    behind = after or (-1, -1)
    rows = sandbox.store.rows(
        f"select id, since from ({found.text}) where {place[1]} > (?, ?) "  # noqa: S608 - our own SQL
        f"order by {place[0]} limit ?",
        *found.values,
        *behind,
        most,
    )
    return [Member(row["id"], row["since"]) for row in rows]


def membership(sandbox: Sandbox, known: RecordList, record_id: int) -> Member | None:
    """Return since when a record is on a list, or None."""
    found = on_list(sandbox, known)
    sql = f"select id, since from ({found.text}) where id = ?"  # noqa: S608 - our own SQL
    row = sandbox.store.row(sql, *found.values, record_id)
    return None if row is None else Member(row["id"], row["since"])


def take_snapshot(sandbox: Sandbox, known: RecordList, branch: Mapping[str, Any]) -> None:
    """Put those on a list who fit its filters now; it is not filtered again."""
    _put_all_on(sandbox, known, _fitting(sandbox, known, branch))


def add_everybody(sandbox: Sandbox, known: RecordList, source: RecordList) -> None:
    """Put everybody on a list who is on another one."""
    _put_all_on(sandbox, known, on_list(sandbox, source))


def _put_all_on(sandbox: Sandbox, known: RecordList, found: Sql) -> None:
    sandbox.store.run(
        f"insert or ignore into hubspot_list_members select ?, id, ? from ({found.text})",  # noqa: S608 - our own SQL
        known.id,
        sandbox.clock.now_ms,
        *found.values,
    )


def on_list(sandbox: Sandbox, known: RecordList) -> Sql:
    """Return SQL of the ids on a list, each with the moment since when."""
    if known.processing == "DYNAMIC" and known.branch is not None:
        return _fitting(sandbox, known, known.branch)
    return Sql(_PUT_ON, (known.id, type_of(sandbox, known).name))


def _fitting(sandbox: Sandbox, known: RecordList, branch: Mapping[str, Any]) -> Sql:
    object_type = type_of(sandbox, known)
    where = compile_branch(sandbox, object_type, branch)
    # Whoever fits may have begun to with the latest change, or with that of the filters.
    values = (known.filtered_at, object_type.name, *where.values)
    return Sql(f"{_FITTING} and {where.text}", values)


_PUT_ON = """
select members.record_id as id, members.added_at as since
from hubspot_list_members as members
join hubspot_records as records on records.id = members.record_id
where members.list_id = ? and records.object_type = ? and records.archived_at is null
"""
_FITTING = """
select id, max(updated_at, ?) as since from hubspot_records
where object_type = ? and archived_at is null
"""
