"""Pipelines and their stages: those of a new account, and what was made of them over the API."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.hubspot.schema import FOUNDED_MS
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Stage:
    """One stage of a pipeline. Times are milliseconds since 1970."""

    id: str
    label: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Texts, booleans and numbers included, as HubSpot has them."""
    display_order: int = 0
    created_at: int = FOUNDED_MS
    updated_at: int = FOUNDED_MS

    @property
    def probability(self) -> str:
        """How likely a deal in it is won; nought for objects other than deals."""
        return self.metadata.get("probability", "0.0")

    @property
    def is_closed(self) -> bool:
        """Whether what is in it is done with."""
        return self.metadata.get("isClosed") == "true"

    @property
    def is_won(self) -> bool:
        """Whether a deal in it is won: closed, with a probability of 1."""
        return self.is_closed and float(self.probability) == 1


@dataclass(frozen=True)
class Pipeline:
    """One pipeline, its stages in order. Times are milliseconds since 1970."""

    id: str
    label: str
    stages: tuple[Stage, ...]
    display_order: int = 0
    created_at: int = FOUNDED_MS
    updated_at: int = FOUNDED_MS
    archived: bool = False


def create_tables(store: Store) -> None:
    """Create the tables of pipelines that are no longer, or were never, those of a new account."""
    store.create_tables(_TABLES)


_TABLES = """
create table if not exists hubspot_pipelines (
    object_type text not null, id text not null, definition text not null,
    primary key (object_type, id));
create table if not exists hubspot_pipeline_audits (
    identifier text not null, action text not null, happened_at integer not null,
    raw text not null);
"""


@cache
def _of_a_new_account() -> Mapping[str, tuple[Pipeline, ...]]:
    path = Path(__file__).parent / "pipelines.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        name: tuple(_from_yaml(entry, place) for place, entry in enumerate(entries))
        for name, entries in listed.items()
    }


def _from_yaml(entry: Mapping[str, Any], place: int) -> Pipeline:
    stages = (Stage(**stage, display_order=order) for order, stage in enumerate(entry["stages"]))
    return Pipeline(entry["id"], entry["label"], tuple(stages), place)


def pipelines_of(store: Store, object_name: str) -> list[Pipeline]:
    """Return the pipelines of an object in their order; few objects have any."""
    sql = "select definition from hubspot_pipelines where object_type = ? order by rowid"
    kept = [_from_json(row["definition"]) for row in store.rows(sql, object_name)]
    known = {entry.id: entry for entry in (*_of_a_new_account().get(object_name, ()), *kept)}
    living = [entry for entry in known.values() if not entry.archived]
    return sorted(living, key=lambda entry: entry.display_order)


def _from_json(text: str) -> Pipeline:
    entry = json.loads(text)
    return Pipeline(**{**entry, "stages": tuple(Stage(**stage) for stage in entry["stages"])})


def keep_pipeline(store: Store, object_name: str, pipeline: Pipeline) -> None:
    """Keep a pipeline that is new or changed."""
    store.run(
        "insert into hubspot_pipelines values (?, ?, ?) "
        "on conflict (object_type, id) do update set definition = excluded.definition",
        object_name,
        pipeline.id,
        json.dumps(asdict(pipeline)),
    )


def stages_in(store: Store, object_name: str) -> list[Stage]:
    """Return the stages of every pipeline of an object."""
    return [stage for entry in pipelines_of(store, object_name) for stage in entry.stages]


def find_stage(store: Store, object_name: str, stage_id: str) -> Stage | None:
    """Return a stage of any pipeline of an object, or None."""
    return next((stage for stage in stages_in(store, object_name) if stage.id == stage_id), None)
