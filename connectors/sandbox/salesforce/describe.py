"""What `describe` says about objects and fields.

Source: SOAP API Developer Guide, `describeSObjects()` and `describeGlobal()`; the keys are those of
recorded answers.
"""

from collections.abc import Iterable
from typing import Any

from connectors.sandbox.salesforce.described_fields import describe_field
from connectors.sandbox.salesforce.record_types import RecordType
from connectors.sandbox.salesforce.relationships import ChildRelationship, child_relationships
from connectors.sandbox.salesforce.schema import Field, ObjectType

Described = dict[str, Any]
_NEVER = dict.fromkeys(
    (
        *("defaultImplementation", "extendedBy", "extendsInterfaces", "implementedBy"),
        *("implementsInterfaces", "listviewable", "lookupLayoutable", "networkScopeFieldName"),
    )
)
"""What recorded descriptions name, and never fill."""
MASTER_RECORD_TYPE = "012000000000000AAA"
"""The record type that every object has without having been given any."""
_MASTER = RecordType(MASTER_RECORD_TYPE, "Master", "Master", is_active=True)


def describe_object(
    known: ObjectType,
    fields: Iterable[Field],
    types: Iterable[ObjectType],
    root: str,
    base_url: str,
    *,
    record_types: Iterable[RecordType] = (),
) -> Described:
    """Return the full description of an object.

    Args:
        known: The object.
        fields: What the user sees of it, compound fields included.
        types: All objects of the org, some of which refer to this one.
        root: The versioned path that links start with.
        base_url: Where the org's pages are.
        record_types: Those of the object, besides Master.
    """
    path, shows = f"{root}/sobjects/{known.name}", has_pages(known)
    below = child_relationships(types, known)
    return {
        **summary(known, root),
        **_NEVER,
        "actionOverrides": [],
        "childRelationships": [_describe_relationship(relation) for relation in below],
        "compactLayoutable": shows,
        "fields": [describe_field(known, field) for field in fields],
        "namedLayoutInfos": [],
        "recordTypeInfos": _record_types(record_types, path) if shows else [],
        "searchLayoutable": known.mergeable,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": _scopes(known),
        "urls": _urls(known, path, base_url) if shows else _paths(path),
    }


def summary(known: ObjectType, root: str) -> Described:
    """Return an object's entry in the list of objects."""
    writable, shows = not known.read_only, has_pages(known)
    return {
        "activateable": False,
        "associateEntityType": _association(known)[0],
        "associateParentEntity": _association(known)[1],
        "createable": writable,
        "custom": known.name.endswith("__c"),
        "customSetting": False,
        "deepCloneable": False,
        "deletable": writable,
        "deprecatedAndHidden": False,
        "feedEnabled": known.mergeable,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": known.prefix,
        "label": known.label,
        "labelPlural": known.plural,
        "layoutable": shows,
        "mergeable": known.mergeable,
        "mruEnabled": shows,
        "name": known.name,
        "queryable": True,
        "replicateable": known.replicateable,
        "retrieveable": True,
        "searchable": known.mergeable,
        "triggerable": writable,
        "undeletable": writable and "IsDeleted" in known.fields,
        "updateable": writable,
        "urls": _paths(f"{root}/sobjects/{known.name}"),
    }


def has_pages(known: ObjectType) -> bool:
    """Tell whether people see records of an object on pages of their own."""
    return known.has_pages or (not known.read_only and "OwnerId" in known.fields)


def _association(known: ObjectType) -> tuple[str | None, str | None]:
    if not known.name.endswith("History"):
        return None, None
    return "History", known.name.removesuffix("History").removesuffix("Field")


def _paths(path: str) -> dict[str, str]:
    return {"rowTemplate": path + "/{ID}", "describe": f"{path}/describe", "sobject": path}


def _urls(known: ObjectType, path: str, base_url: str) -> dict[str, str]:
    return {
        "compactLayouts": f"{path}/describe/compactLayouts",
        "rowTemplate": path + "/{ID}",
        "approvalLayouts": f"{path}/describe/approvalLayouts",
        "uiDetailTemplate": base_url + "/{ID}",
        "uiEditTemplate": base_url + "/{ID}/e",
        "listviews": f"{path}/listviews",
        "describe": f"{path}/describe",
        "uiNewRecord": f"{base_url}/{known.prefix}/e",
        "quickActions": f"{path}/quickActions",
        "layouts": f"{path}/describe/layouts",
        "sobject": path,
    }


def _record_types(record_types: Iterable[RecordType], path: str) -> list[Described]:
    return [
        {
            "active": one.is_active,
            "available": one.is_active,
            "defaultRecordTypeMapping": one.id == MASTER_RECORD_TYPE,
            "developerName": one.developer_name,
            "master": one.id == MASTER_RECORD_TYPE,
            "name": one.name,
            "recordTypeId": one.id,
            "urls": {"layout": f"{path}/describe/layouts/{one.id}"},
        }
        for one in (*record_types, _MASTER)
    ]


def _scopes(known: ObjectType) -> list[Described]:
    plural = known.plural.lower()
    everything = {"label": f"All {plural}", "name": "everything"}
    mine = {"label": f"My {plural}", "name": "mine"}
    return [everything, mine] if "OwnerId" in known.fields else [everything]


def _describe_relationship(relation: ChildRelationship) -> Described:
    return {
        "cascadeDelete": relation.cascades,
        "childSObject": relation.child.name,
        "deprecatedAndHidden": False,
        "field": relation.field.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": relation.name,
        "restrictedDelete": relation.restricts,
    }
