"""Batches of records. Results come in another order than the inputs, as they do from HubSpot."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import find_by_email
from connectors.sandbox.hubspot.errors import bad_input, missing_ids
from connectors.sandbox.hubspot.links import associate_new
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.records import INTEGRATION, Record, find_record
from connectors.sandbox.hubspot.requests import (
    id_of,
    inputs_of,
    is_true,
    json_object,
    names_of,
    object_of,
    values_of,
)
from connectors.sandbox.hubspot.views import Asked, changed_view, record_views
from connectors.sandbox.hubspot.writes import (
    archive_record,
    change_record,
    check_values,
    create_record,
)
from connectors.sandbox.web import Answer, Call

LIMIT, LIMIT_WITH_HISTORY = 100, 50
View = dict[str, Any]


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/read: ids that nobody has make the answer a 207."""
    object_type, body = object_of(call), json_object(call)
    asked = Asked(names_of(body, "properties"), names_of(body, "propertiesWithHistory"))
    inputs = inputs_of(body, LIMIT_WITH_HISTORY if asked.with_history else LIMIT)
    archived = is_true(call.one("archived"))
    found: dict[int, Record] = {}
    missing = []
    for key in (str(entry.get("id", "")) for entry in inputs):
        record = _find(sandbox, object_type, body, key, archived)
        if record is None:
            missing.append(key)
        else:
            found[record.id] = record
    views = record_views(sandbox.store, object_type, found.values(), asked)
    return _answer(sandbox, object_type, views, missing)


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/create: one address that exists refuses the whole batch."""
    object_type = object_of(call)
    inputs = inputs_of(json_object(call), LIMIT)
    checked = [check_values(sandbox.store, object_type, values_of(entry)) for entry in inputs]
    views = []
    for entry, values in zip(inputs, checked, strict=True):
        record = create_record(sandbox, object_type, values, INTEGRATION)
        associate_new(sandbox, record, entry.get("associations"))
        views.append(changed_view(sandbox.store, record, values))
    return _answer(sandbox, object_type, views, (), status=201)


def update_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/update: by record id only; one bad value refuses the whole batch."""
    object_type = object_of(call)
    inputs = inputs_of(json_object(call), LIMIT)
    if any(entry.get("idProperty") for entry in inputs):
        kind = object_type.type_id
        raise bad_input(f"Unable to perform update/upsert by non-unique {kind} property")
    checked = {
        str(entry.get("id", "")): check_values(sandbox.store, object_type, values_of(entry))
        for entry in inputs
    }
    views, missing = [], []
    for record_id, values in checked.items():
        record = find_record(sandbox.store, object_type, id_of(record_id))
        if record is None:
            missing.append(record_id)
            continue
        changed = change_record(sandbox, record, values, INTEGRATION)
        views.append(changed_view(sandbox.store, changed, values))
    return _answer(sandbox, object_type, views, missing)


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/archive: says nothing about ids that nobody has."""
    object_type = object_of(call)
    for entry in inputs_of(json_object(call), LIMIT):
        record = find_record(sandbox.store, object_type, id_of(str(entry.get("id", ""))))
        if record is not None:
            archive_record(sandbox, record)
    return Answer(204)


def _find(
    sandbox: Sandbox, object_type: ObjectType, body: Mapping[str, Any], key: str, archived: bool
) -> Record | None:
    if body.get("idProperty") == "email" and object_type == CONTACTS:
        return find_by_email(sandbox.store, key)
    return find_record(sandbox.store, object_type, id_of(key), archived)


def _answer(
    sandbox: Sandbox,
    object_type: ObjectType,
    views: list[View],
    missing: Sequence[str],
    status: int = 200,
) -> Answer:
    now = instant(sandbox.clock.now)
    body: View = {
        "status": "COMPLETE",
        "results": _out_of_order(sandbox, views),
        "startedAt": now,
        "completedAt": now,
    }
    if not missing:
        return Answer(status, body)
    errors = [missing_ids(object_type.singular, missing)]
    return Answer(207, {**body, "numErrors": 1, "errors": errors})


def _out_of_order(sandbox: Sandbox, views: list[View]) -> list[View]:
    mixed = list(views)
    ids = ",".join(view["id"] for view in views)
    random.Random(f"{sandbox.seed}:{ids}").shuffle(mixed)  # noqa: S311 - to mix, not to hide
    return mixed if mixed != views else mixed[::-1]
