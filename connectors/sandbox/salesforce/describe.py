"""What `describe` says about objects and fields."""

from typing import Any

from connectors.sandbox.salesforce.schema import Field, ObjectType

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "anyType": "xsd:anyType",
}
_UNSORTABLE = frozenset({"textarea", "anyType"})


def describe_object(known: ObjectType, fields: list[Field], root: str) -> dict[str, Any]:
    """Return the full description; `root` is the versioned path, `fields` what the user sees."""
    return {
        **summary(known, root),
        "childRelationships": [],
        "recordTypeInfos": [],
        "supportedScopes": [],
        "actionOverrides": [],
        "namedLayoutInfos": [],
        "fields": [describe_field(field) for field in fields],
    }


def summary(known: ObjectType, root: str) -> dict[str, Any]:
    """Return an object's line in the list of objects."""
    path, writable = f"{root}/sobjects/{known.name}", not known.read_only
    return {
        "name": known.name,
        "label": known.label,
        "labelPlural": known.plural,
        "keyPrefix": known.prefix,
        "custom": False,
        "customSetting": False,
        "deprecatedAndHidden": False,
        "createable": writable,
        "updateable": writable,
        "deletable": writable,
        "undeletable": writable,
        "queryable": True,
        "replicateable": True,
        "retrieveable": True,
        "searchable": known.mergeable,
        "triggerable": writable,
        "mergeable": known.mergeable,
        "layoutable": writable,
        "urls": {
            "sobject": path,
            "describe": f"{path}/describe",
            "rowTemplate": path + "/{ID}",
        },
    }


def describe_field(field: Field) -> dict[str, Any]:
    """Return one field as clients read it to type their columns."""
    return {
        **_type_of(field),
        **_rights_of(field),
        **_picklist_of(field),
        "referenceTo": list(field.refers_to),
        "relationshipName": field.name.removesuffix("Id") if field.refers_to else None,
        "calculated": False,
        "calculatedFormula": None,
        "autoNumber": False,
        "caseSensitive": False,
        "compoundFieldName": None,
        "custom": field.custom,
        "deprecatedAndHidden": False,
        "encrypted": False,
        "externalId": False,
        "unique": False,
        "htmlFormatted": False,
        "inlineHelpText": None,
    }


def _type_of(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length if field.type in ("id", "reference") else field.length * 3,
        "precision": field.precision,
        "scale": field.scale,
        "digits": field.digits,
    }


def _rights_of(field: Field) -> dict[str, Any]:
    plain = field.type not in _UNSORTABLE
    return {
        "createable": field.createable,
        "updateable": field.updateable,
        "nillable": field.nillable,
        "permissionable": field.createable and field.nillable,
        "filterable": plain,
        "sortable": plain,
        "groupable": plain and field.type not in ("datetime", "double", "currency", "percent"),
        "aggregatable": plain,
        "nameField": field.name == "Name",
        "namePointing": False,
        "idLookup": field.type in ("id", "email"),
        "defaultedOnCreate": not field.createable or field.defaulted or field.default is not None,
    }


def _picklist_of(field: Field) -> dict[str, Any]:
    values = [
        {
            "active": True,
            "defaultValue": option == field.default,
            "label": option,
            "validFor": None,
            "value": option,
        }
        for option in field.options
    ]
    return {
        "picklistValues": values,
        "restrictedPicklist": field.restricted,
        "defaultValue": field.default,
        "dependentPicklist": False,
    }
