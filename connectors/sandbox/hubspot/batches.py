"""Batches of contacts. Results come in another order than the inputs, as they do from HubSpot."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import (
    INTEGRATION,
    Contact,
    archive_contact,
    change_contact,
    check_values,
    create_contact,
    find_by_email,
    find_contact,
)
from connectors.sandbox.hubspot.errors import bad_input, missing_ids
from connectors.sandbox.hubspot.requests import (
    check_object_type,
    inputs_of,
    is_true,
    json_object,
    names_of,
    values_of,
)
from connectors.sandbox.hubspot.views import changed_view, contact_views
from connectors.sandbox.web import Answer, Call

LIMIT, LIMIT_WITH_HISTORY = 100, 50
View = dict[str, Any]


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/read: ids that nobody has make the answer a 207."""
    check_object_type(call)
    body = json_object(call)
    with_history = names_of(body, "propertiesWithHistory")
    inputs = inputs_of(body, LIMIT_WITH_HISTORY if with_history else LIMIT)
    archived = is_true(call.one("archived"))
    found, missing = [], []
    for entry in inputs:
        contact = _find(sandbox, body, str(entry.get("id", "")), archived)
        if contact is None:
            missing.append(str(entry.get("id", "")))
        else:
            found.append(contact)
    views = contact_views(sandbox.store, found, names_of(body, "properties"), with_history)
    return _answer(sandbox, views, missing)


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/create: one address that exists refuses the whole batch."""
    check_object_type(call)
    checked = [
        check_values(sandbox.store, values_of(entry))
        for entry in inputs_of(json_object(call), LIMIT)
    ]
    views = [
        changed_view(sandbox.store, create_contact(sandbox, values, INTEGRATION), values)
        for values in checked
    ]
    return _answer(sandbox, views, (), status=201)


def update_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/update: by record id only; one bad value refuses the whole batch."""
    check_object_type(call)
    inputs = inputs_of(json_object(call), LIMIT)
    if any(entry.get("idProperty") for entry in inputs):
        raise bad_input("Unable to perform update/upsert by non-unique 0-1 property")
    checked = {
        str(entry.get("id", "")): check_values(sandbox.store, values_of(entry)) for entry in inputs
    }
    views, missing = [], []
    for record_id, values in checked.items():
        contact = _find(sandbox, {}, record_id, archived=False)
        if contact is None:
            missing.append(record_id)
            continue
        changed = change_contact(sandbox, contact, values, INTEGRATION)
        views.append(changed_view(sandbox.store, changed, values))
    return _answer(sandbox, views, missing)


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/archive: says nothing about ids that nobody has."""
    check_object_type(call)
    for entry in inputs_of(json_object(call), LIMIT):
        contact = _find(sandbox, {}, str(entry.get("id", "")), archived=False)
        if contact is not None:
            archive_contact(sandbox, contact)
    return Answer(204)


def _find(sandbox: Sandbox, body: Mapping[str, Any], key: str, archived: bool) -> Contact | None:
    if body.get("idProperty") == "email":
        return find_by_email(sandbox.store, key)
    return find_contact(sandbox.store, int(key), archived) if key.isdigit() else None


def _answer(
    sandbox: Sandbox, views: list[View], missing: Sequence[str], status: int = 200
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
    return Answer(207, {**body, "numErrors": 1, "errors": [missing_ids(missing)]})


def _out_of_order(sandbox: Sandbox, views: list[View]) -> list[View]:
    mixed = list(views)
    ids = ",".join(view["id"] for view in views)
    random.Random(f"{sandbox.seed}:{ids}").shuffle(mixed)  # noqa: S311 - to mix, not to hide
    return mixed if mixed != views else mixed[::-1]
