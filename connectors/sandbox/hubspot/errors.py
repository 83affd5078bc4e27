"""How HubSpot says no: a status and {status, message, correlationId, category, ...}."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.hubspot.facts import PORTAL_ID


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
        self.headers: Mapping[str, str] = {}

    def with_header(self, name: str, value: str) -> "Refusal":
        """Return the refusal with one more header, unless its value is empty."""
        if value:
            self.headers = {**self.headers, name: value}
        return self

    def body(self, correlation_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            **self.more,
            **({"category": self.category} if self.category else {}),
        }


class TokenRefusal(Refusal):
    """What the OAuth endpoints refuse: the reason stands where other answers have "error"."""

    def body(self, correlation_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "status": self.category,
            "message": self.message,
            "correlationId": correlation_id,
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


def no_such_end(end: str, singular: str, record_id: str) -> dict[str, Any]:
    """The part of a 207 answer that tells which end, from or to, of an association is missing."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": f"crm.associations.{end.upper()}_OBJECT_NOT_FOUND",
        "message": f"No {singular} with ID {record_id} exists",
        "context": {f"{end}ObjectId": [record_id], f"{end}ObjectType": [singular]},
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


def expired_authentication(seconds: int, ended: str) -> Refusal:
    """An access token that was good until so many seconds ago."""
    amount, unit = next(
        (seconds // size, unit)
        for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
        if seconds >= size or size == 1
    )
    message = f"The OAuth token used to make this call expired {amount} {unit}(s) ago."
    return Refusal(message, 401, "EXPIRED_AUTHENTICATION", context={"expire time": [ended]})


def malformed_token(status: int) -> Refusal:
    """A token that can't be one: 401, or the 530 of what stands before HubSpot."""
    refusal = not_authenticated()
    refusal.status = status
    return refusal


def oauth_refused(reason: str, message: str, status: int = 400) -> TokenRefusal:
    """A request that the OAuth endpoints refuse."""
    return TokenRefusal(message, status, reason)


def missing_scopes(scopes: Sequence[str]) -> Refusal:
    """A request that needs a scope which was not granted."""
    where = "https://developers.hubspot.com/scopes"
    message = "One or more of the following scopes are required."
    return Refusal(
        "This app hasn't been granted all required scopes to make this call. Read more about "
        f"required scopes here: {where}.",
        403,
        "MISSING_SCOPES",
        errors=[{"message": message, "context": {"requiredGranularScopes": list(scopes)}}],
        links={"scopes": where},
    )


def hidden_object(singular: str) -> Refusal:
    """An object that the key's user may not see: a 403 without a category."""
    kind = f"ObjectTypeId{{legacyObjectType={singular.upper()}}}"
    return Refusal(f"You do not have permissions to view object type {kind}", 403, "")


def not_found(what: str) -> Refusal:
    """Something other than a record that does not exist."""
    return Refusal(what, 404, "OBJECT_NOT_FOUND")


def already_exists(message: str) -> Refusal:
    """A name that something else has."""
    return Refusal(message, 409, "OBJECT_ALREADY_EXISTS")


def not_unique(type_id: str, name: str) -> Refusal:
    """A property by whose values records can't be told apart."""
    return bad_input(f"Unable to perform update/upsert by non-unique {type_id} property {name}")


def list_refused(reason: str, message: str) -> Refusal:
    """Something that a list is not, or does not take."""
    return Refusal(message, subCategory=f"ListError.{reason}")


def no_list(message: str) -> Refusal:
    """A list that is not there."""
    return Refusal(message, 404, "OBJECT_NOT_FOUND", subCategory="ListError.LIST_NOT_FOUND")


def internal_error() -> Refusal:
    """A request that HubSpot can't cope with: a 500 without a category."""
    return Refusal("internal error", 500, "")


class ContactExists(Refusal):
    """An e-mail address that a contact has."""

    def __init__(self, contact_id: int) -> None:
        super().__init__(f"Contact already exists. Existing ID: {contact_id}", 409, "CONFLICT")
        self.contact_id = contact_id


def bad_input(message: str, errors: Sequence[Mapping[str, Any]] = ()) -> Refusal:
    """A body or parameter that can't be taken."""
    return Refusal(message, errors=list(errors)) if errors else Refusal(message)


def rate_limited(policy: str, group: str) -> Refusal:
    """An allowance that is used up: TEN_SECONDLY_ROLLING, SECONDLY or DAILY."""
    message = f"You have reached your {policy.lower()} limit."
    more = {"errorType": "RATE_LIMIT", "policyName": policy, "groupName": group}
    return Refusal(message, 429, "RATE_LIMITS", **more)
