"""What HubSpot adds to a write by itself, and what it passes over in silence."""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.object_types import CONTACTS, TASKS, ObjectType
from connectors.sandbox.hubspot.pipelines import pipelines_of
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept, is_empty, options_of
from connectors.sandbox.store import Store


def values_of_new(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept]
) -> dict[str, Kept]:
    """Return what a new record holds: the given values over HubSpot's own."""
    defaults: dict[str, Kept] = _first_pipeline(sandbox.store, object_type, values)
    if object_type == CONTACTS and sandbox.settings.hubspot_new_contact_stage:
        defaults["lifecyclestage"] = sandbox.settings.hubspot_new_contact_stage
    given = _appended(sandbox.store, object_type, {}, values)
    filled = {**defaults, **given, **_completion(sandbox, object_type, values)}
    return {name: value for name, value in filled.items() if value is not None}


def _first_pipeline(
    store: Store, object_type: ObjectType, values: Mapping[str, Kept]
) -> dict[str, Kept]:
    """Return the pipeline that the given stage is in, the first one if none is given.

    A new lead starts in the first stage; deals and tickets start in none unless it is said.
    """
    if object_type.in_pipelines is None:
        return {}
    pipeline_name, stage_name = object_type.in_pipelines
    listed = pipelines_of(store, object_type.name)
    stage = values.get(stage_name)
    holders = [entry for entry in listed if stage in [known.id for known in entry.stages]]
    first = (holders or listed)[0]
    started = object_type.name == "leads" and first.stages
    return {pipeline_name: first.id, **({stage_name: first.stages[0].id} if started else {})}


def values_taken(sandbox: Sandbox, record: Record, values: Mapping[str, Kept]) -> dict[str, Kept]:
    """Return what a change changes.

    A lifecycle stage that would go back is passed over, and a creation date that is cleared.
    """
    given = _appended(sandbox.store, record.object_type, record.kept, values)
    taken = {n: v for n, v in given.items() if not _goes_back(sandbox.store, record, n, v)}
    if taken.get(record.object_type.created, "") is None:
        del taken[record.object_type.created]
    if record.kept.get("hs_task_status") != "COMPLETED":
        taken |= _completion(sandbox, record.object_type, values)
    return taken


def _appended(
    store: Store, object_type: ObjectType, held: Mapping[str, Kept], values: Mapping[str, Kept]
) -> dict[str, Kept]:
    """Return values in which options that a semicolon leads stand behind those that are held."""
    added = {n: str(v) for n, v in values.items() if isinstance(v, str) and v.startswith(";")}
    if not added:
        return dict(values)
    known = properties(store, object_type.name)
    joined = {
        name: ";".join(dict.fromkeys(options_of(f"{held.get(name) or ''}{text}")))
        for name, text in added.items()
        if known[name].field_type == "checkbox"
    }
    return {**values, **joined}


def further_stage(store: Store, object_name: str, first: Kept, second: Kept) -> Kept:
    """Return the one of two lifecycle stages that is further down the funnel."""
    order = list(properties(store, object_name)["lifecyclestage"].options)
    stages = [str(stage) for stage in (first, second) if not is_empty(stage)]
    # A stage that was taken out of the list since is before all others.
    places = {stage: order.index(stage) if stage in order else -1 for stage in stages}
    return max(stages, key=places.__getitem__, default=None)


def _goes_back(store: Store, record: Record, name: str, value: Kept) -> bool:
    held = record.kept.get(name)
    if name != "lifecyclestage" or value in (None, held) or is_empty(held):
        return False
    return further_stage(store, record.object_type.name, held, value) == held


def _completion(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept]
) -> dict[str, Kept]:
    if object_type != TASKS or values.get("hs_task_status") != "COMPLETED":
        return {}
    return {"hs_task_completion_date": sandbox.clock.now_ms}
