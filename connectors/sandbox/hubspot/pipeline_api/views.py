"""Pipelines and stages as answers show them."""

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.pipelines import Pipeline, Stage


def pipeline_json(pipeline: Pipeline) -> View:
    """Return a pipeline with its stages."""
    stages = [stage_json(stage) for stage in pipeline.stages]
    return {**_entry(pipeline), "stages": stages}


def stage_json(stage: Stage) -> View:
    """Return a stage."""
    return {
        **_entry(stage),
        "metadata": dict(stage.metadata),
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }


def _entry(shown: Pipeline | Stage) -> View:
    return {
        "id": shown.id,
        "label": shown.label,
        "displayOrder": shown.display_order,
        "createdAt": instant(from_ms(shown.created_at)),
        "updatedAt": instant(from_ms(shown.updated_at)),
        "archived": False,
    }
