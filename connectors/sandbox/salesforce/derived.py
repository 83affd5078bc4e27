"""Fields that follow from others, as Salesforce sets them on every write."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.stages import stage_values
from connectors.sandbox.salesforce.times import moment_of, stamp

Values = dict[str, Any]
Derivation = Callable[[Mapping[str, Any], Mapping[str, Any]], Values]
"""Takes a record before (empty when it is new) and after a write, stamps included."""

RESPONSES = frozenset({"Attended", "Responded"})
"""Statuses of a campaign member that count as a response; a scanned badge does not."""


def derived_values(
    known: ObjectType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Values:
    """Return the fields that follow from others.

    Raises:
        Refusal: an Event that ends before it starts.
    """
    derive = _DERIVATIONS.get(known.name)
    return derive(before, after) if derive else {}


def _full_name(_: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    return {"Name": " ".join(filter(None, (after.get("FirstName"), after["LastName"])))}


def _closing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    closed = after["Status"] == "Completed"
    completed_at = before.get("CompletedDateTime") or after["SystemModstamp"]
    return {"IsClosed": closed, "CompletedDateTime": completed_at if closed else None}


def _span(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    start, end = moment_of(after["StartDateTime"]), after.get("EndDateTime")
    minutes = int(after.get("DurationInMinutes") or 0)
    if end is not None and end != before.get("EndDateTime"):
        minutes = int((moment_of(end) - start).total_seconds() // 60)
    if minutes < 0:
        message = "End: an event can not end before it starts"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=["EndDateTime"])
    return {
        "DurationInMinutes": minutes,
        "EndDateTime": stamp(start + timedelta(minutes=minutes)),
        "ActivityDate": start.date().isoformat(),
    }


def _response(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    if after.get("Status") not in RESPONSES:
        return {"HasResponded": False}
    first = before.get("FirstRespondedDate") or after["SystemModstamp"][:10]
    return {"HasResponded": True, "FirstRespondedDate": first}


def _solution(before: Mapping[str, Any], after: Mapping[str, Any]) -> Values:
    closed = after.get("Status") == "Closed"
    closed_at = before.get("ClosedDate") or after["SystemModstamp"]
    return {"IsClosed": closed, "ClosedDate": closed_at if closed else None}


_DERIVATIONS: Mapping[str, Derivation] = {
    "Lead": _full_name,
    "Contact": _full_name,
    "Task": _closing,
    "Event": _span,
    "Opportunity": stage_values,
    "CampaignMember": _response,
    "Case": _solution,
}
