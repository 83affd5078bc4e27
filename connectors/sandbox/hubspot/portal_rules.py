"""Rules that a portal's administrators make: properties that records must have.

HubSpot's changelog ("Validation rules enforced on all CRM writes", version 2026-09): such rules
used to bind people on pages alone. They are given as settings; a portal starts with none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from connectors.sandbox.hubspot.errors import Refusal


class RuleBroken(Refusal):
    """A write that a rule of the portal refuses; in a batch it is one of several."""


class RequiredRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Properties that a new record must have, or every record in certain states."""

    object: str
    """The plural name."""
    properties: list[str]
    when: dict[str, list[str]] = {}
    """Values by property, one of which each property holds; without any: on creation."""


def required_rules(given: Any) -> list[RequiredRule]:
    """Return the rules that a setting holds.

    Raises:
        ValueError: they have another shape.
    """
    return msgspec.convert(given, list[RequiredRule])


def check_rules(
    rules: Sequence[Mapping[str, Any]],
    object_name: str,
    held: Mapping[str, Any] | None,
    values: Mapping[str, Any],
) -> None:
    """Let a write pass that keeps the portal's rules; `held` is None for a new record.

    Raises:
        RuleBroken: a required property is left without a value.
    """
    after = {**(held or {}), **values}
    for rule in required_rules(rules):
        if rule.object != object_name:
            continue
        missing = [name for name in rule.properties if after.get(name) in (None, "")]
        if missing and _applies(rule, held is None, after):
            raise _refusal(rule, missing)


def _applies(rule: RequiredRule, is_new: bool, after: Mapping[str, Any]) -> bool:
    if not rule.when:
        return is_new
    return all(after.get(name) in values for name, values in rule.when.items())


def _refusal(rule: RequiredRule, missing: Sequence[str]) -> RuleBroken:
    errors = [
        {
            "message": f"{name} is required by a validation rule of this account",
            "code": "REQUIRED_PROPERTY_MISSING",
            "context": {"propertyName": [name]},
        }
        for name in missing
    ]
    words = ", ".join(missing)
    message = f"Some required properties of {rule.object} were not set: {words}."
    return RuleBroken(message, errors=errors, context={"properties": list(missing)})
