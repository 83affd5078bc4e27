"""List views of the org: kept as deployed, and run as SOQL."""

import json
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.metadata.checks import check_definition
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.list_filters import columns_of, condition_of
from connectors.sandbox.salesforce.metadata.outcome import Listed, Outcome
from connectors.sandbox.salesforce.names import check_developer_name
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import Field, ObjectType, find_type, standard_types
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.parser import parse
from connectors.sandbox.salesforce.soql.plan import plan_query
from connectors.sandbox.salesforce.storing import insert_values, write_values
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

_ALWAYS = ("Id", "CreatedDate", "LastModifiedDate", "SystemModstamp")


def put_list_view(sandbox: Sandbox, full_name: str, metadata: Metadata) -> Outcome:
    """Make a list view such as Lead.Hot_Leads, or give it another definition.

    Raises:
        Refusal: an unknown object or column, or a filter that can't be.
    """
    object_name, _, name = full_name.partition(".")
    known = find_type(sandbox.store, object_name)
    if known is None or known.read_only:
        message = f"In field: object - no CustomObject named {object_name} found"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    if not metadata.get("label"):
        raise Refusal("REQUIRED_FIELD_MISSING", "Required field is missing: label")
    check_definition("ListView", metadata)
    check_developer_name(name, "list view")
    soql = soql_of(known, metadata, columns_of(known, metadata))
    # Whoever deploys a view need not see all of its fields.
    try:
        plan_query(Org(sandbox, every_field=True), soql, parse(soql))
    except Refusal as refusal:
        # Nobody wrote this query, of which the lines above the last one show a part.
        message = f"Invalid filter: {refusal.message.splitlines()[-1]}"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message) from refusal
    kept = sandbox.store.row("select * from salesforce_list_views where full_name = ?", full_name)
    view_id = new_id(sandbox.store, "00B") if kept is None else str(kept["id"])
    _keep(sandbox, view_id, known, {**metadata, "fullName": name}, is_new=kept is None)
    changed = kept is None or json.loads(kept["definition"]) != {**metadata, "fullName": name}
    return Outcome(view_id, created=kept is None, changed=changed)


def soql_of(known: ObjectType, metadata: Metadata, columns: Sequence[Field]) -> str:
    """Return the query that a list view runs.

    Args:
        known: The object it lists.
        metadata: Its definition.
        columns: Those of its columns that show.

    Raises:
        Refusal: a filter that can't be.
    """
    shown = dict.fromkeys(field.name for field in columns)
    listed = [*shown, *(n for n in _ALWAYS if n not in shown and n in known.fields)]
    condition = condition_of(known, metadata, INTEGRATION_USER)
    where = f" WHERE {condition}" if condition else ""
    name = known.name_field
    order = f"{name} ASC NULLS FIRST, Id ASC NULLS FIRST" if name in known.fields else "Id ASC"
    return f"SELECT {', '.join(listed)} FROM {known.name}{where} ORDER BY {order}"  # noqa: S608 - SOQL, read with care


def _keep(
    sandbox: Sandbox, view_id: str, known: ObjectType, metadata: Metadata, *, is_new: bool
) -> None:
    now, table, name = stamp(sandbox.clock.now), standard_types()["ListView"], metadata["fullName"]
    values = {"Name": metadata["label"], "DeveloperName": name, "SobjectType": known.name}
    stamps = {"LastModifiedDate": now, "LastModifiedById": INTEGRATION_USER, "SystemModstamp": now}
    if is_new:
        made = {"CreatedDate": now, "CreatedById": INTEGRATION_USER, "IsSoqlCompatible": True}
        insert_values(sandbox.store, table, {"Id": view_id} | values | made | stamps)
    else:
        write_values(sandbox.store, table, view_id, values | stamps)
    sandbox.store.run(
        "insert or replace into salesforce_list_views values (?, ?, ?)",
        f"{known.name}.{name}",
        view_id,
        json.dumps(metadata),
    )


def read_list_view(store: Store, full_name: str) -> dict[str, Any] | None:
    """Return a list view as it would be retrieved, or None."""
    row = store.row("select * from salesforce_list_views where full_name = ?", full_name)
    return None if row is None else {**json.loads(row["definition"]), "fullName": row["full_name"]}


def definition_of(store: Store, view_id: str) -> dict[str, Any]:
    """Return the definition of a list view that is there, by its id."""
    text = store.value("select definition from salesforce_list_views where id = ?", view_id)
    definition: dict[str, Any] = json.loads(text)
    return definition


def list_list_views(store: Store) -> list[Listed]:
    """Return every list view."""
    rows = store.rows(
        "select kept.id, kept.full_name, view.CreatedDate, view.LastModifiedDate "
        "from salesforce_list_views as kept join salesforce_ListView as view on view.Id = kept.id "
        "order by kept.id"
    )
    return [Listed(*row) for row in rows]


def delete_list_view(sandbox: Sandbox, full_name: str) -> str:
    """Take a list view away and return its id."""
    where = "from salesforce_list_views where full_name = ?"
    view_id: str = sandbox.store.value(f"select id {where}", full_name)
    sandbox.store.run(f"delete {where}", full_name)
    sandbox.store.run("delete from salesforce_ListView where Id = ?", view_id)
    return view_id
