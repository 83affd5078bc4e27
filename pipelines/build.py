"""Lake -> warehouse -> published files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.records import Crm, Stream
from pipelines.crms import CRMS, STREAMS, configured_streams
from pipelines.custom_objects import keep_custom_objects
from pipelines.integrity import base_columns, find_shortfalls, has_retyped_column, remove_torn
from pipelines.lake import Lake
from pipelines.matching.pairs import begin_matches
from pipelines.places import lake_of, locked, store_of
from pipelines.project import IMPORTED, BuildError, OnEvent, run_dbt
from pipelines.publish import Snapshot, publish
from pipelines.receipts import append_receipts, take_back_receipts
from pipelines.rules.compiler import compile_rules
from pipelines.settings import Settings
from pipelines.standing import prepare_build
from pipelines.sync.engine import utc_now
from pipelines.syncs import base_table, configured_syncs, current_query, current_table

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

Loads = Mapping[str, Sequence[str]]
"""Files of a stream's loads on this machine, oldest first, by `<crm>__<stream>`."""

_OURS = ("leadcycle__receipts", "leadcycle__likely_matches")
"""Streams that no CRM has: what we wrote ourselves, and which people we found likely to be one."""


class NothingBuiltError(Exception):
    """The last build of all tables did not finish: run `leadcycle build`."""


@dataclass(frozen=True)
class Build:
    """What the warehouse was built from: with the same of each, it is the same."""

    as_of: str
    rules_version: str
    receipt_marks: Mapping[str, int]
    loads: Loads
    """Those of custom objects whose tables could not be made are left out."""


def build_warehouse(
    settings: Settings, as_of: datetime, models: Sequence[str], on_event: OnEvent
) -> Mapping[str, str]:
    """Compile the rules and build the models (all, if none is named) with their tests.

    Returns:
        By stream, why the table of a custom object could not be made: all else is well.

    Raises:
        BuildError: a model or a test failed; nothing can be published until a build succeeds.
        RulesError, SyncConfigError: the rules or the syncs are wrong; nothing is built.
    """
    configured_syncs(settings)
    streams = configured_streams(settings)
    with locked(settings, "warehouse"):
        store = store_of(settings)
        take_back_receipts(store, lake_of(settings))
        marks = store.receipt_marks()
        append_receipts(store, lake_of(settings))
        begin_matches(lake_of(settings), utc_now())
        rules = compile_rules(settings.revops_dir, _seeds_dir(settings))
        loads = loads_of(lake_of(settings), streams)
        build = Build(as_of.isoformat(), rules.version, marks, loads)
        _note(settings).unlink(missing_ok=True)
        remove_torn(settings.warehouse_path)
        _run(settings, build, models, on_event)
        # Some models newer than the rest are not a state to publish.
        if models:
            return {}
        failed = _keep_custom_objects(settings, build)
        kept = {name: paths for name, paths in loads.items() if name not in failed}
        _note(settings).write_text(json.dumps(asdict(replace(build, loads=kept))), "utf-8")
        return failed


def _keep_custom_objects(settings: Settings, build: Build) -> Mapping[str, str]:
    custom = [name for name in build.loads if name not in _modelled()]
    return keep_custom_objects(
        settings.warehouse_path, _target_dir(settings), _variables(build), custom, settings.target
    )


def _run(settings: Settings, build: Build, models: Sequence[str], on_event: OnEvent) -> None:
    command = ["build", "--exclude-resource-type", "unit_test", "--exclude", IMPORTED]
    if models:
        # A test that also looks at a table beyond these would find it old, or not there at all.
        command += ["--select", *models, "--indirect-selection", "buildable"]
    # A CRM field that changed its type: base takes the type that fits every load.
    modelled = {name: paths for name, paths in build.loads.items() if name in _modelled()}
    is_anew = has_retyped_column(settings.warehouse_path, modelled)
    if is_anew:
        command += ["--full-refresh"]

    def prepare(manifest: "Manifest") -> Mapping[str, object]:
        return prepare_build(
            manifest,
            settings.warehouse_path,
            build.rules_version,
            datetime.fromisoformat(build.as_of),
            is_whole=not models,
            is_anew=is_anew,
        )

    run_dbt(
        settings.warehouse_path,
        _target_dir(settings),
        command,
        _variables(build),
        on_event,
        seeds_dir=_seeds_dir(settings),
        prepare=prepare,
        target=settings.target,
    )


def _target_dir(settings: Settings) -> Path:
    """Return dbt's own folder: its parse is of one target, and another would begin anew."""
    return settings.home / ("dbt" if settings.target == "duckdb" else f"dbt-{settings.target}")


def _variables(build: Build) -> Mapping[str, object]:
    return {"as_of": build.as_of, "lake_loads": build.loads}


def publish_build(settings: Settings) -> Snapshot:
    """Publish what was built, if every record of its loads is in base.

    Raises:
        NothingBuiltError: the last build failed, built a part only, or there was none.
        BuildError: records of the lake are missing in base; nothing is published.
    """
    with locked(settings, "warehouse"):
        build = last_build(settings)
        lost = find_shortfalls(settings.warehouse_path, build.loads)
        if lost:
            raise BuildError(f"records of the lake are not in base: {', '.join(lost)}")
        return publish(
            settings.warehouse_path,
            settings.published_dir,
            datetime.fromisoformat(build.as_of),
            build.rules_version,
            build.receipt_marks,
            queries=_current_queries(settings),
        )


def _current_queries(settings: Settings) -> dict[str, str]:
    """Return a query for each sync: what the CRM's records hold in its fields, as last read."""
    syncs = configured_syncs(settings)
    columns = base_columns(settings.warehouse_path, [base_table(sync) for sync in syncs])
    return {current_table(sync): current_query(sync, columns[base_table(sync)]) for sync in syncs}


def last_build(settings: Settings) -> Build:
    """Return what the warehouse was last built from; raises NothingBuiltError."""
    if not _note(settings).exists():
        raise NothingBuiltError(str(NothingBuiltError.__doc__))
    noted = json.loads(_note(settings).read_text("utf-8"))
    if noted.keys() != {field.name for field in fields(Build)}:
        raise NothingBuiltError(f"{NothingBuiltError.__doc__} Its note is of another version.")
    return Build(**noted)


def _seeds_dir(settings: Settings) -> Path:
    """Return where a home's rules are compiled to: homes with other rules never meet there."""
    return settings.home / "rules"


def _note(settings: Settings) -> Path:
    """Return the note of the last build; it is there only after one that succeeded."""
    return settings.home / "build.json"


def loads_of(lake: Lake, streams: Mapping[Crm, Iterable[Stream]]) -> Loads:
    """Return the loads of every stream that a model covers, then of others that are read.

    What is read no longer is left out, though the lake has it still.
    """
    found = {
        f"{crm}__{name}": lake.on_disk(crm, name) for crm in CRMS for name in _names(STREAMS[crm])
    }
    for crm, read in streams.items():
        paths = {f"{crm}__{name}": lake.on_disk(crm, name) for name in _names(read)}
        found |= {name: loads for name, loads in paths.items() if loads}
    return found | {name: lake.on_disk(*name.split("__")) for name in _OURS}


def _modelled() -> frozenset[str]:
    """Return the streams that have a model in base."""
    return frozenset({*_OURS, *(f"{crm}__{n}" for crm in CRMS for n in _names(STREAMS[crm]))})


def _names(streams: Iterable[Stream]) -> list[str]:
    """Return the names of streams, each followed by its details."""
    return [name for stream in streams for name in (stream.name, *stream.details)]
