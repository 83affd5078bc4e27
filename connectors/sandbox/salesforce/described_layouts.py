"""What `describe` says of an object's page: its fields two by two, as far as the user sees them.

Source: SOAP API Developer Guide, `describeLayout()` and `describeCompactLayouts()`; REST API
Developer Guide, "sObject Layouts".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.salesforce.describe import MASTER_RECORD_TYPE, Described
from connectors.sandbox.salesforce.described_fields import describe_field
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.layouts import LAYOUTS
from connectors.sandbox.salesforce.schema import Field, ObjectType

_COLUMNS = 2


def describe_layouts(known: ObjectType, fields: Mapping[str, Field], path: str) -> Described:
    """Return the layouts of an object: the one that its records have.

    Args:
        known: The object.
        fields: What the user sees of it, by name in lower case.
        path: Where the object is in the API.
    """
    mapping = {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "layoutId": layout_id(known),
        "master": True,
        "name": "Master",
        "picklistsForRecordType": None,
        "recordTypeId": MASTER_RECORD_TYPE,
        "urls": {"layout": f"{path}/describe/layouts/{MASTER_RECORD_TYPE}"},
    }
    return {
        "layouts": [describe_layout(known, fields)],
        "recordTypeMappings": [mapping],
        "recordTypeSelectorRequired": [False],
    }


def describe_layout(known: ObjectType, fields: Mapping[str, Field]) -> Described:
    """Return the layout of an object: one section to look at, and one to edit."""
    shown = _shown(known, fields)
    return {
        "buttonLayoutSection": {"detailButtons": []},
        "detailLayoutSections": [_section(known, shown)],
        "editLayoutSections": [_section(known, [field for field in shown if field.updateable])],
        "feedView": None,
        "highlightsPanelLayoutSection": None,
        "id": layout_id(known),
        "multirowEditLayoutSections": [],
        "offlineLinks": [],
        "quickActionList": {"quickActionListItems": []},
        "relatedContent": None,
        "relatedLists": [],
        "saveOptions": [],
    }


def describe_compact_layouts(
    known: ObjectType, fields: Mapping[str, Field], path: str
) -> Described:
    """Return the compact layouts of an object: the one that its records have."""
    mapping = {
        "available": True,
        "compactLayoutId": None,
        "compactLayoutName": "SYSTEM",
        "recordTypeId": MASTER_RECORD_TYPE,
        "recordTypeName": "Master",
        "urls": {"compactLayout": f"{path}/describe/compactLayouts/{MASTER_RECORD_TYPE}"},
    }
    return {
        "compactLayouts": [describe_compact_layout(known, fields)],
        "defaultCompactLayoutId": None,
        "recordTypeCompactLayoutMappings": [mapping],
        "urls": {"primary": f"{path}/describe/compactLayouts/primary"},
    }


def describe_compact_layout(known: ObjectType, fields: Mapping[str, Field]) -> Described:
    """Return what the head of a record's page shows: the name, and what stands beneath it."""
    layout = LAYOUTS.get(known.name)
    names = (known.name_field, *(layout.subtitle if layout else ()))
    return {
        "actions": [],
        "fieldItems": [_item(known, field) for field in _visible(names, fields)],
        "id": None,
        "imageItems": [],
        "label": "System Default",
        "name": "SYSTEM",
        "objectType": known.name,
    }


def layout_id(known: ObjectType) -> str:
    """Return the id of an object's layout."""
    return make_id("00h", int.from_bytes(known.prefix.encode()))


def _shown(known: ObjectType, fields: Mapping[str, Field]) -> list[Field]:
    layout = LAYOUTS.get(known.name)
    if layout is None:
        return [field for field in fields.values() if field.type not in ("id", "address")]
    return _visible(("Name", *layout.shown), fields)


def _visible(names: Iterable[str], fields: Mapping[str, Field]) -> list[Field]:
    return [fields[name.lower()] for name in names if name.lower() in fields]


def _section(known: ObjectType, fields: Sequence[Field]) -> Described:
    pairs = [fields[first : first + _COLUMNS] for first in range(0, len(fields), _COLUMNS)]
    return {
        "collapsed": False,
        "columns": _COLUMNS,
        "heading": f"{known.label} Information",
        "layoutRows": [
            {"layoutItems": [_item(known, field) for field in pair], "numItems": len(pair)}
            for pair in pairs
        ],
        "layoutSectionId": None,
        "parentLayoutId": layout_id(known),
        "rows": len(pairs),
        "tabOrder": "LeftToRight",
        "useCollapsibleSection": False,
        "useHeading": True,
    }


def _item(known: ObjectType, field: Field) -> dict[str, Any]:
    component = {
        "details": describe_field(known, field),
        "displayLines": 1,
        "tabOrder": 0,
        "type": "Field",
        "value": field.name,
    }
    return {
        "editableForNew": field.createable,
        "editableForUpdate": field.updateable,
        "label": field.label,
        "layoutComponents": [component],
        "placeholder": False,
        "required": field.createable and not field.nillable and not field.defaulted,
    }
