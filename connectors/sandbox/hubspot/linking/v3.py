"""Associations over v3: types by their names, ids as texts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View, completed
from connectors.sandbox.hubspot.association_kinds import type_name, types_between
from connectors.sandbox.hubspot.associations import Association, associations_of
from connectors.sandbox.hubspot.errors import no_associations, no_such_end
from connectors.sandbox.hubspot.linking.association_views import MOST_PER_PAGE
from connectors.sandbox.hubspot.linking.v4_batches import READ_INPUTS, id_at
from connectors.sandbox.hubspot.links import ends_of, link, living, named_type, unlabel
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.requests import (
    inputs_of,
    json_object,
    object_of,
    page_limit,
    whole_number,
)
from connectors.sandbox.hubspot.views import Asked, record_views
from connectors.sandbox.web import Answer, Call, Endpoint


def list_associations(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/FROM/ID/associations/TO: a labelled record comes twice."""
    record = living(sandbox, object_of(sandbox, call), call.arguments["id"])
    to_type, limit = object_of(sandbox, call, "to_object"), page_limit(call, 500, MOST_PER_PAGE)
    after = whole_number(call.one("after"), "after", 0)
    found = associations_of(sandbox.store, record, to_type, after, limit + 1)
    shown = list(found)[:limit]
    body: View = {"results": _targets(record, to_type, found, shown)}
    if len(found) > limit:
        body["paging"] = next_page(call, str(shown[-1]))
    return Answer(200, body)


def _targets(
    record: Record,
    to_type: ObjectType,
    found: Mapping[int, Sequence[Association]],
    shown: Iterable[int],
) -> list[View]:
    return [
        {"id": str(to_id), "type": type_name(record.object_type, to_type, kept.label)}
        for to_id in shown
        for kept in found[to_id]
    ]


def create(sandbox: Sandbox, call: Call) -> Answer:
    """PUT objects/FROM/ID/associations/TO/ID/TYPE: answers with the record."""
    record, other = ends_of(sandbox, call)
    name = call.arguments["type"]
    link(sandbox, named_type(sandbox, name, record.object_type, other.object_type), record, other)
    asked = Asked(associated=[other.object_type])
    return Answer(200, record_views(sandbox, record.object_type, [record], asked)[0])


def remove(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/FROM/ID/associations/TO/ID/TYPE."""
    record, other = ends_of(sandbox, call)
    name = call.arguments["type"]
    unlabel(
        sandbox, named_type(sandbox, name, record.object_type, other.object_type), record, other
    )
    return Answer(204)


def read_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/read: of each record as many as the account shows at once."""
    from_type, to_type = object_of(sandbox, call), object_of(sandbox, call, "to_object")
    results, errors = [], []
    for entry in inputs_of(json_object(call), READ_INPUTS):
        text = str(entry.get("id", ""))
        after = whole_number(str(entry.get("after") or ""), "after", 0)
        record = find_record(sandbox.store, from_type, id_of(text))
        page = {} if record is None else _page_of(sandbox, record, to_type, after)
        if page:
            results.append({"from": {"id": text}, **page})
        else:
            errors.append(no_associations(from_type.singular, text, to_type.singular))
    return completed(sandbox, results, errors)


def _page_of(sandbox: Sandbox, record: Record, to_type: ObjectType, after: int) -> View:
    """Return {to, paging} of a record's associations, empty when there are none."""
    most = sandbox.settings.hubspot_association_page_size
    found = associations_of(sandbox.store, record, to_type, after, most + 1)
    shown = list(found)[:most]
    if not shown:
        return {}
    page: View = {"to": _targets(record, to_type, found, shown)}
    if len(found) > most:
        page["paging"] = {"next": {"after": str(shown[-1])}}
    return page


def create_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/create: {from, to, type} each."""
    results, errors = [], []
    for entry in inputs_of(json_object(call), sandbox.settings.hubspot_association_inputs):
        ends = _ends(sandbox, call, entry)
        if isinstance(ends, dict):
            errors.append(ends)
            continue
        record, other = ends
        name = str(entry.get("type", ""))
        kind = named_type(sandbox, name, record.object_type, other.object_type)
        link(sandbox, kind, record, other)
        pair = {"from": {"id": str(record.id)}, "to": {"id": str(other.id)}}
        results.append({**pair, "type": name})
    return completed(sandbox, results, errors, 201)


def archive_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST associations/FROM/TO/batch/archive: says nothing about records that are not there."""
    for entry in inputs_of(json_object(call), sandbox.settings.hubspot_association_inputs):
        ends = _ends(sandbox, call, entry)
        if not isinstance(ends, dict):
            record, other = ends
            name = str(entry.get("type", ""))
            kind = named_type(sandbox, name, record.object_type, other.object_type)
            unlabel(sandbox, kind, record, other)
    return Answer(204)


def _ends(
    sandbox: Sandbox, call: Call, entry: Mapping[str, Any]
) -> tuple[Record, Record] | dict[str, Any]:
    """Return the two records of an input, or what is said of the one that is not there."""
    found = []
    for end, argument in (("from", "object"), ("to", "to_object")):
        object_type = object_of(sandbox, call, argument)
        text = id_at(entry, end)
        record = find_record(sandbox.store, object_type, id_of(text))
        if record is None:
            return no_such_end(end, object_type.singular, text)
        found.append(record)
    return found[0], found[1]


def list_types(sandbox: Sandbox, call: Call) -> Answer:
    """GET associations/FROM/TO/types."""
    from_type, to_type = object_of(sandbox, call), object_of(sandbox, call, "to_object")
    results = [
        {"id": str(kind.id), "name": type_name(from_type, to_type, kind.label)}
        for kind in types_between(sandbox.store, from_type.name, to_type.name)
    ]
    return Answer(200, {"results": results})


_OF_ONE = "/crm/v3/objects/{object}/{id}/associations/{to_object}"
_BETWEEN = "/crm/v3/associations/{object}/{to_object}"
ENDPOINTS = (
    Endpoint("GET", _OF_ONE, list_associations),
    Endpoint("PUT", f"{_OF_ONE}/{{to_id}}/{{type}}", create, "write"),
    Endpoint("DELETE", f"{_OF_ONE}/{{to_id}}/{{type}}", remove, "write"),
    Endpoint("POST", f"{_BETWEEN}/batch/read", read_batch),
    Endpoint("POST", f"{_BETWEEN}/batch/create", create_batch, "write"),
    Endpoint("POST", f"{_BETWEEN}/batch/archive", archive_batch, "write"),
    Endpoint("GET", f"{_BETWEEN}/types", list_types),
)
