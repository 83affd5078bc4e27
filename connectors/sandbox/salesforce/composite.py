"""sObject Collections: up to 200 records a call, a result for each, in the order they came."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal, bad_json, no_such_column
from connectors.sandbox.salesforce.handlers import author_of, json_object, object_of, root_of
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.queries import fetch_records
from connectors.sandbox.salesforce.records import create_record, delete_record, update_record
from connectors.sandbox.salesforce.schema import ObjectType, find_type, type_of_id
from connectors.sandbox.web import Answer, Call

WRITE_LIMIT, READ_LIMIT = 200, 2_000
Result = dict[str, Any]


class _RolledBackError(Exception):
    """One record failed and all were wanted."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__()
        self.results = results


def create_many(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/sobjects."""

    def create(record: Any) -> str:
        return create_record(sandbox, _type_of(sandbox, record), record, author_of(call))

    return _each(sandbox, call, _records(call), create)


def update_many(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH composite/sobjects."""

    def update(record: Any) -> str:
        record_id = _id_of(record)
        update_record(sandbox, _type_of(sandbox, record), record_id, record, author_of(call))
        return full_id(record_id) or record_id

    return _each(sandbox, call, _records(call), update)


def delete_many(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE composite/sobjects?ids=."""

    def delete(record_id: Any) -> str:
        delete_record(sandbox, _type_by_prefix(record_id), record_id, author_of(call))
        return full_id(record_id) or record_id

    ids = call.many("ids")
    _check_count(ids, WRITE_LIMIT)
    return _each(sandbox, call, ids, delete, all_or_none=call.one("allOrNone").lower() == "true")


def read_many(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/sobjects/X {ids, fields}: null for an id that no living record has."""
    known, body = object_of(sandbox, call), json_object(call)
    ids, names = body.get("ids") or [], body.get("fields") or []
    _check_count(ids, READ_LIMIT)
    visible = readable_fields(sandbox.store, known)
    by_name = {name.lower(): field for name, field in visible.items()}
    for name in names:
        if name.lower() not in by_name:
            raise no_such_column(name, known.name)
    wanted = [full_id(record_id) or "" for record_id in ids]
    fields = [by_name[name.lower()] for name in names]
    found = fetch_records(sandbox, known, fields, _living(sandbox, known, wanted), root_of(call))
    return Answer(200, [found.get(record_id) for record_id in wanted])


def _living(sandbox: Sandbox, known: ObjectType, ids: Sequence[str]) -> list[str]:
    if "IsDeleted" not in known.fields:
        return list(ids)
    sql = (
        f"select Id from {known.table} "  # noqa: S608 - a name of our schema
        "where not IsDeleted and Id in (select value from json_each(?))"
    )
    return [row["Id"] for row in sandbox.store.rows(sql, json.dumps(list(ids)))]


def _each(
    sandbox: Sandbox,
    call: Call,
    items: Sequence[Any],
    write: Callable[[Any], str],
    all_or_none: bool | None = None,
) -> Answer:
    if all_or_none is None:
        all_or_none = json_object(call).get("allOrNone") is True
    try:
        with sandbox.store.savepoint():
            results = [_result(item, write) for item in items]
            if all_or_none and not all(result["success"] for result in results):
                raise _RolledBackError(results)
    except _RolledBackError as rolled_back:
        results = [_undone(result) for result in rolled_back.results]
    return Answer(200, results)


def _result(item: Any, write: Callable[[Any], str]) -> Result:
    try:
        record_id = write(item)
    except Refusal as refusal:
        if refusal.code == "JSON_PARSER_ERROR":
            raise
        named = _given_id(item)
        known = {"id": named} if named else {}
        return {**known, "success": False, "errors": [refusal.row_error()]}
    return {"id": record_id, "success": True, "errors": []}


def _undone(result: Result) -> Result:
    if not result["success"]:
        return result
    refusal = Refusal(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid and the request was using "
        "AllOrNone header",
    )
    return {"id": result["id"], "success": False, "errors": [refusal.row_error()]}


def _records(call: Call) -> list[dict[str, Any]]:
    records = json_object(call).get("records")
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise bad_json("records: a list of objects is required")
    _check_count(records, WRITE_LIMIT)
    return records


def _check_count(items: Sequence[Any], limit: int) -> None:
    if not items:
        raise Refusal("REQUIRED_FIELD_MISSING", "At least one record is required")
    if len(items) > limit:
        message = f"record limit reached. cannot submit more than {limit} records into this call"
        raise Refusal("EXCEEDED_ID_LIMIT", message)


def _type_of(sandbox: Sandbox, record: dict[str, Any]) -> ObjectType:
    name = (record.get("attributes") or {}).get("type")
    known = find_type(sandbox.store, name) if isinstance(name, str) else None
    if known is None:
        raise Refusal("INVALID_TYPE", f"sObject type '{name}' is not supported.")
    return known


def _type_by_prefix(record_id: str) -> ObjectType:
    known = type_of_id(record_id)
    if known is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    return known


def _id_of(record: dict[str, Any]) -> str:
    record_id = _given_id(record)
    if not record_id:
        raise Refusal("MISSING_ARGUMENT", "Id not specified in an update call")
    return record_id


def _given_id(item: Any) -> str:
    if isinstance(item, dict):
        return str(item.get("id") or item.get("Id") or "")
    return str(item)
