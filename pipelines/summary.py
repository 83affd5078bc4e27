"""What a run did, in the words of RevOps. Pure, but for reading published files."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.publish import Snapshot, previous_table


@dataclass(frozen=True)
class StageStock:
    """People in one stage now."""

    stage: str
    phase: str
    people: int
    accounts: int


@dataclass(frozen=True)
class Move:
    """One person who is in another stage than at the run before; `before` None for a new one."""

    person_id: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Reason:
    """A score rule, how many people it counts for, and its points in all."""

    reason: str
    people: int
    points: Decimal


@dataclass(frozen=True)
class SyncAccount:
    """What became of every record of one sync."""

    sync: str
    status: str
    source: int
    unchanged: int
    written: int
    kept_human: int
    no_match: int
    held_back: int
    rejected: int
    deferred: int
    digest: str
    findings: str


@dataclass(frozen=True)
class Reading:
    """What reading one stream of a CRM took; its details are counted with it."""

    crm: str
    stream: str
    requests: int
    rows_read: int
    rows_new: int
    skipped: str = ""
    """Why it was not read; empty if it was."""


@dataclass(frozen=True)
class Unmapped:
    """A stage value that the rules say nothing about: it moves nobody."""

    crm: str
    field: str
    value: str
    records: int


@dataclass(frozen=True)
class Summary:
    """The whole of it."""

    snapshot: str
    as_of: datetime
    people: int
    stages: tuple[StageStock, ...]
    moves: tuple[Move, ...]
    is_first: bool
    reasons: tuple[Reason, ...]
    syncs: tuple[SyncAccount, ...]
    unmapped: tuple[Unmapped, ...] = ()
    readings: tuple[Reading, ...] = ()
    """Empty when nothing was read for this summary."""
    accounts: int = 0
    set_aside: int = 0
    """Rows of the CRMs that the models leave out, each with its reason in `marts.set_aside`."""

    def phases(self) -> dict[str, int]:
        """Return people by phase, in the order of the stages."""
        counts: Counter[str] = Counter()
        for stock in self.stages:
            counts[stock.phase] += stock.people
        return dict(counts)

    @property
    def waits(self) -> bool:
        """Tell whether a plan waits for a person."""
        return any(sync.status == "waiting" for sync in self.syncs)

    @property
    def refused(self) -> int:
        """Return how many records a CRM refused."""
        return sum(sync.rejected for sync in self.syncs)

    def to_json(self) -> dict[str, Any]:
        """Return the summary for `--json`: ids, counts and labels only."""
        return asdict(self) | {"as_of": self.as_of.isoformat(), "phases": self.phases()}


def summarise(
    published_dir: Path, snapshot: Snapshot, accounts: Sequence[Mapping[str, Any]]
) -> Summary:
    """Compare a snapshot with the one before it.

    Args:
        published_dir: Where snapshots are.
        snapshot: The current one.
        accounts: Plans' accounts, oldest first; the last of each sync counts.
    """
    lifecycles = snapshot.read("marts.person_lifecycles").to_pylist()
    before = previous_table(published_dir, snapshot, "marts.person_lifecycles")
    earlier = pq.read_table(before).to_pylist() if before else []
    last = {account["sync"]: account for account in accounts}
    return Summary(
        snapshot.name,
        snapshot.as_of,
        len(lifecycles),
        _stocks(snapshot.read("marts.stage_stocks").to_pylist()),
        find_moves(earlier, lifecycles) if before else (),
        before is None,
        top_reasons(snapshot.read("marts.score_reasons").to_pylist()),
        tuple(_account(last[name]) for name in sorted(last)),
        _unmapped(snapshot.read("marts.unmapped_values").to_pylist()),
        accounts=snapshot.read("marts.accounts").num_rows,
        set_aside=snapshot.read("marts.set_aside").num_rows,
    )


def find_moves(
    earlier: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> tuple[Move, ...]:
    """Return who is in another stage, or another pass of it, than before."""
    stages = {row["person_id"]: row for row in earlier}
    moves = []
    for row in sorted(now, key=lambda row: str(row["person_id"])):
        was = stages.get(row["person_id"])
        if was is None or was["stage_pass"] != row["stage_pass"]:
            before = was["stage_label"] if was else None
            moves.append(Move(row["person_id"], before, row["stage_label"]))
    return tuple(moves)


def top_reasons(rows: Sequence[Mapping[str, Any]], most: int = 5) -> tuple[Reason, ...]:
    """Return the rules that give the most points, over all people."""
    points: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for row in rows:
        points[row["label"]] += row["points_now"]
        people.setdefault(row["label"], set()).add(row["person_id"])
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Reason(label, len(people[label]), Decimal(total)) for label, total in ranked[:most]
    )


def _stocks(rows: Sequence[Mapping[str, Any]]) -> tuple[StageStock, ...]:
    ordered = sorted(rows, key=lambda row: row["stage_rank"])
    return tuple(
        StageStock(row["stage_label"], row["phase"], row["people"], row["accounts"])
        for row in ordered
    )


def _unmapped(rows: Sequence[Mapping[str, Any]]) -> tuple[Unmapped, ...]:
    found = (
        Unmapped(row["source_system"], row["field_name"], row["field_value"], row["record_count"])
        for row in rows
    )
    return tuple(sorted(found, key=lambda value: (-value.records, value.crm, value.value)))


def _account(row: Mapping[str, Any]) -> SyncAccount:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(SyncAccount)}
    sent = {name: values[name] or 0 for name in ("written", "rejected", "deferred")}
    return SyncAccount(**values | sent)
