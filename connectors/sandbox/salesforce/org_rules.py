"""The shapes of rules that an org's administrators make; they are given as settings.

Unlike the rules in `rules.py`, which every org has, none of these is there from the start.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec
import regex

LONGEST_PATTERN = 1_000
"""Characters of a regular expression."""
_LONGEST_WAIT = 366 * 86_400
MATCHING_SECONDS = 0.2
"""Real time for which a value is matched: some patterns would take for ever."""
Rule = TypeVar("Rule", bound=msgspec.Struct)


class ValidationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a value must look like, or when it must not be empty."""

    object: str
    message: str
    field: str
    """The field that is looked at, and that the refusal names."""
    pattern: Annotated[str, msgspec.Meta(max_length=LONGEST_PATTERN)] = ".*"
    """A regular expression that a value which is not empty matches as a whole."""
    required_when: dict[str, Any] | None = None
    """Values of other fields that, all together, make the field required."""


class DuplicateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a new record is taken for one that exists: all fields equal, none empty."""

    object: str
    fields: list[str]
    name: str
    matching_rule: str
    message: str = "Use one of these records?"
    allow_save: bool = True
    """Whether `allowSave=true` in the request gets the record in; otherwise the rule blocks."""
    on_update: bool = False
    """Whether changes are looked at as well as new records."""


class TriggerFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An Apex trigger or a flow that fails on some writes."""

    object: str
    message: str
    when: dict[str, Any] = {}
    """Values that a record has after the write for the failure to happen; none: every write."""


class Automation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flow: when a field changes it sets others, on the record or on one it refers to."""

    object: str
    when_changed: str
    sets: dict[str, Any] = {}
    """Values by field; `$now` stands for the moment. None: the record is only touched."""
    through: str = ""
    """The reference to the record that is set instead, such as AccountId."""
    after_seconds: Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_WAIT)] = 0
    """How long after the write, on the sandbox's clock; 0 for at once."""


SHAPES: Mapping[str, Any] = {
    "salesforce_validation_rules": list[ValidationRule],
    "salesforce_duplicate_rules": list[DuplicateRule],
    "salesforce_trigger_failures": list[TriggerFailure],
    "salesforce_automation": list[Automation],
}
"""What the value of each of these settings looks like."""


def check_shape(name: str, value: Any) -> None:
    """Check the value of a setting that holds rules; other settings pass.

    What the rules name is checked by `rule_checks`, which knows the org.

    Raises:
        ValueError: the value has another shape, or a pattern is none; the message says where.
    """
    if name in SHAPES:
        try:
            for rule in msgspec.convert(value, SHAPES[name]):
                if isinstance(rule, ValidationRule):
                    _compiled(rule.pattern)
        except (msgspec.ValidationError, regex.error) as error:
            raise ValueError(f"{name}: {error}") from error


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text as a whole is what a rule's pattern says.

    Raises:
        TimeoutError: it takes too long to find out.
    """
    found = _compiled(pattern).fullmatch(text, timeout=MATCHING_SECONDS)
    return found is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    return regex.compile(pattern, regex.DOTALL)


def rules_for(listed: list[dict[str, Any]], shape: type[Rule], object_name: str) -> list[Rule]:
    """Return the rules of one object among those of a setting."""
    found = [entry for entry in listed if entry["object"] == object_name]
    return [msgspec.convert(entry, shape) for entry in found]
