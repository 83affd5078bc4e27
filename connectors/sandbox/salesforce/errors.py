"""How Salesforce says no: a status and a list of {message, errorCode, fields}."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.web import Answer


class Refusal(Exception):  # noqa: N818 - an answer rather than an error of the sandbox
    """Salesforce refuses a request, or one record of it."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        fields: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.fields = list(fields)
        self.details = dict(details or {})
        """What the refusal of a whole request says besides; that of a row leaves it out."""

    def answer(self) -> Answer:
        """Return the refusal of a whole request."""
        body = {"message": self.message, "errorCode": self.code, **self.details}
        # Only refusals about a record name fields; the others leave the list out.
        if self.code in _ABOUT_RECORDS:
            body["fields"] = self.fields
        return Answer(self.status, [body])

    def placed(self, body: bytes) -> "Refusal":  # noqa: ARG002 - for those that have a place
        """Return the refusal with the place in the request's body that it is about, if any."""
        return self

    def in_row(self) -> "Refusal":
        """Return the refusal as a row of a Bulk job meets it."""
        return self

    def row_error(self) -> dict[str, Any]:
        """Return the refusal of one record of a collection."""
        return {"statusCode": self.code, "message": self.message, "fields": self.fields}


_ABOUT_RECORDS = frozenset(
    {
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "CANNOT_UPDATE_CONVERTED_LEAD",
        "DUPLICATE_EXTERNAL_ID",
        "ENTITY_IS_DELETED",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "FIELD_INTEGRITY_EXCEPTION",
        "INACTIVE_OWNER_OR_USER",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "DUPLICATE_VALUE",
        "INVALID_CROSS_REFERENCE_KEY",
        "INVALID_EMAIL_ADDRESS",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "MALFORMED_ID",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "REQUIRED_FIELD_MISSING",
        "STRING_TOO_LONG",
        "UNABLE_TO_LOCK_ROW",
    }
)


def not_found() -> Refusal:
    """A record or path that does not exist."""
    return Refusal("NOT_FOUND", "The requested resource does not exist", 404)


def no_such_record(text: str) -> Refusal:
    """A path that names a record by what is neither an id nor the name of a key field."""
    message = f"Provided external ID field does not exist or is not accessible: {text}"
    return Refusal("NOT_FOUND", message, 404)


def too_complicated() -> Refusal:
    """A query with too many things within one another, or beside one another."""
    message = (
        "Query is either selecting too many fields or the filter conditions are too complicated."
    )
    return Refusal("QUERY_TOO_COMPLICATED", message)


def session_expired() -> Refusal:
    """A session that has ended, or never was."""
    return Refusal("INVALID_SESSION_ID", "Session expired or invalid", 401)


def no_such_column(name: str, object_name: str) -> Refusal:
    """A field that is absent, or hidden by field-level security."""
    return Refusal("INVALID_FIELD", f"No such column '{name}' on sobject of type {object_name}")


def unknown_id() -> Refusal:
    """An id that no record has."""
    return Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)


def bad_json(what: str) -> Refusal:
    """A body that can't be read."""
    return Refusal("JSON_PARSER_ERROR", what)
