"""What the administrators' rules and the org's sharing have against a write."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.org_rules import (
    TriggerFailure,
    ValidationRule,
    matches,
    rules_for,
)
from connectors.sandbox.salesforce.relationships import MASTERS
from connectors.sandbox.salesforce.schema import ObjectType, standard_types
from connectors.sandbox.salesforce.storing import find_values

Record = Mapping[str, Any]


def check_sharing(sandbox: Sandbox, before: Record, author: Author) -> None:
    """Check that the API user may write to a record.

    Raises:
        Refusal: somebody else owns it, where sharing is read-only.
    """
    owner = before.get("OwnerId", author.user_id)
    is_shared = not sandbox.settings.salesforce_read_only_sharing or author.sees_all_fields
    if not is_shared and owner != author.user_id:
        message = "insufficient access rights on object id"
        raise Refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, 403)


def check_parent(sandbox: Sandbox, known: ObjectType, given: Record, author: Author) -> None:
    """Check that the API user may write to the record that controls access to another.

    Raises:
        Refusal: somebody else owns it, where sharing is read-only.
    """
    reference = MASTERS.get(known.name, "")
    if given.get(reference) is None:
        return
    parent = standard_types()[reference.removesuffix("Id")]
    try:
        check_sharing(sandbox, find_values(sandbox.store, parent, given[reference]) or {}, author)
    except Refusal as refusal:
        code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
        message = "insufficient access rights on cross-reference id"
        raise Refusal(code, message) from refusal


def check_triggers(sandbox: Sandbox, known: ObjectType, record: Record) -> None:
    """Let triggers fail that are set to.

    Raises:
        Refusal: one does; its message is the exception's.
    """
    listed = sandbox.settings.salesforce_trigger_failures
    for failure in rules_for(listed, TriggerFailure, known.name):
        if _holds(failure.when, record):
            raise Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", failure.message)


def check_validation(sandbox: Sandbox, known: ObjectType, record: Record) -> None:
    """Check the record that a write would leave.

    Raises:
        Refusal: a validation rule does not hold.
    """
    listed = sandbox.settings.salesforce_validation_rules
    for rule in rules_for(listed, ValidationRule, known.name):
        value = record.get(rule.field)
        if value is None:
            fails = rule.required_when is not None and _holds(rule.required_when, record)
        else:
            fails = not _fits(rule, str(value))
        if fails:
            code = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
            raise Refusal(code, rule.message, fields=[rule.field])


def _fits(rule: ValidationRule, value: str) -> bool:
    try:
        return matches(rule.pattern, value)
    except TimeoutError:
        raise Refusal("LIMIT_EXCEEDED", "Regex too complicated", fields=[rule.field]) from None


def _holds(values: Record, record: Record) -> bool:
    return all(record.get(name) == value for name, value in values.items())
