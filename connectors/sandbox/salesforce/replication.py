"""What changed and what was deleted in a span of time, as getUpdated and getDeleted tell it.

Source: REST API Developer Guide, "sObject Get Updated" and "sObject Get Deleted"; SOAP API
Developer Guide, "Data Replication" and `getDeleted()`. Seconds are ignored; spans reach back 30
days, deletions are known for 15, or since an administrator purged the recycle bin; an org that is
younger refuses what begins before it lists changes (jsforce #406).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sandbox.clock import parse_instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.removal import deletion_moment
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.times import stamp

SPAN_LIMIT, DELETIONS_KEPT = timedelta(days=30), timedelta(days=15)


@dataclass(frozen=True)
class Span:
    """Whole minutes in UTC; the end itself is not part of it."""

    start: datetime
    end: datetime

    @property
    def stamps(self) -> tuple[str, str]:
        """Both ends as they are kept."""
        return stamp(self.start), stamp(self.end)


def read_span(sandbox: Sandbox, start: str, end: str) -> Span:
    """Return the span between two ISO datetimes.

    Raises:
        Refusal: one is missing or no datetime, the span is empty, or it starts too early.
    """
    span = Span(_minute("start", start), _minute("end", end))
    if span.start >= span.end:
        # The real message has the two dates the wrong way round.
        raise _refused("startDate must be at least one minute greater than endDate")
    if span.start < sandbox.clock.now - SPAN_LIMIT:
        raise _refused(f"startDate cannot be more than {SPAN_LIMIT.days} days ago")
    if span.start < _moment(sandbox.settings.salesforce_replication_since):
        raise _refused("startDate before org replication enabled date")
    return span


def updated(sandbox: Sandbox, known: ObjectType, span: Span) -> Mapping[str, Any]:
    """Return the living records created or changed within a span.

    Raises:
        Refusal: an object that can't be replicated, or more records than the limit.
    """
    column, most = _stamp_column(known), sandbox.settings.salesforce_replication_limit
    shown = Org(sandbox).shown(known, "r")
    rows = sandbox.store.rows(
        f"select r.Id from {known.table} as r where {column} >= ? and {column} < ? "  # noqa: S608 - names of our schema
        f"and {shown.text} order by {column}, r.Id limit {most + 1}",
        *span.stamps,
        *shown.values,
    )
    _check_count(sandbox, len(rows))
    return {"ids": [row["Id"] for row in rows], "latestDateCovered": _covered(sandbox, span)}


def deleted(sandbox: Sandbox, known: ObjectType, span: Span) -> Mapping[str, Any]:
    """Return the records deleted within a span, those gone from the recycle bin too.

    Raises:
        Refusal: an object that can't be replicated, more records than the limit, or a span that
            begins before the recycle bin was purged.
    """
    purged_at = _moment(sandbox.settings.salesforce_bin_purged_at)
    if span.start < purged_at:
        raise _refused("startDate is before the recycle bin was purged")
    if not known.replicateable:
        raise _not_replicable(known)
    column = deletion_moment(known, "r") or _stamp_column(known)
    most = sandbox.settings.salesforce_replication_limit
    in_bin = f"select Id as id, {column} as at from {known.table} as r where r.IsDeleted"  # noqa: S608 - names of our schema
    if "IsDeleted" not in known.fields:
        in_bin = "select null as id, null as at where 0"
    since = _moment(sandbox.settings.salesforce_replication_since)
    earliest = max(sandbox.clock.now - DELETIONS_KEPT, purged_at, since)
    rows = sandbox.store.rows(
        f"select id, at from ({in_bin} union all select id, deleted_at from salesforce_deletions "  # noqa: S608 - names of our schema
        "where object = ?) where at >= ? and at < ? and at >= ? order by at, id "
        f"limit {most + 1}",
        known.name,
        *span.stamps,
        stamp(earliest),
    )
    _check_count(sandbox, len(rows))
    return {
        "deletedRecords": [{"deletedDate": row["at"], "id": row["id"]} for row in rows],
        "earliestDateAvailable": stamp(earliest),
        "latestDateCovered": _covered(sandbox, span),
    }


def _covered(sandbox: Sandbox, span: Span) -> str:
    """Return up to when nothing more can come to light: not past writes still under way."""
    delay = timedelta(seconds=sandbox.settings.salesforce_commit_delay_seconds)
    settled = (sandbox.clock.now - delay).replace(second=0)
    return stamp(min(span.end, settled))


def _stamp_column(known: ObjectType) -> str:
    for name in ("SystemModstamp", "LastModifiedDate"):
        if known.replicateable and name in known.fields:
            return f"r.{name}"
    raise _not_replicable(known)


def _not_replicable(known: ObjectType) -> Refusal:
    message = f"sObject type {known.name} is not replicable"
    return Refusal("INVALID_TYPE_FOR_OPERATION", message)


def _moment(text: str) -> datetime:
    return parse_instant(text) if text else datetime.min.replace(tzinfo=UTC)


def _minute(name: str, text: str) -> datetime:
    if not text:
        raise Refusal("MISSING_ARGUMENT", f"The required parameter {name} is missing")
    try:
        return parse_instant(text).replace(second=0, microsecond=0)
    except ValueError:
        message = f"'{text}' is not a valid value for the type xsd:dateTime"
        raise Refusal("INVALID_FIELD", message) from None


def _check_count(sandbox: Sandbox, count: int) -> None:
    most = sandbox.settings.salesforce_replication_limit
    if count > most:
        message = f"more than {most} ids: choose dates that are closer together"
        raise Refusal("EXCEEDED_ID_LIMIT", message)


def _refused(message: str) -> Refusal:
    return Refusal("INVALID_REPLICATION_DATE", message)
