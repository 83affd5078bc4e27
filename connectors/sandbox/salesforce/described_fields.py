"""What `describe` says about one field."""

from typing import Any

from connectors.sandbox.salesforce.compounds import compound_of
from connectors.sandbox.salesforce.keys import is_key
from connectors.sandbox.salesforce.relationships import SYSTEM_REFERENCES, relationship_of
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.soql.aggregates import is_groupable
from connectors.sandbox.salesforce.soql.comparisons import is_filterable
from connectors.sandbox.salesforce.soql.functions import is_aggregatable
from connectors.sandbox.salesforce.soql.plan import is_sortable

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
    "address": "urn:address",
}
_OPEN_TO_ALL = frozenset({"EmailBouncedReason", "EmailBouncedDate"})
"""Fields that can be written and empty, and yet can't be hidden."""
_PICKLISTS = frozenset({"picklist", "multipicklist", "combobox"})


def describe_field(known: ObjectType, field: Field) -> dict[str, Any]:
    """Return one field of an object as clients read it to type their columns."""
    return {
        **_unused(),
        **_type_of(known, field),
        **_reference_of(field),
        **_rights_of(known, field),
        **_query_rules_of(field),
        **_picklist_of(field),
        "autoNumber": bool(field.numbered),
        "calculated": field.formula is not None,
        "calculatedFormula": field.formula,
        "caseSensitive": field.case_sensitive,
        "custom": field.custom,
        "externalId": field.external_id,
        "formulaTreatNullNumberAsZero": field.formula is not None and field.blanks_are_zero,
        "htmlFormatted": field.html,
        "inlineHelpText": field.help,
        "unique": field.unique,
    }


def _unused() -> dict[str, Any]:
    """Return what says the same of every field of this org."""
    return {
        "aiPredictionField": False,
        "cascadeDelete": False,
        "controllerName": None,
        "defaultValueFormula": None,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "displayLocationInDecimal": False,
        "encrypted": False,
        "filteredLookupInfo": None,
        "highScaleNumber": False,
        "mask": None,
        "maskType": None,
        "referenceTargetField": None,
        "relationshipOrder": None,
        "restrictedDelete": False,
        "writeRequiresMasterRead": False,
    }


def _type_of(known: ObjectType, field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "extraTypeInfo": _extra_type(known, field),
        "compoundFieldName": compound_of(known, field),
        "length": field.length,
        "byteLength": field.length if field.type in ("id", "reference") else field.length * 3,
        "precision": field.precision,
        "scale": field.scale,
        "digits": field.digits,
        "nameField": field.name == known.name_field,
        "queryByDistance": field.type == "address",
    }


def _extra_type(known: ObjectType, field: Field) -> str | None:
    if field.type == "textarea":
        return "richtextarea" if field.html else "plaintextarea"
    is_person = "FirstName" in known.fields
    is_name = field.name == "Name" or compound_of(known, field) == "Name"
    return "personname" if is_person and is_name else None


def _reference_of(field: Field) -> dict[str, Any]:
    is_polymorphic = len(field.refers_to) > 1
    return {
        "referenceTo": list(field.refers_to),
        "relationshipName": relationship_of(field),
        "namePointing": is_polymorphic,
        "polymorphicForeignKey": is_polymorphic,
        "searchPrefilterable": bool(field.refers_to) and field.name not in SYSTEM_REFERENCES,
    }


def _rights_of(known: ObjectType, field: Field) -> dict[str, Any]:
    is_open = field.createable and field.nillable and field.type != "boolean"
    is_shown = compound_of(known, field) == "Name" or field.name in _OPEN_TO_ALL
    is_set = not field.createable and not field.nillable and field.name != "Name"
    return {
        "createable": field.createable,
        "updateable": field.updateable,
        "nillable": field.nillable,
        "permissionable": (is_open and not is_shown) or field.custom or field.type == "address",
        "idLookup": is_key(field),
        "defaultedOnCreate": is_set
        or field.defaulted
        or field.default is not None
        or (field.type == "boolean" and field.formula is None),
    }


def _query_rules_of(field: Field) -> dict[str, Any]:
    return {
        "aggregatable": is_aggregatable(field),
        "filterable": is_filterable(field) or field.type == "address",
        "groupable": is_groupable(field),
        "sortable": is_sortable(field),
    }


def _picklist_of(field: Field) -> dict[str, Any]:
    options = field.options if field.type in _PICKLISTS else ()
    return {
        "picklistValues": [_describe_option(field, option) for option in options],
        "restrictedPicklist": field.restricted,
        "defaultValue": field.default == "true" if field.type == "boolean" else field.default,
    }


def _describe_option(field: Field, option: str) -> dict[str, Any]:
    return {
        "active": True,
        "defaultValue": option == field.default,
        "label": option,
        "validFor": None,
        "value": option,
    }
