"""Rules of an org against its schema: what they name must be there, and take what they set."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.org_rules import (
    SHAPES,
    Automation,
    DuplicateRule,
    TriggerFailure,
    ValidationRule,
)
from connectors.sandbox.salesforce.schema import Field, ObjectType, object_types
from connectors.sandbox.salesforce.tracking import check_history_names
from connectors.sandbox.salesforce.values import check_value
from connectors.sandbox.store import Store

Types = Mapping[str, ObjectType]


def check_rules_of_org(store: Store, changes: Mapping[str, Any]) -> None:
    """Check what the rules among changed settings name.

    Args:
        store: Where the org is.
        changes: Settings in the right shape, by name.

    Raises:
        ValueError: an object or a field that the org does not have, or a value that a field does
            not take.
    """
    types = object_types(store)
    for hidden in changes.get("salesforce_hidden_objects", ()):
        _find(types, str(hidden), ())
    for name in ("salesforce_history_since", "salesforce_history_until"):
        check_history_names(types, changes.get(name, {}))
    for name in SHAPES.keys() & changes.keys():
        for rule in msgspec.convert(changes[name], SHAPES[name]):
            try:
                _CHECKS[type(rule)](types, rule)
            except (ValueError, Refusal) as error:
                raise ValueError(f"{name}: {error}") from error


def _check_validation(types: Types, rule: ValidationRule) -> None:
    _find(types, rule.object, [rule.field, *(rule.required_when or ())])


def _check_duplicates(types: Types, rule: DuplicateRule) -> None:
    _find(types, rule.object, rule.fields)


def _check_trigger(types: Types, rule: TriggerFailure) -> None:
    _find(types, rule.object, rule.when)


def _check_automation(types: Types, rule: Automation) -> None:
    looked_at = [rule.when_changed, *filter(None, [rule.through])]
    found = _find(types, rule.object, looked_at)
    targets = found[-1].refers_to if rule.through else (rule.object,)
    if not targets:
        raise ValueError(f"{rule.object}.{rule.through} refers to no record")
    for target in targets:
        for field in _find(types, target, rule.sets):
            if rule.sets[field.name] != "$now":
                check_value(field, rule.sets[field.name])


def _find(types: Types, object_name: str, names: Iterable[str]) -> list[Field]:
    known = types.get(object_name)
    if known is None:
        raise ValueError(f"Salesforce has no object {object_name}")
    unknown = [name for name in names if name not in known.fields]
    if unknown:
        raise ValueError(f"{object_name} has no field {unknown[0]}")
    return [known.fields[name] for name in names]


_CHECKS: Mapping[type, Callable[[Types, Any], None]] = {
    ValidationRule: _check_validation,
    DuplicateRule: _check_duplicates,
    TriggerFailure: _check_trigger,
    Automation: _check_automation,
}
