"""Cursors over the results of queries: which records were found, in order, for two days.

A cursor keeps the query and the ids of what it found, 2,000 to a row, so that no page holds up the
others and a million records weigh 18 MB. Values are read when a page is, as they then are. Source:
SOAP API Developer Guide, `queryMore()`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.soql.plan import Plan
from connectors.sandbox.salesforce.times import moment_of, stamp

CURSOR_LIFE = timedelta(days=2)
_CHUNK, _ID_LENGTH = 2_000, 18


@dataclass(frozen=True)
class Cursor:
    """A query that was asked, and how many records it found."""

    cursor_id: str
    soql: str
    hidden_too: bool
    tooling: bool
    size: int


def open_cursor(sandbox: Sandbox, plan: Plan) -> Cursor:
    """Keep what a query finds now, and forget cursors that have run out."""
    _forget_old(sandbox)
    cursor_id = f"0r8xx{sandbox.store.next_number('salesforce cursors'):013d}"
    wanted = plan.select([plan.scope.root.id_sql])
    size = 0
    found = (row[0] for row in sandbox.store.each(wanted.text, *wanted.values))
    while ids := list(islice(found, _CHUNK)):
        chunk = cursor_id, size // _CHUNK, "".join(ids)
        sandbox.store.run("insert into salesforce_cursor_ids values (?, ?, ?)", *chunk)
        size += len(ids)
    org = plan.scope.org
    cursor = Cursor(cursor_id, plan.scope.soql, org.hidden_too, org.tooling, size)
    sandbox.store.run(
        "insert into salesforce_cursors values (?, ?, ?, ?, ?, ?)",
        cursor_id,
        stamp(sandbox.clock.now),
        cursor.soql,
        cursor.hidden_too,
        cursor.tooling,
        size,
    )
    return cursor


def find_cursor(sandbox: Sandbox, locator: str) -> tuple[Cursor, int]:
    """Return the cursor of a locator such as 0r8xx0000000000001-2000, and the place it names.

    Raises:
        Refusal: INVALID_QUERY_LOCATOR: there is none, or it is older than two days.
    """
    cursor_id, _, start = locator.rpartition("-")
    kept = sandbox.store.row("select * from salesforce_cursors where id = ?", cursor_id)
    place = None if kept is None else read_count(start, kept["size"])
    if kept is None or place is None:
        raise _invalid()
    if sandbox.clock.now - moment_of(kept["opened_at"]) > CURSOR_LIFE:
        raise _invalid()
    flags = bool(kept["hidden_too"]), bool(kept["tooling"])
    return Cursor(cursor_id, kept["soql"], *flags, kept["size"]), place


def ids_of(sandbox: Sandbox, cursor: Cursor, start: int, count: int) -> Sequence[str]:
    """Return the ids of the records from a place on."""
    first = start // _CHUNK
    rows = sandbox.store.rows(
        "select ids from salesforce_cursor_ids where cursor = ? and chunk between ? and ? "
        "order by chunk",
        cursor.cursor_id,
        first,
        (start + count - 1) // _CHUNK,
    )
    ids = "".join(row["ids"] for row in rows)
    at = (start - first * _CHUNK) * _ID_LENGTH
    run = ids[at : at + count * _ID_LENGTH]
    return [run[place : place + _ID_LENGTH] for place in range(0, len(run), _ID_LENGTH)]


def _forget_old(sandbox: Sandbox) -> None:
    oldest = stamp(sandbox.clock.now - CURSOR_LIFE)
    gone = "select id from salesforce_cursors where opened_at < ?"
    sandbox.store.run(f"delete from salesforce_cursor_ids where cursor in ({gone})", oldest)  # noqa: S608 - a constant
    sandbox.store.run("delete from salesforce_cursors where opened_at < ?", oldest)


def _invalid() -> Refusal:
    return Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
