"""Batches of records: reading, creating, changing, upserting and archiving up to 100 of them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.authors import author_of
from connectors.sandbox.hubspot.batch_rows import batch_answer, each_input
from connectors.sandbox.hubspot.checks import check_known, check_values
from connectors.sandbox.hubspot.errors import missing_ids, not_unique
from connectors.sandbox.hubspot.making import make_record
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, Source, find_record
from connectors.sandbox.hubspot.requests import (
    check_once,
    inputs_of,
    is_true,
    json_object,
    object_in,
    object_of,
    required,
    texts_of,
    values_of,
)
from connectors.sandbox.hubspot.unique import RECORD_ID, find_by, unique_property
from connectors.sandbox.hubspot.views import Asked, changed_view, created_view, record_views
from connectors.sandbox.hubspot.writes import archive_record, change_record
from connectors.sandbox.web import Answer, Call, Endpoint

LIMIT, LIMIT_WITH_HISTORY = 100, 50


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/read: ids that nobody has make the answer a 207."""
    object_type, body = object_of(sandbox, call), json_object(call)
    asked = Asked(texts_of(body, "properties"), texts_of(body, "propertiesWithHistory"))
    inputs = inputs_of(body, LIMIT_WITH_HISTORY if asked.with_history else LIMIT)
    archived, id_property = is_true(call.one("archived")), str(body.get("idProperty") or "")
    found: dict[int, Record] = {}
    missing = []
    for key in (str(entry.get("id", "")) for entry in inputs):
        record = find_by(sandbox.store, object_type, id_property, key, archived)
        if record is None:
            missing.append(key)
        else:
            found[record.id] = record
    views = record_views(sandbox, object_type, list(found.values()), asked)
    errors = [missing_ids(object_type.singular, missing)] if missing else []
    return batch_answer(sandbox, views, errors)


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/create: one address that exists refuses the whole batch."""
    object_type = object_of(sandbox, call)
    inputs = inputs_of(json_object(call), LIMIT)
    check_known(sandbox.store, object_type, map(_given, inputs))
    views, errors = each_input(
        sandbox, inputs, partial(_create, sandbox, object_type, author_of(call))
    )
    return batch_answer(sandbox, views, errors, 201 if inputs else 200)


def _create(sandbox: Sandbox, object_type: ObjectType, source: Source, entry: View) -> View:
    values = check_values(sandbox.store, object_type, values_of(entry))
    return created_view(sandbox, make_record(sandbox, object_type, values, entry, source))


def update_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/update: by record id only; one bad value refuses the whole batch."""
    object_type = object_of(sandbox, call)
    inputs = inputs_of(json_object(call), LIMIT)
    for name in (str(entry["idProperty"]) for entry in inputs if entry.get("idProperty")):
        raise not_unique(object_type.type_id, name)
    check_known(sandbox.store, object_type, map(_given, inputs))
    missing: list[str] = []
    update = partial(_update, sandbox, object_type, author_of(call), missing)
    views, errors = each_input(sandbox, inputs, update)
    if missing:
        errors.append(missing_ids(object_type.singular, missing))
    return batch_answer(sandbox, views, errors)


def _update(
    sandbox: Sandbox, object_type: ObjectType, source: Source, missing: list[str], entry: View
) -> View | None:
    record = find_record(sandbox.store, object_type, id_of(str(entry.get("id", ""))))
    held = {} if record is None else record.kept
    values = check_values(sandbox.store, object_type, values_of(entry), held)
    if record is None:
        missing.append(str(entry.get("id", "")))
        return None
    return changed_view(sandbox, change_record(sandbox, record, values, source), values)


def upsert_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/upsert: by a unique property; by address, all or none."""
    object_type = object_of(sandbox, call)
    inputs, source = inputs_of(json_object(call), LIMIT), author_of(call)
    keyed = [{"idProperty": call.one("idProperty"), **entry} for entry in inputs]
    for entry in keyed:
        required(entry, ("id",))
        unique_property(sandbox.store, object_type, str(entry["idProperty"] or RECORD_ID))
    check_known(sandbox.store, object_type, map(_given, keyed))
    if any(entry["idProperty"] == "email" for entry in keyed):
        check_once([str(entry["id"]).strip().lower() for entry in keyed])
        # HubSpot's guide: partial upserts are not supported when using email.
        views = [_upsert(sandbox, object_type, source, entry) for entry in keyed]
        return batch_answer(sandbox, views, ())
    views, errors = each_input(sandbox, keyed, partial(_upsert, sandbox, object_type, source))
    return batch_answer(sandbox, views, errors)


def _upsert(
    sandbox: Sandbox, object_type: ObjectType, source: Source, entry: Mapping[str, Any]
) -> View:
    name, key = str(entry["idProperty"]), str(entry["id"])
    given, record = values_of(entry), find_by(sandbox.store, object_type, name, key)
    if record is None:
        values = check_values(sandbox.store, object_type, {name: key, **given})
        made = make_record(sandbox, object_type, values, entry, source)
        return {**created_view(sandbox, made), "new": True}
    # Found by an additional address, a contact keeps its first one.
    values = check_values(sandbox.store, object_type, given, record.kept)
    changed = change_record(sandbox, record, values, source)
    return {**changed_view(sandbox, changed, {name, *values}), "new": False}


_given = partial(object_in, key="properties")


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/batch/archive: says nothing about ids that nobody has."""
    object_type = object_of(sandbox, call)
    for entry in inputs_of(json_object(call), LIMIT):
        record = find_record(sandbox.store, object_type, id_of(str(entry.get("id", ""))))
        if record is not None:
            archive_record(sandbox, record, author_of(call))
    return Answer(204)


_BATCH = "/crm/v3/objects/{object}/batch"
ENDPOINTS = (
    Endpoint("POST", f"{_BATCH}/read", read_batch),
    Endpoint("POST", f"{_BATCH}/create", create_batch, "write"),
    Endpoint("POST", f"{_BATCH}/update", update_batch, "write"),
    Endpoint("POST", f"{_BATCH}/upsert", upsert_batch, "write"),
    Endpoint("POST", f"{_BATCH}/archive", archive_batch, "write"),
)
