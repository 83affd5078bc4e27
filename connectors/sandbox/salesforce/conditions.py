"""Conditional requests: HTTP's dates on any record, and entity tags on Accounts alone.

Source: REST API Developer Guide, "Conditional Request Headers": dates compare LastModifiedDate in
whole seconds; they are for single records, not for deletes, collections or Bulk.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.web import Call


def entity_tag(known: ObjectType, record: Mapping[str, Any]) -> str | None:
    """Return the ETag of a record, which only Accounts have."""
    if known.name != "Account":
        return None
    seen = f"{record['Id']}:{record['LastModifiedDate']}:{record['SystemModstamp']}"
    return f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"'


def validators(known: ObjectType, record: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers by which a client can ask later whether a record has changed."""
    tag = entity_tag(known, record)
    if tag is None:
        return {}
    return {"ETag": tag, "Last-Modified": format_datetime(_modified(record), usegmt=True)}


def check_conditions(call: Call, known: ObjectType, record: Mapping[str, Any]) -> None:
    """Let a change pass whose conditions the record meets.

    Raises:
        Refusal: 412 where it doesn't, 400 for a date that is none.
    """
    since = date_of(call, "if-unmodified-since")
    if since is not None and _modified(record) > since:
        message = "The resource has been modified since the given date"
        raise Refusal("PRECONDITION_FAILED", message, 412)
    wanted, tag = call.headers.get("if-match"), entity_tag(known, record)
    if wanted is not None and tag is not None and wanted not in ("*", tag):
        message = "The resource does not have any of the given entity tags"
        raise Refusal("PRECONDITION_FAILED", message, 412)


def is_unchanged(call: Call, known: ObjectType, record: Mapping[str, Any]) -> bool:
    """Tell whether a read may be answered 304: nothing has happened since the client looked.

    Raises:
        Refusal: 412 by `If-Match` or `If-Unmodified-Since`, 400 for a date that is none.
    """
    check_conditions(call, known, record)
    held, tag = call.headers.get("if-none-match"), entity_tag(known, record)
    if held is not None and tag is not None:
        return held in ("*", tag)
    since = date_of(call, "if-modified-since")
    return since is not None and _modified(record) <= since


def _modified(record: Mapping[str, Any]) -> datetime:
    changed = record.get("LastModifiedDate") or record.get("SystemModstamp")
    return moment_of(changed) if changed else datetime.min.replace(tzinfo=UTC)


def date_of(call: Call, header: str) -> datetime | None:
    """Return the moment that a header gives, or None when the request lacks it.

    Raises:
        Refusal: it is no date.
    """
    text = call.headers.get(header)
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        raise Refusal("INVALID_HEADER", f"Invalid date in header {header}: {text}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
