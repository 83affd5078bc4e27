"""What a new job that writes asks for: its object, its operation and its key.

Source: Bulk API 2.0 Developer Guide, "Create a Job"; Bulk API Developer Guide, "JobInfo".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.query.refusals import check_object
from connectors.sandbox.salesforce.bulk.writing.rows import OPERATIONS
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.keys import is_key
from connectors.sandbox.salesforce.permissions import find_visible
from connectors.sandbox.salesforce.schema import ObjectType


def check_request(sandbox: Sandbox, body: dict[str, Any]) -> tuple[ObjectType, str]:
    """Return the object of a new job that writes, and the name of its key field if it has one.

    Raises:
        Refusal: an unknown object or operation, an upsert without a key, a permission that lacks.
    """
    operation, name = body.get("operation"), body.get("object")
    if operation is None or name is None:
        missing = "object" if name is None else "operation"
        raise Refusal("INVALIDJOB", f"The {missing} of the job is not specified")
    if operation not in OPERATIONS:
        raise Refusal("INVALIDJOB", f"Unsupported operation: {operation}")
    if operation == "hardDelete" and not sandbox.settings.salesforce_bulk_hard_delete:
        message = (
            "hardDelete operation requires special user profile permission, please contact your "
            "system administrator"
        )
        raise Refusal("FEATURENOTENABLED", message)
    check_object(sandbox.settings, str(name))
    known = find_visible(sandbox, str(name))
    if known is None:
        raise Refusal("INVALIDENTITY", f"Unable to find object: {name}")
    if known.read_only:
        raise Refusal("INVALIDENTITY", f"Entity {known.name} does not support {operation}")
    return known, _key_name(known, body) if operation == "upsert" else ""


def _key_name(known: ObjectType, body: dict[str, Any]) -> str:
    given = body.get("externalIdFieldName")
    if not given:
        message = (
            f"External ID was blank for {known.name}. An External ID must be specified for upsert."
        )
        raise Refusal("INVALIDJOB", message)
    field = known.find(str(given))
    if field is None or not is_key(field):
        message = f"Field name provided, {given} does not match an External ID for {known.name}"
        raise Refusal("INVALIDJOB", message)
    return field.name


def rule_id(body: dict[str, Any]) -> str:
    """Return the id of the assignment rule that a new job asks for, or nothing.

    Raises:
        Refusal: it is no id of a rule.
    """
    given = body.get("assignmentRuleId")
    if given is None or given == "":
        return ""
    known = full_id(given)
    if known is None or not known.startswith("01Q"):
        raise Refusal("INVALIDJOB", f"Invalid assignment rule id: {given}")
    return known
