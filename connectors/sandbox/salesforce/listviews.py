"""List views over REST: which there are, what they show, and their rows.

Source: REST API Developer Guide, "List Views", "List View Describe" and "List View Results".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import not_found
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.filter_logic import as_described
from connectors.sandbox.salesforce.metadata.list_filters import column_of, columns_of, logic_of
from connectors.sandbox.salesforce.metadata.list_views import definition_of, soql_of
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.queries import Reading, run_query
from connectors.sandbox.salesforce.requests import object_of, root_of
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.web import Answer, Call, Endpoint

MOST_ROWS, USUAL_ROWS = 2_000, 25
_OPEN = ("textarea", "multipicklist")


def list_views(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/listviews."""
    known = object_of(sandbox, call)
    rows = sandbox.store.rows(
        "select * from salesforce_ListView where SobjectType = ? order by Name, Id", known.name
    )
    listed = [_entry(call, known, dict(row)) for row in rows]
    return Answer(
        200,
        {
            "done": True,
            "listviews": listed,
            "nextRecordsUrl": None,
            "size": len(listed),
            "sobjectType": known.name,
        },
    )


def read_view(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/listviews/ID."""
    known, view = _view_of(sandbox, call)
    return Answer(200, _entry(call, known, view))


def describe_view(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/listviews/ID/describe: its columns and its query."""
    known, view = _view_of(sandbox, call)
    definition = definition_of(sandbox.store, view["Id"])
    columns = _visible(sandbox, known, definition)
    return Answer(
        200,
        {
            "columns": [_column(field) for field in columns],
            "id": view["Id"],
            "orderBy": [
                {"fieldNameOrPath": name, "nullsPosition": "first", "sortDirection": "ascending"}
                for name in ("Name", "Id")
                if name in known.fields
            ],
            "query": soql_of(known, definition, columns),
            "relatedEntityId": None,
            "scope": None,
            "scopeEntityId": None,
            "sobjectType": known.name,
            "whereCondition": _where(known, definition),
        },
    )


def _where(known: ObjectType, definition: Metadata) -> dict[str, Any]:
    """Return the filters as a tree; an empty one for a view of everything."""
    conditions = [
        {
            "field": column_of(known, entry["field"]).name,
            "operator": entry["operation"],
            "values": entry.get("value") or [],
        }
        for entry in definition.get("filters", ())
    ]
    if not conditions:
        return {"conditions": [], "conjunction": "and"}
    described = as_described(logic_of(definition), conditions)
    is_single = len(conditions) == 1 and "field" in described
    return {"conditions": [described], "conjunction": "and"} if is_single else described


def view_results(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/listviews/ID/results?limit=&offset=: 25 rows unless asked otherwise."""
    known, view = _view_of(sandbox, call)
    definition = definition_of(sandbox.store, view["Id"])
    columns = _visible(sandbox, known, definition)
    most = min(_number(call, "limit", USUAL_ROWS), MOST_ROWS)
    soql = f"{soql_of(known, definition, columns)} LIMIT {most} OFFSET {_number(call, 'offset', 0)}"
    page = run_query(sandbox, soql, Reading(root_of(call), MOST_ROWS))
    return Answer(
        200,
        {
            "columns": [_column(field) for field in columns],
            "developerName": view["DeveloperName"],
            "done": len(page["records"]) < most,
            "id": view["Id"],
            "label": view["Name"],
            "records": [_row(columns, record) for record in page["records"]],
            "size": len(page["records"]),
        },
    )


def _visible(sandbox: Sandbox, known: ObjectType, definition: Metadata) -> list[Field]:
    """Return the columns of a list view that the user sees: the others are left out."""
    readable = readable_fields(sandbox.store, known)
    return [field for field in columns_of(known, definition) if field.name in readable]


def _row(columns: list[Field], record: dict[str, Any]) -> dict[str, Any]:
    cells = [{"fieldNameOrPath": f.name, "value": _shown(record[f.name])} for f in columns]
    return {"columns": cells}


def _shown(value: Any) -> str | None:
    """Return a value as results hold it: always text."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _view_of(sandbox: Sandbox, call: Call) -> tuple[ObjectType, dict[str, Any]]:
    known = object_of(sandbox, call)
    row = sandbox.store.row(
        "select * from salesforce_ListView where Id = ? and SobjectType = ?",
        full_id(call.arguments["view"]),
        known.name,
    )
    if row is None:
        raise not_found()
    return known, dict(row)


def _entry(call: Call, known: ObjectType, view: dict[str, Any]) -> dict[str, Any]:
    path = f"{root_of(call)}/sobjects/{known.name}/listviews/{view['Id']}"
    return {
        "describeUrl": f"{path}/describe",
        "developerName": view["DeveloperName"],
        "id": view["Id"],
        "label": view["Name"],
        "resultsUrl": f"{path}/results",
        "soqlCompatible": bool(view["IsSoqlCompatible"]),
        "url": path,
    }


def _column(field: Field) -> dict[str, Any]:
    is_name = field.name == "Name"
    return {
        "ascendingLabel": "Z-A",
        "descendingLabel": "A-Z",
        "fieldNameOrPath": field.name,
        "hidden": False,
        "label": field.label,
        "searchable": field.type not in _OPEN,
        "selectListItem": field.name,
        "sortDirection": "ascending" if is_name else None,
        "sortIndex": 0 if is_name else None,
        "sortable": field.type not in _OPEN,
        "type": field.type,
    }


def _number(call: Call, name: str, usual: int) -> int:
    given = read_count(call.one(name))
    return usual if given is None else given


_VIEWS = "/services/data/{version}/sobjects/{object}/listviews"
ENDPOINTS = (
    Endpoint("GET", _VIEWS, list_views),
    Endpoint("GET", f"{_VIEWS}/{{view}}", read_view),
    Endpoint("GET", f"{_VIEWS}/{{view}}/describe", describe_view),
    Endpoint("GET", f"{_VIEWS}/{{view}}/results", view_results),
)
