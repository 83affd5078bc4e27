"""Everything both CRMs hold, in a stable order: what tests compare two states by."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import schema as hubspot
from connectors.sandbox.hubspot.object_types import object_types as hubspot_types
from connectors.sandbox.salesforce.schema import object_types
from connectors.sandbox.store import Store, quoted

_HUBSPOT_TABLES = {
    "history": "object_type, record_id, property, changed_at, rowid",
    "associations": "from_type, from_id, to_type, to_id, type_id",
    "merges": "object_type, old_id",
    "submissions": "submitted_at, conversion_id",
    "owners": "id",
    "forms": "id",
}


def dump(sandbox: Sandbox) -> dict[str, Any]:
    """Return records, histories and schemas of both CRMs; no tokens, counters or cursors."""
    return {"salesforce": _salesforce(sandbox.store), "hubspot": _hubspot(sandbox.store)}


def _salesforce(store: Store) -> dict[str, Any]:
    return {
        name: [dict(row) for row in store.rows(f"select * from {known.table} order by Id")]  # noqa: S608 - a name of our schema
        for name, known in object_types(store).items()
        if not known.virtual
    }


def _hubspot(store: Store) -> dict[str, Any]:
    dumped: dict[str, Any] = {}
    records = "select * from hubspot_records where object_type = ? order by id"
    for known in hubspot_types(store):
        dumped[known.name] = [dict(row) for row in store.rows(records, known.name)]
    for name, order in _HUBSPOT_TABLES.items():
        sql = f"select * from {quoted('hubspot_' + name)} order by {order}"  # noqa: S608 - constants
        dumped[name] = [dict(row) for row in store.rows(sql)]
    dumped["properties"] = {
        known.name: _definitions(store, known.name) for known in hubspot_types(store)
    }
    dumped["groups"] = {
        known.name: hubspot.groups(store, known.name) for known in hubspot_types(store)
    }
    return dumped


def _definitions(store: Store, object_name: str) -> list[dict[str, Any]]:
    return [known.to_json() for known in hubspot.properties(store, object_name).values()]
