"""A history's lake -> its warehouse -> its published files."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

import pyarrow.compute as pc

from connectors.records import IS_DELETED
from pipelines.histories.errors import EmptyHistoryError
from pipelines.histories.notes import add_note
from pipelines.histories.streams import STREAMS, SYSTEM
from pipelines.integrity import find_shortfalls, remove_torn
from pipelines.lake import Lake
from pipelines.project import IMPORTED, BuildError, OnEvent, run_dbt
from pipelines.publish import Snapshot, publish
from pipelines.rules.compiler import compile_rules
from pipelines.settings import Settings

_SEEDS = ("cfg_settings", "cfg_stages", "cfg_stage_map")


@dataclass(frozen=True)
class Reading:
    """How a history is read, whatever its files: what `history_option` of the models knows."""

    stages: Literal["file", "rules"] = "file"
    order: Sequence[str] = ()
    repeats: Literal["collapse", "keep"] = "collapse"
    wins: Literal["record", "history"] = "record"


def build_history(
    settings: Settings, lake: Lake, reading: Reading, as_of: datetime | None, on_event: OnEvent
) -> Snapshot:
    """Build the models of a history from its lake, test them, and publish the marts.

    Args:
        settings: Those of the history's home; of the company, where its rules are.
        lake: The history's.
        reading: How its stages and stays are understood.
        as_of: Nothing later exists for the models (UTC); None for the last instant of the files.
        on_event: As of `run_dbt`.

    Raises:
        EmptyHistoryError: the lake has no event and no record.
        BuildError: a model or a test failed; what was published before stands.
        RulesError: the company's rules are wrong.
    """
    loads = {f"{SYSTEM}__{stream}": lake.paths(SYSTEM, stream) for stream in STREAMS}
    instant = as_of or last_instant(lake)
    seeds_dir = settings.home / "rules"
    rules = compile_rules(settings.revops_dir, seeds_dir)
    remove_torn(settings.warehouse_path)
    variables = {
        "as_of": instant.isoformat(),
        "lake_loads": loads,
        "history": asdict(reading),
    }
    run_dbt(
        settings.warehouse_path,
        settings.home / "dbt",
        _COMMAND,
        variables,
        on_event,
        seeds_dir=seeds_dir,
    )
    lost = find_shortfalls(settings.warehouse_path, loads)
    if lost:
        raise BuildError(f"rows of the lake are not in base: {', '.join(lost)}")
    version = rules.version if reading.stages == "rules" else _version_of(reading)
    add_note(settings.home, asdict(reading))
    return publish(settings.warehouse_path, settings.published_dir, instant, version, {})


_COMMAND = (
    "build", "--select", IMPORTED, *_SEEDS, "--exclude-resource-type", "unit_test",
    # Not the tests that tie a seed to models of the CRMs.
    "--indirect-selection", "cautious",
)  # fmt: skip


def last_instant(lake: Lake) -> datetime:
    """Return the last instant that events and records tell (UTC); raises EmptyHistoryError.

    What was mended or deleted since tells nothing any more.
    """
    told = [_last_of(lake, "events", "occurred_at"), _last_of(lake, "records", "changed_at")]
    instants = [instant for instant in told if instant is not None]
    if not instants:
        raise EmptyHistoryError(
            "no row of the files can be used: see what was set aside, and mend the file or name"
            " its columns and its time format (milliseconds since 1970 are epoch_ms)"
        )
    return max(instants).astimezone(UTC)


def _last_of(lake: Lake, stream: str, column: str) -> datetime | None:
    rows = lake.current(SYSTEM, stream, [column])
    last: datetime | None = pc.max(rows.filter(pc.invert(rows[IS_DELETED]))[column]).as_py()
    return last


def _version_of(reading: Reading) -> str:
    """Return what tells this reading from any other: with the same files it gives the same."""
    return sha256(json.dumps(asdict(reading), sort_keys=True).encode()).hexdigest()[:16]
