"""The recycle bin: deleting a record takes along what hangs on it.

Source: Object Reference and the cascade rules of `delete()` in the SOAP API Developer Guide.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import ObjectType, sql_of, standard_types
from connectors.sandbox.store import Store, quoted


class Child(NamedTuple):
    """An object whose records hang on another's by a reference."""

    object_name: str
    reference: str
    only: str = "1"
    """Which of the referring records go along."""


_ACTIVITIES_WITH = (Child("Task", "WhoId"), Child("Event", "WhoId"))
_ACTIVITIES_ABOUT = (Child("Task", "WhatId"), Child("Event", "WhatId"))
CHILDREN: Mapping[str, Sequence[Child]] = {
    # A converted Lead's campaign members are its Contact's.
    "Lead": (
        Child("CampaignMember", "LeadId", "ContactId is null"),
        *_ACTIVITIES_WITH,
        Child("LeadHistory", "LeadId"),
    ),
    "Contact": (
        Child("CampaignMember", "ContactId"),
        Child("OpportunityContactRole", "ContactId"),
        *_ACTIVITIES_WITH,
        Child("ContactHistory", "ContactId"),
    ),
    "Account": (
        Child("Contact", "AccountId"),
        Child("Opportunity", "AccountId"),
        *_ACTIVITIES_ABOUT,
    ),
    "Opportunity": (
        Child("OpportunityContactRole", "OpportunityId"),
        Child("OpportunityHistory", "OpportunityId"),
        Child("OpportunityFieldHistory", "OpportunityId"),
        Child("OpportunityLineItem", "OpportunityId"),
        *_ACTIVITIES_ABOUT,
    ),
    "Campaign": (Child("CampaignMember", "CampaignId"), *_ACTIVITIES_ABOUT),
    "Case": _ACTIVITIES_ABOUT,
    "Product2": (Child("PricebookEntry", "Product2Id"), *_ACTIVITIES_ABOUT),
    "Pricebook2": (Child("PricebookEntry", "Pricebook2Id"),),
}
RESTRICTING: Mapping[str, Sequence[Child]] = {
    "Account": (Child("Case", "AccountId"),),
    "Contact": (Child("Case", "ContactId"),),
    "Product2": (Child("OpportunityLineItem", "Product2Id"),),
}
"""What must be gone before a record can be deleted."""


def check_unheld(store: Store, known: ObjectType, record: Mapping[str, Any]) -> None:
    """Check that nothing forbids the deletion of a record.

    Raises:
        Refusal: DELETE_FAILED, as recorded for a Contact with cases; or it is the standard price
            book, which nobody deletes.
    """
    if record.get("IsStandard"):
        message = "insufficient access rights on object id"
        raise Refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, 403)
    for child in RESTRICTING.get(known.name, ()):
        kind = standard_types()[child.object_name]
        name = sql_of(kind.fields[kind.name_field], "held")
        held = f"from {kind.table} as held where not IsDeleted and {child.reference} = ?"
        names = [
            str(row[0]) for row in store.rows(f"select {name} {held} order by Id", record["Id"])
        ]
        if names:
            raise Refusal(
                "DELETE_FAILED",
                f"Your attempt to delete {record['Name']} could not be completed because it is "
                f"associated with the following {kind.plural.lower()}.: {', '.join(names)}\n",
            )


def remove(
    store: Store, known: ObjectType, record_ids: Sequence[str], changes: Mapping[str, Any]
) -> None:
    """Mark records deleted with further changes of theirs, and all that hangs on them.

    Of what hangs on them, only the SystemModstamp moves.
    """
    values = {"IsDeleted": True, **changes}
    columns = ", ".join(f"{quoted(name)} = ?" for name in values)
    wanted = json.dumps(list(record_ids))
    store.run(
        f"update {known.table} set {columns} "  # noqa: S608 - names of our schema
        "where not IsDeleted and Id in (select value from json_each(?))",
        *values.values(),
        wanted,
    )
    for child in CHILDREN.get(known.name, ()):
        kind = standard_types()[child.object_name]
        ids = children_of(store, kind, child, record_ids, deleted=False)
        stamped = {name: changes[name] for name in ("SystemModstamp",) if name in kind.fields}
        if ids:
            remove(store, kind, ids, stamped)


def children_of(
    store: Store, kind: ObjectType, child: Child, parent_ids: Sequence[str], *, deleted: bool
) -> list[str]:
    """Return the ids of what hangs on some records: the living ones, or the deleted ones."""
    state = "IsDeleted" if deleted else "not IsDeleted"
    sql = (
        f"select Id from {kind.table} where {state} and {child.only} "  # noqa: S608 - names of our schema
        f"and {child.reference} in (select value from json_each(?))"
    )
    return [row["Id"] for row in store.rows(sql, json.dumps(list(parent_ids)))]


def deletion_moment(known: ObjectType, alias: str) -> str | None:
    """Return the SQL of when a row in the recycle bin was deleted; None where nothing tells.

    A line of history bears no stamp but that of its making: it went with what it hangs on.
    """
    for name in ("SystemModstamp", "LastModifiedDate"):
        if name in known.fields:
            return f"{alias}.{name}"
    for parent, children in CHILDREN.items():
        for child in children:
            if child.object_name == known.name:
                table = standard_types()[parent].table
                of_parent = f"where parent.Id = {alias}.{child.reference}"
                return f"(select parent.SystemModstamp from {table} as parent {of_parent})"  # noqa: S608 - names of our schema
    return None
