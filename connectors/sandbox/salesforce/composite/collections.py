"""sObject Collections: up to 200 records a call, a result for each, in the order they came.

Source: REST API Developer Guide, "Use sObject Collections".
"""

import json
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.results import Result, each
from connectors.sandbox.salesforce.doubles import RECORD_ID, Doubles, given_in
from connectors.sandbox.salesforce.errors import Refusal, bad_json, no_such_column
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.intake import named_type, type_of
from connectors.sandbox.salesforce.keys import key_field
from connectors.sandbox.salesforce.queries import fetch_records
from connectors.sandbox.salesforce.records import create_record, delete_record, update_record
from connectors.sandbox.salesforce.requests import (
    author_of,
    json_object,
    object_of,
    root_of,
    texts_in,
)
from connectors.sandbox.salesforce.schema import ObjectType, type_of_id
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.upserts import upsert_record
from connectors.sandbox.web import Answer, Call, Endpoint

WRITE_LIMIT, READ_LIMIT, CHUNK_LIMIT = 200, 2_000, 10
Record = dict[str, Any]


def create_many(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/sobjects."""

    def create(record: Record) -> Result:
        known = type_of(sandbox, record)
        return {"id": create_record(sandbox, known, record, author_of(call))}

    return each(sandbox, _records(call), create, all_or_none=_all_or_none(call))


def update_many(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH composite/sobjects."""
    records = _records(call)
    doubles = Doubles(RECORD_ID, map(_given_id, records))

    def update(record: Record) -> Result:
        record_id = _given_id(record)
        if not record_id:
            raise Refusal("MISSING_ARGUMENT", "Id not specified in an update call")
        doubles.check(record_id)
        update_record(sandbox, type_of(sandbox, record), record_id, record, author_of(call))
        return {"id": full_id(record_id) or record_id}

    return each(sandbox, records, update, all_or_none=_all_or_none(call), when_refused=_known_id)


def upsert_many(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH composite/sobjects/X/FIELD: all records are of one object."""
    known = object_of(sandbox, call)
    field, records = key_field(known, call.arguments["field"]), _records(call)
    doubles = Doubles(field, (given_in(record, field.name) for record in records))

    def upsert(record: Record) -> Result:
        if type_of(sandbox, record).name != known.name:
            message = f"records of an upsert of {known.name} must be of that type"
            raise Refusal("INVALID_TYPE", message)
        doubles.check(given_in(record, field.name))
        record_id, created = upsert_record(sandbox, known, field, record, author_of(call))
        return {"id": record_id, "created": created}

    return each(
        sandbox,
        records,
        upsert,
        all_or_none=_all_or_none(call),
        extra_when_refused={"created": False},
    )


def delete_many(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE composite/sobjects?ids=."""
    ids = call.many("ids")
    _check_count(ids, WRITE_LIMIT)
    doubles = Doubles(RECORD_ID, ids)

    def delete(record: Record) -> Result:
        record_id = record["id"]
        doubles.check(record_id)
        known = type_of_id(sandbox.store, record_id)
        if known is None:
            raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        delete_record(sandbox, known, record_id, author_of(call))
        return {"id": full_id(record_id) or record_id}

    whole = call.one("allOrNone").lower() == "true"
    records = [{"id": one} for one in ids]
    return each(sandbox, records, delete, all_or_none=whole, when_refused=_known_id)


def read_many(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/sobjects/X {ids, fields}: null for an id that no living record has."""
    body = json_object(call)
    return _read(sandbox, call, texts_in(body, "ids"), texts_in(body, "fields"))


def read_some(sandbox: Sandbox, call: Call) -> Answer:
    """GET composite/sobjects/X?ids=&fields=: as many as an address line holds."""
    return _read(sandbox, call, call.many("ids"), call.many("fields"))


def _read(sandbox: Sandbox, call: Call, ids: Sequence[str], names: Sequence[str]) -> Answer:
    known = object_of(sandbox, call)
    _check_count(ids, READ_LIMIT)
    if not names:
        raise Refusal("MISSING_ARGUMENT", "The required parameter fields is missing")
    by_name = Org(sandbox).fields_of(known)
    for name in names:
        if name.lower() not in by_name:
            raise no_such_column(name, known.name)
    wanted = [full_id(record_id) or "" for record_id in ids]
    fields = [by_name[name.lower()] for name in names]
    living = _living(sandbox, known, wanted)
    found = fetch_records(sandbox, known, fields, living, root_of(call))
    return Answer(200, [found.get(record_id) for record_id in wanted])


def _living(sandbox: Sandbox, known: ObjectType, ids: Sequence[str]) -> list[str]:
    if "IsDeleted" not in known.fields:
        return list(ids)
    sql = (
        f"select Id from {known.table} "  # noqa: S608 - a name of our schema
        "where not IsDeleted and Id in (select value from json_each(?))"
    )
    return [row["Id"] for row in sandbox.store.rows(sql, json.dumps(list(ids)))]


def _all_or_none(call: Call) -> bool:
    return json_object(call).get("allOrNone") is True


def _records(call: Call) -> list[Record]:
    records = json_object(call).get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise bad_json("records: a list of objects is required")
    _check_count(records, WRITE_LIMIT)
    names = [named_type(record) for record in records]
    chunks = sum(name != before for before, name in zip([None, *names], names, strict=False))
    if chunks > CHUNK_LIMIT:
        message = (
            f"Cannot have more than {CHUNK_LIMIT} chunks in a single operation. "
            "Please rearrange the data to reduce chunking."
        )
        raise Refusal("LIMIT_EXCEEDED", message)
    return records


def _check_count(items: Sequence[Any], limit: int) -> None:
    if not items:
        raise Refusal("REQUIRED_FIELD_MISSING", "At least one record is required")
    if len(items) > limit:
        message = f"record limit reached. cannot submit more than {limit} records into this call"
        raise Refusal("EXCEEDED_ID_LIMIT", message)


def _given_id(record: Record) -> str:
    return str(record.get("id") or record.get("Id") or "")


def _known_id(record: Record) -> Result:
    given = _given_id(record)
    return {"id": given} if given else {}


_PATH = "/services/data/{version}/composite/sobjects"
ENDPOINTS = (
    Endpoint("POST", _PATH, create_many, "write"),
    Endpoint("PATCH", _PATH, update_many, "write"),
    Endpoint("DELETE", _PATH, delete_many, "write"),
    Endpoint("POST", f"{_PATH}/{{object}}", read_many),
    Endpoint("GET", f"{_PATH}/{{object}}", read_some),
    Endpoint("PATCH", f"{_PATH}/{{object}}/{{field}}", upsert_many, "write"),
)
