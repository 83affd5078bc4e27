"""Associations in batches over v4 and the date-based versions."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View, completed, mixed
from connectors.sandbox.hubspot.errors import no_associations, no_such_end
from connectors.sandbox.hubspot.linking.association_views import (
    default_type,
    default_views,
    labelled_view,
    page_of,
)
from connectors.sandbox.hubspot.links import link, types_of, unlabel, unlink
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.requests import (
    inputs_of,
    json_object,
    object_of,
    objects_of,
    whole_number,
)
from connectors.sandbox.web import Answer, Call, Endpoint

READ_INPUTS = 1_000


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/read: records without any make the answer a 207."""
    from_type, to_type = _types(sandbox, call)
    results, errors = [], []
    most = sandbox.settings.hubspot_association_page_size
    for entry in inputs_of(json_object(call), READ_INPUTS):
        text = str(entry.get("id", ""))
        record = find_record(sandbox.store, from_type, id_of(text))
        after = whole_number(str(entry.get("after") or ""), "after", 0)
        page = (
            {}
            if record is None
            else page_of(sandbox, call, record, to_type, after=after, most=most)
        )
        if record is None or not page:
            errors.append(no_associations(from_type.singular, text, to_type.singular))
        else:
            results.append({"from": {"id": str(record.id)}, **page})
    return completed(sandbox, mixed(sandbox, results, len(results)), errors)


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/create: of the types of each input."""

    def make(entry: Mapping[str, Any], record: Record, other: Record) -> list[View]:
        kinds = types_of(sandbox, objects_of(entry, "types"), record.object_type)
        for kind in kinds:
            link(sandbox, kind, record, other)
        return [labelled_view(sandbox, call, record, other, kinds)]

    return _each_pair(sandbox, call, make, 201)


def create_default_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/associate/default: without labels."""
    kind = default_type(sandbox, *_types(sandbox, call))

    def make(_: Mapping[str, Any], record: Record, other: Record) -> list[View]:
        link(sandbox, kind, record, other)
        return default_views(kind, record, other)

    return _each_pair(sandbox, call, make, 200)


def _each_pair(
    sandbox: Sandbox,
    call: Call,
    make: Callable[[Mapping[str, Any], Record, Record], list[View]],
    status: int,
) -> Answer:
    results, errors = [], []
    for entry in inputs_of(json_object(call), sandbox.settings.hubspot_association_inputs):
        from_type, to_type = _types(sandbox, call)
        record, other = _end(sandbox, from_type, entry, "from"), _end(sandbox, to_type, entry, "to")
        if record is None or other is None:
            end, missing = ("from", from_type) if record is None else ("to", to_type)
            errors.append(no_such_end(end, missing.singular, id_at(entry, end)))
        else:
            results += make(entry, record, other)
    return completed(sandbox, results, errors, status)


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/archive: every association of each input's pairs."""
    from_type, to_type = _types(sandbox, call)
    for entry in inputs_of(json_object(call), sandbox.settings.hubspot_association_inputs):
        for target in objects_of(entry, "to"):
            pair = {"from": entry.get("from"), "to": target}
            record, other = (
                _end(sandbox, from_type, pair, "from"),
                _end(sandbox, to_type, pair, "to"),
            )
            if record is not None and other is not None:
                unlink(sandbox, record, other)
    return Answer(204)


def archive_labels_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/labels/archive: the types of each input only."""
    from_type, to_type = _types(sandbox, call)
    for entry in inputs_of(json_object(call), sandbox.settings.hubspot_association_inputs):
        record, other = _end(sandbox, from_type, entry, "from"), _end(sandbox, to_type, entry, "to")
        kinds = types_of(sandbox, objects_of(entry, "types"), from_type)
        if record is not None and other is not None:
            for kind in kinds:
                unlabel(sandbox, kind, record, other)
    return Answer(204)


def _types(sandbox: Sandbox, call: Call) -> tuple[ObjectType, ObjectType]:
    return object_of(sandbox, call), object_of(sandbox, call, "to_object")


def _end(
    sandbox: Sandbox, object_type: ObjectType, entry: Mapping[str, Any], end: str
) -> Record | None:
    return find_record(sandbox.store, object_type, id_of(id_at(entry, end)))


def id_at(entry: Mapping[str, Any], end: str) -> str:
    """Return the record id at an end, from or to, of an input."""
    given = entry.get(end)
    return str(given.get("id", "")) if isinstance(given, dict) else ""


_BATCH = "/crm/v4/associations/{object}/{to_object}/batch"
ENDPOINTS = (
    Endpoint("POST", f"{_BATCH}/read", read_batch),
    Endpoint("POST", f"{_BATCH}/create", create_batch, "write"),
    Endpoint("POST", f"{_BATCH}/associate/default", create_default_batch, "write"),
    Endpoint("POST", f"{_BATCH}/archive", archive_batch, "write"),
    Endpoint("POST", f"{_BATCH}/labels/archive", archive_labels_batch, "write"),
)
