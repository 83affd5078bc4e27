"""Pipelines and their stages: data, and the endpoints that tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import not_found
from connectors.sandbox.hubspot.requests import object_of
from connectors.sandbox.web import Answer, Call

FOUNDED_MS = 1_704_704_400_000
"""When the account was set up: 8 January 2024, 9:00 UTC."""


@dataclass(frozen=True)
class Stage:
    """One stage of a pipeline. The probability is a text, as HubSpot's metadata are."""

    id: str
    label: str
    probability: str
    is_closed: bool = False

    @property
    def is_won(self) -> bool:
        """Whether a deal in it is won: closed, with a probability of 1."""
        return self.is_closed and float(self.probability) == 1


@dataclass(frozen=True)
class Pipeline:
    """One pipeline, its stages in order."""

    id: str
    label: str
    stages: tuple[Stage, ...]


@cache
def pipelines() -> Mapping[str, tuple[Pipeline, ...]]:
    """Return the pipelines by the name of their object; few objects have any."""
    path = Path(__file__).parent / "pipelines.yaml"
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: tuple(map(_pipeline, entries)) for name, entries in listed.items()}


def _pipeline(entry: dict[str, Any]) -> Pipeline:
    return Pipeline(entry["id"], entry["label"], tuple(Stage(**s) for s in entry["stages"]))


def stages_of(object_name: str) -> list[Stage]:
    """Return the stages of every pipeline of an object."""
    return [stage for pipeline in pipelines().get(object_name, ()) for stage in pipeline.stages]


def stage_named(object_name: str, stage_id: str) -> Stage | None:
    """Return a stage of any pipeline of an object, or None."""
    return next((stage for stage in stages_of(object_name) if stage.id == stage_id), None)


def list_pipelines(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET pipelines/OBJECT: all at once, without pages."""
    found = pipelines().get(object_of(call).name, ())
    return Answer(200, {"results": [_pipeline_json(n, entry) for n, entry in enumerate(found)]})


def read_pipeline(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET pipelines/OBJECT/ID."""
    found = pipelines().get(object_of(call).name, ())
    for number, pipeline in enumerate(found):
        if pipeline.id == call.arguments["id"]:
            return Answer(200, _pipeline_json(number, pipeline))
    raise not_found(f"Pipeline {call.arguments['id']} does not exist")


def _pipeline_json(number: int, pipeline: Pipeline) -> dict[str, Any]:
    stages = [_stage_json(place, stage) for place, stage in enumerate(pipeline.stages)]
    return {**_entry(pipeline.id, pipeline.label, number), "stages": stages}


def _stage_json(place: int, stage: Stage) -> dict[str, Any]:
    # HubSpot's metadata are texts, booleans included.
    metadata = {"isClosed": str(stage.is_closed).lower(), "probability": stage.probability}
    return {
        **_entry(stage.id, stage.label, place),
        "metadata": metadata,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def _entry(entry_id: str, label: str, order: int) -> dict[str, Any]:
    founded = instant(from_ms(FOUNDED_MS))
    return {
        "id": entry_id,
        "label": label,
        "displayOrder": order,
        "createdAt": founded,
        "updatedAt": founded,
        "archived": False,
    }
