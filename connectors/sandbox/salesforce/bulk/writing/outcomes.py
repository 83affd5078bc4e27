"""What became of each row of an upload, kept as long as its job."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.sandbox.store import Store

LOCKED = "UNABLE_TO_LOCK_ROW"
_TABLE = """
create table if not exists salesforce_bulk_outcomes (
    upload text not null, place integer not null, record_id text not null,
    created integer not null, error text not null, code text not null,
    primary key (upload, place)) without rowid;
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a row: the record, whether it is new, and the refusal as a cell holds it."""

    record_id: str = ""
    created: bool = False
    error: str = ""
    code: str = ""


def create_tables(store: Store) -> None:
    """Create the table of outcomes."""
    store.create_tables(_TABLE)


def keep_outcomes(store: Store, upload: str, outcomes: Iterable[tuple[int, Outcome]]) -> None:
    """Keep what became of rows, by their places in the upload of a job or batch."""
    store.run_many(
        "insert or replace into salesforce_bulk_outcomes values (?, ?, ?, ?, ?, ?)",
        [
            (upload, place, made.record_id, made.created, made.error, made.code)
            for place, made in outcomes
        ],
    )


def outcomes_between(store: Store, upload: str, first: int, end: int) -> list[Outcome]:
    """Return what became of the rows from `first` up to `end`, in their order."""
    rows = store.rows(
        "select record_id, created, error, code from salesforce_bulk_outcomes "
        "where upload = ? and place >= ? and place < ? order by place",
        upload,
        first,
        end,
    )
    return [Outcome(r["record_id"], bool(r["created"]), r["error"], r["code"]) for r in rows]


def locked_places(store: Store, upload: str) -> list[int]:
    """Return the places of rows that met somebody else's lock, and nothing worse."""
    rows = store.rows(
        "select place from salesforce_bulk_outcomes where upload = ? and code = ? order by place",
        upload,
        LOCKED,
    )
    return [row["place"] for row in rows]
