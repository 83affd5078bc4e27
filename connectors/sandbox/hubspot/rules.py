"""What HubSpot adds to a write by itself, and what it passes over in silence."""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.object_types import CONTACTS, DEALS, TASKS, ObjectType
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.store import Store


def values_of_new(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept]
) -> dict[str, Kept]:
    """Return what a new record holds: the given values over HubSpot's own."""
    defaults: dict[str, Kept] = {}
    if object_type == CONTACTS and sandbox.settings.hubspot_new_contact_stage:
        defaults["lifecyclestage"] = sandbox.settings.hubspot_new_contact_stage
    if object_type == DEALS:
        defaults["pipeline"] = "default"
    filled = {**defaults, **values, **_completion(sandbox, object_type, values)}
    return {name: value for name, value in filled.items() if value is not None}


def values_taken(sandbox: Sandbox, record: Record, values: Mapping[str, Kept]) -> dict[str, Kept]:
    """Return what a change changes: a lifecycle stage that would go back is passed over."""
    taken = {n: v for n, v in values.items() if not _goes_back(sandbox.store, record, n, v)}
    if record.kept.get("hs_task_status") != "COMPLETED":
        taken |= _completion(sandbox, record.object_type, values)
    return taken


def further_stage(store: Store, object_name: str, first: Kept, second: Kept) -> Kept:
    """Return the one of two lifecycle stages that is further down the funnel."""
    order = list(properties(store, object_name)["lifecyclestage"].options)
    stages = [stage for stage in (first, second) if stage is not None]
    return max(stages, key=lambda stage: order.index(str(stage)), default=None)


def _goes_back(store: Store, record: Record, name: str, value: Kept) -> bool:
    held = record.kept.get(name)
    if name != "lifecyclestage" or value in (None, held):
        return False
    return held is not None and further_stage(store, record.object_type.name, held, value) == held


def _completion(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept]
) -> dict[str, Kept]:
    if object_type != TASKS or values.get("hs_task_status") != "COMPLETED":
        return {}
    return {"hs_task_completion_date": sandbox.clock.now_ms}
