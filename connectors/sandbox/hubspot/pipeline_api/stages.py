"""Stages of a pipeline over the API."""

from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input, not_found
from connectors.sandbox.hubspot.pipeline_api.changes import (
    audits_of,
    changed_stage,
    check_unused,
    keep_audited,
    made_stage,
    pipeline_of,
    sorted_stages,
)
from connectors.sandbox.hubspot.pipeline_api.views import stage_json
from connectors.sandbox.hubspot.pipelines import Stage
from connectors.sandbox.hubspot.requests import json_object, object_of, required
from connectors.sandbox.web import Answer, Call, Endpoint


def list_stages(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT/ID/stages."""
    stages = pipeline_of(sandbox, call).stages
    return Answer(200, {"results": [stage_json(stage) for stage in stages]})


def read_stage(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT/ID/stages/ID."""
    return Answer(200, stage_json(_stage_of(sandbox, call)))


def create_stage(sandbox: Sandbox, call: Call) -> Answer:
    """POST pipelines/OBJECT/ID/stages."""
    known, made = (
        pipeline_of(sandbox, call),
        made_stage(sandbox, object_of(sandbox, call), json_object(call)),
    )
    _keep(sandbox, call, (*known.stages, made), "CREATE", made)
    return Answer(201, stage_json(made))


def replace_stage(sandbox: Sandbox, call: Call) -> Answer:
    """PUT pipelines/OBJECT/ID/stages/ID: label and metadata are required."""
    required(json_object(call), ("label", "metadata"))
    return change_stage(sandbox, call)


def change_stage(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH pipelines/OBJECT/ID/stages/ID."""
    known = _stage_of(sandbox, call)
    changed = changed_stage(sandbox, object_of(sandbox, call), known, json_object(call))
    others = [stage for stage in pipeline_of(sandbox, call).stages if stage.id != known.id]
    _keep(sandbox, call, (*others, changed), "UPDATE", changed)
    return Answer(200, stage_json(changed))


def delete_stage(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE pipelines/OBJECT/ID/stages/ID: neither the last one nor one with records in it."""
    known = _stage_of(sandbox, call)
    others = [stage for stage in pipeline_of(sandbox, call).stages if stage.id != known.id]
    if not others:
        raise bad_input("Cannot delete the only stage of a pipeline")
    check_unused(sandbox.store, object_of(sandbox, call), [known])
    _keep(sandbox, call, tuple(others), "DELETE", known)
    return Answer(204)


def list_stage_audits(sandbox: Sandbox, call: Call) -> Answer:
    """GET pipelines/OBJECT/ID/stages/ID/audit: what was done to it, newest first."""
    return Answer(200, {"results": audits_of(sandbox.store, _stage_of(sandbox, call).id)})


def _stage_of(sandbox: Sandbox, call: Call) -> Stage:
    wanted = call.arguments["stage"]
    for stage in pipeline_of(sandbox, call).stages:
        if stage.id == wanted:
            return stage
    raise not_found(f"Pipeline stage {wanted} does not exist")


def _keep(
    sandbox: Sandbox, call: Call, stages: tuple[Stage, ...], action: str, audited: Stage
) -> None:
    changed = replace(pipeline_of(sandbox, call), stages=sorted_stages(stages))
    keep_audited(sandbox, object_of(sandbox, call), changed, action, audited.id)


_ALL = "/crm/v3/pipelines/{object}/{id}/stages"
_ONE = f"{_ALL}/{{stage}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_stages),
    Endpoint("POST", _ALL, create_stage, "write"),
    Endpoint("GET", _ONE, read_stage),
    Endpoint("PUT", _ONE, replace_stage, "write"),
    Endpoint("PATCH", _ONE, change_stage, "write"),
    Endpoint("DELETE", _ONE, delete_stage, "write"),
    Endpoint("GET", f"{_ONE}/audit", list_stage_audits),
)
