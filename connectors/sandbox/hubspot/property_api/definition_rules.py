"""What a property's definition must be like, and what of it may be changed.

HubSpot's documentation ("Properties API") lists the pairs of types and the limits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import already_exists, bad_input
from connectors.sandbox.hubspot.requests import objects_of, required, whole_of
from connectors.sandbox.hubspot.schema import Property, groups, properties

MOST_UNIQUE = 10
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_FORMULA = "calculation_equation"
_FIELD_TYPES = {
    "string": {"text", "textarea", "phonenumber", "html", "file", _FORMULA},
    "number": {"number", _FORMULA},
    "datetime": {"date", _FORMULA},
    "date": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox", _FORMULA},
    "bool": {"booleancheckbox", _FORMULA},
}
_UNIQUE_TYPES = ("string", "number")
_YES_OR_NO = ({"label": "Yes", "value": "true"}, {"label": "No", "value": "false"})


def made_property(sandbox: Sandbox, object_name: str, body: Mapping[str, Any]) -> Property:
    """Return a new property, which nobody keeps yet.

    Raises:
        Refusal: the body lacks something, says something that can't be, or names one that exists.
    """
    required(body, ("name", "label", "type", "fieldType", "groupName"))
    name, known = str(body["name"]), properties(sandbox.store, object_name)
    if not _NAME.fullmatch(name):
        raise bad_input(f"Property name {name} must be lowercase letters, digits and underscores")
    if name in known:
        raise already_exists(f"A property named '{name}' already exists.")
    is_unique = body.get("hasUniqueValue") is True
    own = [entry for entry in known.values() if entry.unique and not entry.hubspot_defined]
    if is_unique and len(own) >= MOST_UNIQUE:
        raise bad_input(f"Up to {MOST_UNIQUE} properties with unique values are allowed")
    new = Property(name, "", "", "", "", hubspot_defined=False, unique=is_unique)
    made = _with(sandbox, object_name, new, body)
    return replace(
        made,
        created_at=made.updated_at,
        sensitivity=str(body.get("dataSensitivity", made.sensitivity)),
        external=body.get("externalOptions") is True,
    )


def changed_property(
    sandbox: Sandbox, object_name: str, known: Property, body: Mapping[str, Any]
) -> Property:
    """Return a property with what a body says of it.

    Of HubSpot's own, only options may be changed, and only where it lets them. Whether values are
    unique stays as it is, whatever the body says.

    Raises:
        Refusal: it says something that can't be, or that is not to be changed.
    """
    if known.hubspot_defined and (set(body) != {"options"} or not known.takes_options):
        raise bad_input(f"Property {known.name} is defined by HubSpot and can't be changed")
    return _with(sandbox, object_name, known, body)


def _with(sandbox: Sandbox, object_name: str, known: Property, body: Mapping[str, Any]) -> Property:
    changed = replace(
        known,
        label=str(body.get("label", known.label)),
        type=str(body.get("type", known.type)),
        field_type=str(body.get("fieldType", known.field_type)),
        group=str(body.get("groupName", known.group)),
        description=str(body.get("description", known.description)),
        display_order=whole_of(body, "displayOrder", known.display_order),
        hidden=body.get("hidden", known.hidden) is True,
        formula=str(body.get("calculationFormula", known.formula)),
        shows_currency=body.get("showCurrencySymbol", known.shows_currency) is True,
        updated_at=sandbox.clock.now_ms,
    )
    if changed.field_type not in _FIELD_TYPES.get(changed.type, ()) and not known.hubspot_defined:
        raise bad_input(f"Field type {changed.field_type} does not go with type {changed.type}")
    if changed.unique and changed.type not in _UNIQUE_TYPES:
        raise bad_input(f"Property {changed.name} of type {changed.type} can't have unique values")
    if changed.group not in groups(sandbox.store, object_name):
        raise bad_input(f"Property group {changed.group} does not exist")
    return _with_options(_with_formula(changed), body)


def _with_formula(changed: Property) -> Property:
    if changed.field_type != _FORMULA:
        return changed
    if not changed.formula:
        raise bad_input(f"calculationFormula is required by the field type {_FORMULA}")
    return replace(changed, calculated=True, read_only=True)


def _with_options(changed: Property, body: Mapping[str, Any]) -> Property:
    given: Sequence[Mapping[str, Any]] = objects_of(body, "options")
    if changed.type == "bool" or changed.field_type == "booleancheckbox":
        given = given or ([] if changed.options else _YES_OR_NO)
        if given and {str(option.get("value")) for option in given} != {"true", "false"}:
            raise bad_input("Options of a boolean property must be true and false")
    if not given:
        needs_some = changed.type == "enumeration" and not body.get("externalOptions")
        if needs_some and (not changed.options or "options" in body) and not changed.external:
            raise bad_input(f"Property {changed.name} must have at least one option")
        return changed
    return _ordered(changed, given)


def _ordered(changed: Property, given: Sequence[Mapping[str, Any]]) -> Property:
    """Return a property with options in the order that they are to be displayed in."""
    for option in given:
        required(option, ("label", "value"))
    placed = sorted(given, key=_place)
    values = [str(option["value"]) for option in placed]
    if len(set(values)) < len(values):
        raise bad_input(f"Options of property {changed.name} must have values of their own")
    details = {str(o["value"]): _details(o) for o in placed if _details(o)}
    labels = {str(option["value"]): str(option["label"]) for option in placed}
    return replace(changed, options=labels, option_details=details)


def _place(option: Mapping[str, Any]) -> int:
    """Options without a place of their own come behind the others, in the order given."""
    order = whole_of(option, "displayOrder", -1)
    return order if order >= 0 else 1_000_000


def _details(option: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: option[name] for name in ("description", "hidden") if option.get(name)}
    order = whole_of(option, "displayOrder", -1)
    return {**kept, "displayOrder": order} if order >= 0 else kept
