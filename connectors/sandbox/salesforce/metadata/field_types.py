"""The types of custom fields: what each takes, and what describe calls it.

Source: Metadata API Developer Guide, "CustomField"; the refusals are as deployments report them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal

Metadata = Mapping[str, Any]
"""A component as the Metadata API names its parts: texts, numbers, booleans, maps and lists."""


@dataclass(frozen=True)
class FieldKind:
    """One type of custom field."""

    described_as: str
    family: str
    """Types of one family turn into one another with their values."""
    length: int = 0
    """Characters it always has; 0 where the definition says."""
    lengths: tuple[int, int] = (0, 0)
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


_KEY = ("externalId", "unique")
_DIGITS = ("precision", "scale")
_LINK = ("referenceTo", "relationshipName")

FIELD_TYPES: Mapping[str, FieldKind] = {
    "Text": FieldKind(
        "string", "text", lengths=(1, 255), needs=("length",), takes=(*_KEY, "caseSensitive")
    ),
    "TextArea": FieldKind("textarea", "text", length=255),
    "LongTextArea": FieldKind(
        "textarea", "text", lengths=(256, 131_072), needs=("length", "visibleLines")
    ),
    "Html": FieldKind("textarea", "text", lengths=(256, 131_072), needs=("length", "visibleLines")),
    "Email": FieldKind("email", "text", length=80, takes=_KEY),
    "Phone": FieldKind("phone", "text", length=40),
    "Url": FieldKind("url", "text", length=255),
    "Picklist": FieldKind("picklist", "text", length=255, needs=("valueSet",)),
    "MultiselectPicklist": FieldKind(
        "multipicklist", "options", length=4_099, needs=("valueSet", "visibleLines")
    ),
    "Number": FieldKind("double", "number", needs=_DIGITS, takes=_KEY),
    "Currency": FieldKind("currency", "number", needs=_DIGITS),
    "Percent": FieldKind("percent", "number", needs=_DIGITS),
    "Date": FieldKind("date", "date"),
    "DateTime": FieldKind("datetime", "datetime"),
    "Checkbox": FieldKind("boolean", "boolean", needs=("defaultValue",)),
    "Lookup": FieldKind(
        "reference",
        "reference",
        length=18,
        needs=_LINK,
        takes=("deleteConstraint", "relationshipLabel"),
    ),
}
FORMULAS = frozenset({"Text", "Number", "Currency", "Percent", "Date", "DateTime", "Checkbox"})
"""Types that a formula may have."""
FORMULA_LENGTH = 1_300

_UNREQUIRED = frozenset({"LongTextArea", "Html", "Checkbox"})
_MEASURES = frozenset(
    name
    for kind in FIELD_TYPES.values()
    for name in (*kind.needs, *kind.takes)
    if name != "defaultValue"
)


def kind_of(metadata: Metadata) -> FieldKind:
    """Return the type of a definition.

    Raises:
        Refusal: it has none, an unknown one, or one without what it needs.
    """
    name = metadata.get("type")
    if not name:
        raise _unfit("Must specify 'type' for a CustomField")
    kind = FIELD_TYPES.get(name)
    if kind is None:
        message = f"Type: bad value for restricted picklist field: {name}"
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message)
    _check_parts(name, kind, metadata)
    return kind


def _check_parts(name: str, kind: FieldKind, metadata: Metadata) -> None:
    is_formula = bool(metadata.get("formula"))
    needs = tuple(part for part in kind.needs if not is_formula or part in _DIGITS)
    for part in needs:
        if metadata.get(part) in (None, ""):
            raise _unfit(f"Must specify '{part}' for a CustomField of type {name}")
    barred = _MEASURES - set(needs) - set(() if is_formula else kind.takes)
    if name in _UNREQUIRED or is_formula:
        barred |= {"required"}
    if name not in FORMULAS:
        barred |= {"formula"}
    for part in sorted(barred):
        # What is false is as good as not said: retrieved definitions say it of every type.
        if metadata.get(part) is not None and metadata[part] is not False:
            raise _unfit(f"Can not specify '{part}' for a CustomField of type {name}")


def number_between(metadata: Metadata, part: str, least: int, most: int) -> int:
    """Return a measure of a definition.

    Raises:
        Refusal: it is no whole number, or out of bounds.
    """
    value = metadata.get(part)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _unfit(f"Value '{value}' for '{part}' must be between {least} and {most}.")
    return value


def _unfit(message: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message)
