"""How objects and fields are defined, as rows that the Tooling API can query."""

import json
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.relationships import relationship_of
from connectors.sandbox.salesforce.schema import Field, ObjectType, object_types
from connectors.sandbox.salesforce.soql.aggregates import is_groupable
from connectors.sandbox.salesforce.soql.comparisons import is_filterable
from connectors.sandbox.salesforce.soql.plan import is_sortable
from connectors.sandbox.salesforce.soql.sql import is_long_text
from connectors.sandbox.salesforce.tracking import is_tracked
from connectors.sandbox.store import Store, quoted

_NAMES = {
    "string": "Text",
    "textarea": "Text Area",
    "double": "Number",
    "int": "Number",
    "currency": "Currency",
    "percent": "Percent",
    "boolean": "Checkbox",
    "date": "Date",
    "datetime": "Date/Time",
    "picklist": "Picklist",
    "multipicklist": "Picklist (Multi-Select)",
    "email": "Email",
    "phone": "Phone",
    "url": "URL",
}


def fill_definitions(sandbox: Sandbox) -> None:
    """Bring both tables of definitions to what the org's schema is now."""
    store = sandbox.store
    types = [known for known in object_types(store).values() if not known.tooling]
    _fill(store, "EntityDefinition", (_entity(known) for known in types))
    ids = dict(tuple(row) for row in store.rows("select FullName, Id from salesforce_CustomField"))
    _fill(
        store,
        "FieldDefinition",
        (_field(sandbox, known, field, ids) for known in types for field in known.fields.values()),
    )


def _fill(store: Store, name: str, rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    columns, marks = ", ".join(map(quoted, listed[0])), ", ".join("?" for _ in listed[0])
    store.run(f"delete from salesforce_{name}")  # noqa: S608 - one of two tables
    sql = f"insert into salesforce_{name} ({columns}) values ({marks})"  # noqa: S608 - names of our schema
    store.run_many(sql, (list(row.values()) for row in listed))


def _entity(known: ObjectType) -> dict[str, Any]:
    writable = not known.read_only
    return {
        "Id": known.name,
        "DurableId": known.definition_id[:15] or known.name,
        "QualifiedApiName": known.name,
        "DeveloperName": known.name.removesuffix("__c"),
        "Label": known.label,
        "MasterLabel": known.label,
        "PluralLabel": known.plural,
        "KeyPrefix": known.prefix,
        "IsCustomizable": writable,
        "IsCustomSetting": False,
        "IsDeprecatedAndHidden": False,
        "IsQueryable": True,
        "IsRetrieveable": True,
        "IsReplicateable": True,
        "IsSearchable": known.mergeable,
        "IsTriggerable": writable,
        "IsWorkflowEnabled": writable,
    }


def _field(
    sandbox: Sandbox, known: ObjectType, field: Field, ids: dict[str, str]
) -> dict[str, Any]:
    # A custom field is known by its id, a standard one by its name.
    own = ids.get(f"{known.name}.{field.name}", field.name)
    return {
        "Id": f"{known.name}.{own}",
        "DurableId": f"{known.name}.{own}",
        "EntityDefinitionId": known.name,
        "QualifiedApiName": field.name,
        "DeveloperName": field.name.removesuffix("__c"),
        "Label": field.label,
        "MasterLabel": field.label,
        "DataType": data_type(field),
        "ValueTypeId": field.type,
        "Length": field.length,
        "Precision": field.precision,
        "Scale": field.scale,
        "RelationshipName": relationship_of(field),
        "ReferenceTo": json.dumps({"referenceTo": list(field.refers_to) or None}),
        "IsCalculated": bool(field.formula),
        "IsNillable": field.nillable,
        "IsNameField": field.name == known.name_field,
        "IsHtmlFormatted": field.html,
        "IsFieldHistoryTracked": is_tracked(sandbox.settings, known, field.name, sandbox.clock.now),
        "IsPolymorphicForeignKey": len(field.refers_to) > 1,
        "IsApiFilterable": is_filterable(field),
        "IsApiSortable": is_sortable(field),
        "IsApiGroupable": is_groupable(field),
    }


def data_type(field: Field) -> str:
    """Return a field's type as Setup shows it: Text(80), Number(18, 2), Lookup(Account)."""
    if field.refers_to:
        return f"Lookup({','.join(field.refers_to)})"
    name = _NAMES.get(field.type, field.type)
    if field.formula:
        return f"Formula ({name})"
    if is_long_text(field):
        name = "Rich Text Area" if field.html else "Long Text Area"
    if field.type == "int":
        return f"Number({field.digits}, 0)"
    if field.precision:
        return f"{name}({field.precision - field.scale}, {field.scale})"
    return f"{name}({field.length})" if field.type in ("string", "textarea") else name
