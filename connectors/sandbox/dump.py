"""Everything both CRMs hold, in a stable order: what tests compare two states by."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import schema as hubspot
from connectors.sandbox.salesforce.schema import object_types
from connectors.sandbox.store import Store, quoted

_HUBSPOT_TABLES = {
    "contacts": "id",
    "history": "contact_id, property, changed_at, rowid",
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
    }


def _hubspot(store: Store) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name, order in _HUBSPOT_TABLES.items():
        sql = f"select * from {quoted('hubspot_' + name)} order by {order}"  # noqa: S608 - constants
        tables[name] = [dict(row) for row in store.rows(sql)]
    tables["properties"] = [known.to_json() for known in hubspot.properties(store).values()]
    tables["groups"] = hubspot.groups(store)
    return tables
