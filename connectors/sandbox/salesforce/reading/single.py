"""Requests for single records: by id, by an external id, and by way of another record."""

from collections.abc import Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.conditions import is_unchanged, validators
from connectors.sandbox.salesforce.errors import Refusal, no_such_record, not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.keys import key_field, matching_ids
from connectors.sandbox.salesforce.nesting import find_down
from connectors.sandbox.salesforce.queries import read_records, run_query
from connectors.sandbox.salesforce.reading.soql_requests import reading_of
from connectors.sandbox.salesforce.records import living_record
from connectors.sandbox.salesforce.relationships import reference_of
from connectors.sandbox.salesforce.requests import choices, object_of, root_of
from connectors.sandbox.salesforce.schema import Field, ObjectType, type_of_id
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.web import Answer, Call, Endpoint

_RECORD = "/services/data/{version}/sobjects/{object}/{id}"


def read(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/ID?fields=: a deleted record is not found; headers can make it conditional."""
    return _read(sandbox, call, object_of(sandbox, call), call.arguments["id"])


def read_through(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/FIELD/VALUE, or sobjects/X/ID/RELATIONSHIP."""
    known, first = object_of(sandbox, call), call.arguments["id"]
    field = known.find(first)
    if field is not None:
        return _read_by_key(sandbox, call, known)
    return _follow(sandbox, call, known, _living_id(sandbox, known, first))


def _read(sandbox: Sandbox, call: Call, known: ObjectType, record_id: str) -> Answer:
    kept = living_record(sandbox, known, _living_id(sandbox, known, record_id))
    if is_unchanged(call, known, kept):
        return Answer(304)
    names = _names(sandbox, call, known)
    found = read_records(sandbox, known, names, [kept["Id"]], root_of(call))
    return Answer(200, found[kept["Id"]], validators(known, kept))


def _names(sandbox: Sandbox, call: Call, known: ObjectType) -> Sequence[str]:
    every = [field.name for field in Org(sandbox).fields_of(known).values()]
    return call.many("fields") or every


def _living_id(sandbox: Sandbox, known: ObjectType, record_id: str) -> str:
    wanted = full_id(record_id)
    if wanted is None:
        raise no_such_record(record_id)
    try:
        living_record(sandbox, known, wanted)
    except Refusal:
        raise not_found() from None
    return wanted


def _read_by_key(sandbox: Sandbox, call: Call, known: ObjectType) -> Answer:
    """Answer with the record of an external id, or with the addresses of several."""
    field = key_field(known, call.arguments["id"])
    found = matching_ids(sandbox, known, field, call.arguments["name"])
    if not found:
        raise not_found()
    if len(found) > 1:
        return choices(call, known, found)
    return _read(sandbox, call, known, found[0])


def _follow(sandbox: Sandbox, call: Call, known: ObjectType, record_id: str) -> Answer:
    """Answer with the parent that a relationship leads to, or with a page of children."""
    name, org = call.arguments["name"], Org(sandbox)
    field = reference_of(org.fields_of(known).values(), name)
    if field is not None:
        return _read_parent(sandbox, call, known, field, record_id)
    relation = find_down(org, known, name)
    if relation is None:
        raise not_found()
    names = ", ".join(_names(sandbox, call, relation.child))
    where = f"{relation.field.name} = '{record_id}'"
    soql = f"SELECT {names} FROM {relation.child.name} WHERE {where}"  # noqa: S608 - SOQL, parsed like any other
    return Answer(200, run_query(sandbox, soql, reading_of(sandbox, call)))


def _read_parent(
    sandbox: Sandbox, call: Call, known: ObjectType, reference: Field, record_id: str
) -> Answer:
    found = read_records(sandbox, known, [reference.name], [record_id], root_of(call))
    parent_id = found[record_id][reference.name]
    parent = type_of_id(sandbox.store, parent_id) if parent_id else None
    if parent is None:
        raise not_found()
    return _read(sandbox, call, parent, parent_id)


ENDPOINTS = (
    Endpoint("GET", _RECORD, read),
    Endpoint("GET", f"{_RECORD}/{{name}}", read_through),
)
