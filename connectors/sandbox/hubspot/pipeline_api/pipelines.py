"""Pipelines over the API: reading, creating, replacing, changing and deleting them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.pipeline_api.changes import (
    audits_of,
    check_unused,
    keep_audited,
    made_pipeline,
    pipeline_of,
    replaced_stages,
)
from connectors.sandbox.hubspot.pipeline_api.views import pipeline_json
from connectors.sandbox.hubspot.pipelines import Pipeline, pipelines_of
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    object_of,
    objects_of,
    required,
    whole_of,
)
from connectors.sandbox.web import Answer, Call, Endpoint

_CHECKS = ("validateReferencesBeforeDelete", "validateDealStageUsagesBeforeDelete")


def list_pipelines(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT: all at once, without pages."""
    found = pipelines_of(sandbox.store, object_of(sandbox, call).name)
    return Answer(200, {"results": [pipeline_json(entry) for entry in found]})


def read_pipeline(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT/ID."""
    return Answer(200, pipeline_json(pipeline_of(sandbox, call)))


def create_pipeline(sandbox: Sandbox, call: Call) -> Answer:
    """POST pipelines/OBJECT: with its stages; their ids are HubSpot's to give."""
    object_type = object_of(sandbox, call)
    made = made_pipeline(sandbox, object_type, json_object(call))
    keep_audited(sandbox, object_type, made, "CREATE", made.id)
    return Answer(201, pipeline_json(made))


def replace_pipeline(sandbox: Sandbox, call: Call) -> Answer:
    """PUT pipelines/OBJECT/ID: stages that the body does not name go."""
    object_type, known, body = (
        object_of(sandbox, call),
        pipeline_of(sandbox, call),
        json_object(call),
    )
    required(body, ("label", "stages"))
    stages = replaced_stages(sandbox, object_type, known, objects_of(body, "stages"))
    return _changed(sandbox, call, replace(known, stages=stages), body)


def change_pipeline(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH pipelines/OBJECT/ID: its label and its place."""
    return _changed(sandbox, call, pipeline_of(sandbox, call), json_object(call))


def _changed(sandbox: Sandbox, call: Call, known: Pipeline, body: Mapping[str, Any]) -> Answer:
    changed = replace(
        known,
        label=str(body.get("label", known.label)),
        display_order=whole_of(body, "displayOrder", known.display_order),
        updated_at=sandbox.clock.now_ms,
    )
    keep_audited(sandbox, object_of(sandbox, call), changed, "UPDATE", changed.id)
    return Answer(200, pipeline_json(changed))


def delete_pipeline(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE pipelines/OBJECT/ID: never the last one; with a check, none with records in it."""
    object_type, known = object_of(sandbox, call), pipeline_of(sandbox, call)
    if len(pipelines_of(sandbox.store, object_type.name)) == 1:
        raise bad_input(f"Cannot delete the only pipeline of {object_type.name}")
    if any(is_true(call.one(name)) for name in _CHECKS):
        check_unused(sandbox.store, object_type, known.stages)
    keep_audited(sandbox, object_type, replace(known, archived=True), "DELETE", known.id)
    return Answer(204)


def list_audits(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT/ID/audit: what was done to it, newest first."""
    return Answer(200, {"results": audits_of(sandbox.store, pipeline_of(sandbox, call).id)})


_ALL = "/crm/v3/pipelines/{object}"
_ONE = f"{_ALL}/{{id}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_pipelines),
    Endpoint("POST", _ALL, create_pipeline, "write"),
    Endpoint("GET", _ONE, read_pipeline),
    Endpoint("PUT", _ONE, replace_pipeline, "write"),
    Endpoint("PATCH", _ONE, change_pipeline, "write"),
    Endpoint("DELETE", _ONE, delete_pipeline, "write"),
    Endpoint("GET", f"{_ONE}/audit", list_audits),
)
