"""Pipelines as clients older than v3 read them.

The keys are those of developers.hubspot.com, "Pipelines v1 (legacy)".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.object_types import DEALS, TICKETS, ObjectType
from connectors.sandbox.hubspot.pipelines import Pipeline, Stage, pipelines_of
from connectors.sandbox.hubspot.requests import object_of
from connectors.sandbox.web import Answer, Call, Endpoint

_DEFAULT_IDS = {DEALS: "default", TICKETS: "0"}


def list_pipelines(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm-pipelines/v1/pipelines/OBJECT: of deals and tickets alone."""
    object_type = object_of(sandbox, call)
    if object_type not in _DEFAULT_IDS:
        raise bad_input(f"Pipelines of {object_type.name} are not supported")
    found = pipelines_of(sandbox.store, object_type.name)
    return Answer(200, {"results": [_pipeline_json(object_type, entry) for entry in found]})


def _pipeline_json(object_type: ObjectType, pipeline: Pipeline) -> dict[str, Any]:
    return {
        "pipelineId": pipeline.id,
        "objectType": object_type.singular.upper(),
        **_entry(pipeline),
        "active": True,
        "default": pipeline.id == _DEFAULT_IDS[object_type],
        "stages": [_stage_json(stage) for stage in pipeline.stages],
    }


def _stage_json(stage: Stage) -> dict[str, Any]:
    metadata = dict(stage.metadata)
    return {"stageId": stage.id, **_entry(stage), "active": True, "metadata": metadata}


def _entry(shown: Pipeline | Stage) -> dict[str, Any]:
    """Return what pipelines and stages have in common; times are milliseconds since 1970."""
    return {
        "label": shown.label,
        "displayOrder": shown.display_order,
        "createdAt": shown.created_at,
        "updatedAt": shown.updated_at,
    }


ENDPOINTS = (Endpoint("GET", "/crm-pipelines/v1/pipelines/{object}", list_pipelines),)
