"""How HubSpot says no: a status and {status, message, correlationId, category, ...}."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PORTAL_ID = 24_681_357


class Refusal(Exception):  # noqa: N818 - an answer rather than an error of the sandbox
    """HubSpot refuses a request; nothing of it is done."""

    def __init__(
        self, message: str, status: int = 400, category: str = "VALIDATION_ERROR", **more: Any
    ):
        super().__init__(message)
        self.message = message
        self.status = status
        self.category = category
        self.more = more

    def body(self, correlation_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            **self.more,
            "category": self.category,
        }


class PageNotFound(Exception):  # noqa: N818 - an answer rather than an error of the sandbox
    """A record that does not exist: HubSpot answers with a page of HTML."""


@dataclass(frozen=True)
class Problem:
    """One property value that is not valid."""

    code: str
    name: str
    message: str
    value: str | None = None


def invalid_values(problems: Sequence[Problem]) -> Refusal:
    """All values that are not valid, in one refusal, as the v3 API lists them."""
    listed = [
        {
            "isValid": False,
            "message": problem.message,
            "error": problem.code,
            "name": problem.name,
            "localizedErrorMessage": problem.message,
            **({} if problem.value is None else {"propertyValue": problem.value}),
            "portalId": PORTAL_ID,
        }
        for problem in problems
    ]
    errors = [
        {"message": p.message, "code": p.code, "context": {"propertyName": [p.name]}}
        for p in problems
    ]
    text = json.dumps(listed, separators=(",", ":"))
    return Refusal(f"Property values were not valid: {text}", errors=errors)


def missing_values(singular: str, names: Sequence[str]) -> Refusal:
    """A new record that lacks what its object requires."""
    message = f"Error creating {singular.upper()}. Some required properties were not set."
    return Refusal(message, context={"properties": list(names)})


def missing_ids(singular: str, ids: Sequence[str]) -> dict[str, Any]:
    """The part of a 207 answer that tells which records were not found."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {singular.upper()} objects, they may be deleted or not "
        "exist. Check that ids are valid.",
        "context": {"ids": list(ids)},
    }


def no_associations(from_singular: str, from_id: str, to_singular: str) -> dict[str, Any]:
    """The part of a 207 answer that tells of a record without associations."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to_singular} is associated with {from_singular} {from_id}.",
        "context": {
            "fromObjectId": [from_id],
            "fromObjectType": [from_singular],
            "toObjectType": [to_singular],
        },
    }


def not_authenticated() -> Refusal:
    """A request without a key, or with a wrong one."""
    return Refusal(
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you "
        "can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        401,
        "INVALID_AUTHENTICATION",
    )


def unknown_object_type(name: str) -> Refusal:
    """An object type that the account lacks."""
    return Refusal(f"Unable to infer object type from: {name}")


def not_found(what: str) -> Refusal:
    """Something other than a record that does not exist."""
    return Refusal(what, 404, "OBJECT_NOT_FOUND")


def contact_exists(contact_id: int) -> Refusal:
    """An e-mail address that a contact has."""
    return Refusal(f"Contact already exists. Existing ID: {contact_id}", 409, "CONFLICT")


def bad_input(message: str, errors: Sequence[Mapping[str, Any]] = ()) -> Refusal:
    """A body or parameter that can't be taken."""
    return Refusal(message, errors=list(errors)) if errors else Refusal(message)


def rate_limited(policy: str) -> dict[str, Any]:
    """The body of a 429 answer: TEN_SECONDLY_ROLLING, SECONDLY or DAILY."""
    return {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "category": "RATE_LIMITS",
        "policyName": policy,
    }
