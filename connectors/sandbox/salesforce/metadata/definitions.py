"""Definitions of custom fields, as the Tooling and Metadata APIs have them, into fields."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.formulas.syntax import FormulaError
from connectors.sandbox.salesforce.metadata.field_types import (
    FORMULA_LENGTH,
    FieldKind,
    Metadata,
    kind_of,
    number_between,
)
from connectors.sandbox.salesforce.names import is_api_name
from connectors.sandbox.salesforce.schema import Field, ObjectType, compiled

LABEL_LENGTH, NAME_LENGTH = 40, 40


def check_name(known: ObjectType, name: str) -> None:
    """Check the name of a custom field.

    Raises:
        Refusal: it does not end in __c, or is no name at all.
    """
    if not name.endswith("__c"):
        raise _unfit("Could not resolve standard field's name.")
    if not is_api_name(name.removesuffix("__c"), NAME_LENGTH):
        raise _unfit(
            f"The field name you provided {name.removesuffix('__c')} on object {known.label} can "
            "only contain alphanumeric characters, must begin with a letter, cannot end with an "
            "underscore or contain two consecutive underscore characters, and must be unique "
            f"across all {known.label} fields"
        )


def read_definition(
    known: ObjectType, name: str, metadata: Metadata, types: Mapping[str, ObjectType]
) -> Field:
    """Return the field that a definition makes.

    Args:
        known: The object it is to be of.
        name: Its name, with __c.
        metadata: The definition.
        types: Every object of the org, for lookups and formulas.

    Raises:
        Refusal: Salesforce would not make it.
    """
    label = _label(metadata)
    kind = kind_of(metadata)
    field = Field(
        name,
        label,
        kind.described_as,
        custom=True,
        help=metadata.get("inlineHelpText"),
        tracked=metadata.get("trackHistory") is True and bool(known.history),
        **_measures(kind, metadata),
        **_rights(metadata),
        **_values(metadata),
        **_link(f"{known.name}.{name}", metadata, types),
    )
    return _with_formula(field, known, types) if field.formula else field


def _label(metadata: Metadata) -> str:
    label = metadata.get("label")
    if not label:
        raise Refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [Label]")
    if len(label) > LABEL_LENGTH:
        message = f"Label: data value too large: {label} (max length={LABEL_LENGTH})"
        raise Refusal("STRING_TOO_LONG", message)
    return str(label)


def _measures(kind: FieldKind, metadata: Metadata) -> dict[str, Any]:
    if "precision" in kind.needs:
        precision = number_between(metadata, "precision", 1, 18)
        return {"precision": precision, "scale": number_between(metadata, "scale", 0, precision)}
    if "length" not in kind.needs:
        return {"length": kind.length}
    if metadata.get("formula"):
        return {"length": FORMULA_LENGTH}
    return {"length": number_between(metadata, "length", *kind.lengths)}


def _rights(metadata: Metadata) -> dict[str, Any]:
    formula = metadata.get("formula") or None
    is_required = metadata.get("required") is True or metadata["type"] == "Checkbox"
    return {
        "createable": not formula,
        "updateable": not formula,
        "nillable": not is_required,
        "external_id": metadata.get("externalId") is True,
        "unique": metadata.get("unique") is True,
        "case_sensitive": metadata.get("caseSensitive") is True,
        "html": metadata["type"] == "Html",
        "formula": formula,
        "blanks_are_zero": metadata.get("formulaTreatBlanksAs") != "BlankAsBlank",
    }


def _values(metadata: Metadata) -> dict[str, Any]:
    if metadata["type"] not in ("Picklist", "MultiselectPicklist"):
        return {"default": None if metadata.get("formula") else _constant(metadata)}
    value_set = metadata["valueSet"]
    if value_set.get("valueSetName"):
        name = value_set["valueSetName"]
        raise _unfit(f"In field: valueSet - no GlobalValueSet named {name} found")
    listed = _each((value_set.get("valueSetDefinition") or {}).get("value"))
    values = [value for value in listed if value.get("isActive") is not False]
    names = [str(value.get("valueName") or value.get("fullName")) for value in values]
    if len(set(names)) < len(names):
        twin = next(name for name in names if names.count(name) > 1)
        raise Refusal("DUPLICATE_VALUE", f"Duplicate label: {twin}")
    defaults = (n for n, v in zip(names, values, strict=True) if v.get("default") is True)
    return {
        "options": tuple(names),
        "restricted": value_set.get("restricted") is True,
        "default": next(defaults, None),
    }


def _constant(metadata: Metadata) -> str | None:
    """Return the default where it is a constant; nobody computes the others here."""
    text = str(metadata.get("defaultValue") or "").strip()
    if metadata["type"] == "Checkbox":
        return "true" if text.lower() == "true" else None
    quoted = re.fullmatch(r"""(["'])([^"'\\]*)\1""", text)
    if quoted:
        return quoted[2]
    return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _link(full_name: str, metadata: Metadata, types: Mapping[str, ObjectType]) -> dict[str, Any]:
    if metadata["type"] != "Lookup":
        return {}
    target, name = metadata["referenceTo"], metadata["relationshipName"]
    if target not in types or types[target].tooling:
        raise _unfit(f"In field: referenceTo - no CustomObject named {target} found")
    if not is_api_name(name, NAME_LENGTH):
        raise _unfit(f"Child Relationship Name: invalid value: {name}")
    taken = {
        f"{known.name}.{field.name}"
        for known in types.values()
        for field in known.fields.values()
        if target in field.refers_to and field.relationship == name
    }
    if taken - {full_name}:
        raise _unfit(f"There is already a Child Relationship named {name} on {target}.")
    return {"refers_to": (target,), "relationship": name}


def _with_formula(field: Field, known: ObjectType, types: Mapping[str, ObjectType]) -> Field:
    try:
        return compiled(field, known, types)
    except FormulaError as error:
        raise _unfit(str(error)) from error


def _each(listed: Any) -> Sequence[Mapping[str, Any]]:
    """Return what may be a list, one thing, or nothing."""
    if listed is None:
        return ()
    return listed if isinstance(listed, list) else (listed,)


def _unfit(message: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message)
