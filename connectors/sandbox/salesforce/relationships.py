"""Names of relationships: up a reference, and down to the records that refer to one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.sandbox.salesforce.removal import CHILDREN, RESTRICTING
from connectors.sandbox.salesforce.schema import Field, ObjectType

SYSTEM_REFERENCES = frozenset({"OwnerId", "CreatedById", "LastModifiedById", "MasterRecordId"})
"""References that Salesforce keeps by itself."""
_PLURALS = {
    "OpportunityLineItem": "OpportunityLineItems",
    "PricebookEntry": "PricebookEntries",
}
"""What relationships call objects that people call otherwise."""
_NAMELESS_BELOW = SYSTEM_REFERENCES | {"ReportsToId", "PersonContactId"}
"""References whose other end has no name by which queries could follow it down."""

MASTERS = {
    "CampaignMember": "CampaignId",
    "OpportunityContactRole": "OpportunityId",
    "OpportunityLineItem": "OpportunityId",
}
"""Objects whose records belong to one of another object, and by which reference: only those may
write them who may write it, and a person has at most one below it."""


@dataclass(frozen=True)
class ChildRelationship:
    """An object whose records refer to those of another, by which field and what name."""

    child: ObjectType
    field: Field
    name: str | None
    cascades: bool
    restricts: bool
    """Whether a record that is referred to can't be deleted."""


def relationship_of(field: Field) -> str | None:
    """Return the name by which paths follow a reference up, or None for other fields."""
    if not field.refers_to:
        return None
    if field.custom:
        return field.name.removesuffix("__c") + "__r"
    return field.name.removesuffix("Id")


def reference_of(fields: Iterable[Field], relationship: str) -> Field | None:
    """Return the one of some fields that a relationship's name, in any case, follows up."""
    folded = relationship.lower()
    references = (field for field in fields if field.refers_to)
    return next((f for f in references if str(relationship_of(f)).lower() == folded), None)


def child_relationships(
    types: Iterable[ObjectType], known: ObjectType
) -> Iterator[ChildRelationship]:
    """Yield what refers to the records of an object."""
    below, holding = (
        {(child.object_name, child.reference) for child in kinds.get(known.name, ())}
        for kinds in (CHILDREN, RESTRICTING)
    )
    for child in types:
        for field in child.fields.values():
            if known.name in field.refers_to:
                name, key = _name_down(known, child, field), (child.name, field.name)
                yield ChildRelationship(child, field, name, key in below, key in holding)


def _name_down(known: ObjectType, child: ObjectType, field: Field) -> str | None:
    if child.name == known.history:
        return "Histories"
    if field.relationship:
        return f"{field.relationship}__r"
    if field.custom:
        return f"{child.plural.replace(' ', '')}__r"
    if field.name in _NAMELESS_BELOW or field.name.startswith("Converted"):
        return None
    if field.name == "ParentId" and child.name != "Case":
        return f"Child{child.plural}"
    plural = _PLURALS.get(child.name) or child.plural.replace(" ", "")
    if plural == child.name:
        plural = f"{plural[:-1]}ies" if plural.endswith("y") else f"{plural}s"
    return plural
