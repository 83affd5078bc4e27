"""The corner of the Tooling API that is about objects and their fields.

Source: Tooling API Developer Guide, "CustomField", "EntityDefinition" and "FieldDefinition".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce import describe as descriptions
from connectors.sandbox.salesforce.entities import fill_definitions
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.metadata import fields
from connectors.sandbox.salesforce.metadata.parts import FIELD_PARTS
from connectors.sandbox.salesforce.queries import (
    Reading,
    fetch_records,
    next_page,
    parse_query,
    run_query,
)
from connectors.sandbox.salesforce.requests import json_object, root_of
from connectors.sandbox.salesforce.schema import ObjectType, find_type, object_types
from connectors.sandbox.salesforce.soql.syntax import Path, compared_paths
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE_SIZE = 2_000
_ONE_ROW = (
    "When retrieving results with Metadata or FullName fields, the query qualifications must "
    "specify no more than one row for retrieval. Result size: {count}"
)
_ENTITIES, _FIELDS = "entitydefinition", "fielddefinition"


def query(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/query?q=: custom fields, and definitions of objects and fields."""
    soql = call.one("q")
    asked = parse_query(sandbox, soql)
    source = asked.source.text.lower()
    if source == _FIELDS and not any(map(_is_reified, compared_paths(asked.condition))):
        message = "A filter on a reified column is required [EntityDefinitionId,DurableId]"
        raise Refusal("EXTERNAL_OBJECT_EXCEPTION", message)
    if source in (_ENTITIES, _FIELDS):
        fill_definitions(sandbox)
    page = run_query(sandbox, soql, Reading(_root(call), PAGE_SIZE, tooling=True))
    if page["totalSize"] > 1 and any({"Metadata", "FullName"} & set(r) for r in page["records"]):
        raise Refusal("MALFORMED_QUERY", _ONE_ROW.format(count=page["totalSize"]))
    return Answer(200, _page(page))


def _is_reified(path: Path) -> bool:
    return path.text.lower().startswith((_ENTITIES, "durableid"))


def query_more(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/query/LOCATOR: the next page."""
    reading = Reading(_root(call), PAGE_SIZE, tooling=True)
    return Answer(200, _page(next_page(sandbox, call.arguments["locator"], reading)))


def _page(page: dict[str, Any]) -> dict[str, Any]:
    return {"size": len(page["records"]), **page, "queryLocator": None, "entityTypeName": None}


def list_objects(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/sobjects: the objects that only this API has."""
    known = [each for each in object_types(sandbox.store).values() if each.tooling]
    listed = [descriptions.summary(each, _root(call)) for each in known]
    return Answer(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})


def describe(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/sobjects/X/describe."""
    known = _object_of(sandbox, call)
    listed = list(known.fields.values())
    body = descriptions.describe_object(known, listed, (), _root(call), call.base_url)
    return Answer(200, body)


def create_field(sandbox: Sandbox, call: Call) -> Answer:
    """POST tooling/sobjects/CustomField {FullName, Metadata}; nobody may see the field yet."""
    body = json_object(call)
    made = fields.create_field(sandbox, str(body.get("FullName") or ""), _metadata(body))
    return Answer(201, {"id": made, "success": True, "errors": [], "warnings": [], "infos": []})


def read_field(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/sobjects/CustomField/ID: with its definition, every part of which is named."""
    kept = _field_of(sandbox, call)
    known = object_types(sandbox.store)["CustomField"]
    listed = list(known.fields.values())
    record = fetch_records(sandbox, known, listed, [kept.id], _root(call))[kept.id]
    return Answer(200, {**record, "Metadata": dict.fromkeys(FIELD_PARTS) | dict(kept.metadata)})


def update_field(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH tooling/sobjects/CustomField/ID {Metadata}: the whole definition."""
    fields.update_field(sandbox, _field_of(sandbox, call), _metadata(json_object(call)))
    return Answer(204)


def delete_field(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE tooling/sobjects/CustomField/ID."""
    fields.delete_field(sandbox, _field_of(sandbox, call))
    return Answer(204)


def _object_of(sandbox: Sandbox, call: Call) -> ObjectType:
    known = find_type(sandbox.store, call.arguments["object"], tooling=True)
    if known is None:
        raise not_found()
    return known


def _field_of(sandbox: Sandbox, call: Call) -> fields.KeptField:
    kept = fields.field_by_id(sandbox.store, full_id(call.arguments["id"]) or "")
    if kept is None:
        raise not_found()
    return kept


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    metadata = body.get("Metadata")
    if not isinstance(metadata, dict):
        raise Refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]")
    # Definitions that were read back name the parts they don't have, too.
    return {part: value for part, value in metadata.items() if value is not None}


def _root(call: Call) -> str:
    return f"{root_of(call)}/tooling"


_DATA = "/services/data/{version}/tooling"
_FIELD = f"{_DATA}/sobjects/CustomField"
ENDPOINTS = (
    Endpoint("GET", f"{_DATA}/query", query),
    Endpoint("GET", f"{_DATA}/query/{{locator}}", query_more),
    Endpoint("GET", f"{_DATA}/sobjects", list_objects),
    Endpoint("GET", f"{_DATA}/sobjects/{{object}}/describe", describe),
    Endpoint("POST", _FIELD, create_field, "write"),
    Endpoint("GET", f"{_FIELD}/{{id}}", read_field),
    Endpoint("PATCH", f"{_FIELD}/{{id}}", update_field, "write"),
    Endpoint("DELETE", f"{_FIELD}/{{id}}", delete_field, "write"),
)
