"""What may be done to pipelines and stages, and the audit of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal, bad_input, not_found
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.object_types import DEALS, ObjectType
from connectors.sandbox.hubspot.pipelines import Pipeline, Stage, keep_pipeline, pipelines_of
from connectors.sandbox.hubspot.requests import object_in, object_of, objects_of, required, whole_of
from connectors.sandbox.store import Store
from connectors.sandbox.web import Call

_FIRST_ID = 8_100_000
"""Ids that HubSpot gives to pipelines and stages are numbers; names are those of a new account."""


def pipeline_of(sandbox: Sandbox, call: Call) -> Pipeline:
    """Return the pipeline that a path names.

    Raises:
        Refusal: there is none.
    """
    wanted = call.arguments["id"]
    for known in pipelines_of(sandbox.store, object_of(sandbox, call).name):
        if known.id == wanted:
            return known
    raise not_found(f"Pipeline {wanted} does not exist")


def made_pipeline(sandbox: Sandbox, object_type: ObjectType, body: Mapping[str, Any]) -> Pipeline:
    """Return a new pipeline, which nobody keeps yet.

    Raises:
        Refusal: the object has no pipelines, or the body lacks something.
    """
    if object_type.in_pipelines is None and not object_type.is_custom:
        raise bad_input(f"Pipelines are not supported for {object_type.name}")
    required(body, ("label", "stages"))
    stages = [made_stage(sandbox, object_type, one) for one in objects_of(body, "stages")]
    now, order = sandbox.clock.now_ms, whole_of(body, "displayOrder", 0)
    return Pipeline(
        _new_id(sandbox.store), str(body["label"]), sorted_stages(stages), order, now, now
    )


def made_stage(sandbox: Sandbox, object_type: ObjectType, body: Mapping[str, Any]) -> Stage:
    """Return a new stage, which nobody keeps yet.

    Raises:
        Refusal: the body lacks something, or says something that can't be.
    """
    required(body, ("label",))
    now, order = sandbox.clock.now_ms, whole_of(body, "displayOrder", 0)
    metadata = _metadata(object_type, object_in(body, "metadata"))
    return Stage(_new_id(sandbox.store), str(body["label"]), metadata, order, now, now)


def changed_stage(
    sandbox: Sandbox, object_type: ObjectType, known: Stage, body: Mapping[str, Any]
) -> Stage:
    """Return a stage with what a body says of it.

    Raises:
        Refusal: the body says something that can't be.
    """
    # Whether it is closed follows from the rest, unless the body says it.
    held = {name: text for name, text in known.metadata.items() if name != "isClosed"}
    given = {**held, **object_in(body, "metadata")}
    return replace(
        known,
        label=str(body.get("label", known.label)),
        metadata=_metadata(object_type, given),
        display_order=whole_of(body, "displayOrder", known.display_order),
        updated_at=sandbox.clock.now_ms,
    )


def sorted_stages(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return stages in their order of display."""
    return tuple(sorted(stages, key=lambda stage: stage.display_order))


def replaced_stages(
    sandbox: Sandbox, object_type: ObjectType, known: Pipeline, given: Sequence[Mapping[str, Any]]
) -> tuple[Stage, ...]:
    """Return the stages of a replaced pipeline: one of a known label keeps its id.

    Raises:
        Refusal: a stage that would go has records in it.
    """
    by_label = {stage.label: stage for stage in known.stages}
    stages = []
    for body in given:
        held = by_label.pop(str(body.get("label")), None)
        if held is None:
            stages.append(made_stage(sandbox, object_type, body))
        else:
            stages.append(changed_stage(sandbox, object_type, held, body))
    check_unused(sandbox.store, object_type, tuple(by_label.values()))
    return sorted_stages(stages)


_PROBABILITY = re.compile(r"0(\.[0-9]*)?|1(\.0*)?")
_CLOSED = {"CLOSED", "QUALIFIED", "UNQUALIFIED"}
"""States of tickets and of leads."""


def _metadata(object_type: ObjectType, given: Mapping[str, Any]) -> dict[str, str]:
    """Return metadata as the texts that HubSpot keeps, with what it works out of them."""
    texts = {name: _text(value) for name, value in given.items()}
    if object_type != DEALS:
        closed = any(texts.get(name) in _CLOSED for name in ("ticketState", "leadState"))
        return {"isClosed": str(closed).lower(), **texts}
    probability = texts.get("probability", "")
    if not _PROBABILITY.fullmatch(probability):
        raise bad_input("Deal stage metadata must include a probability from 0.0 to 1.0")
    closed = float(probability) in (0, 1)
    return {"isClosed": str(closed).lower(), **texts, "probability": str(float(probability))}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_unused(store: Store, object_type: ObjectType, stages: Sequence[Stage]) -> None:
    """Let stages pass that no living record is in.

    Raises:
        Refusal: STAGE_ID_IN_USE, with the records.
    """
    if object_type.in_pipelines is None:
        return
    for stage in stages:
        holders = store.rows(
            "select id from hubspot_records where object_type = ? and archived_at is null "
            "and json_extract(properties, ?) = ? order by id limit 100",
            object_type.name,
            f"$.{object_type.in_pipelines[1]}",
            stage.id,
        )
        if holders:
            raise _in_use(stage, [str(row["id"]) for row in holders])


def _in_use(stage: Stage, record_ids: Sequence[str]) -> Refusal:
    return Refusal(
        f"Stage ID `{stage.id}` is being referenced by object IDs: {', '.join(record_ids)}",
        context={"stageId": [stage.id], "objectIds": list(record_ids)},
        subCategory="PipelineError.STAGE_ID_IN_USE",
    )


def keep_audited(
    sandbox: Sandbox, object_type: ObjectType, known: Pipeline, action: str, audited: str
) -> None:
    """Keep a pipeline, and that something was done to it or to one of its stages."""
    keep_pipeline(sandbox.store, object_type.name, known)
    raw = json.dumps({"id": audited, "pipelineId": known.id, "label": known.label})
    sandbox.store.run(
        "insert into hubspot_pipeline_audits values (?, ?, ?, ?)",
        audited,
        action,
        sandbox.clock.now_ms,
        raw,
    )


def audits_of(store: Store, audited: str) -> list[dict[str, Any]]:
    """Return what was done to a pipeline or stage over the API, newest first."""
    rows = store.rows(
        "select * from hubspot_pipeline_audits where identifier = ? order by rowid desc", audited
    )
    return [
        {
            "portalId": PORTAL_ID,
            "identifier": row["identifier"],
            "action": row["action"],
            "timestamp": instant(from_ms(row["happened_at"])),
            "message": f"{row['action'].capitalize()}d by the API",
            "rawObject": json.loads(row["raw"]),
        }
        for row in rows
    ]


def _new_id(store: Store) -> str:
    return str(_FIRST_ID + store.next_number("hubspot pipelines"))
