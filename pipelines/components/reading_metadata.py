"""What a reading tells Dagster of each stream: numbers and names of fields, never values."""

from collections.abc import Sequence

from pipelines.reading.findings import differences
from pipelines.reading.results import Duty, ExtractResult, StreamResult

Metadata = dict[str, int | float | str]


def step_metadata(result: ExtractResult) -> Metadata:
    """Return what the step cost the CRM: the same for each of its streams."""
    calls, quota = result.calls, result.quota
    told: Metadata = {
        "step_requests": calls.read,
        "step_requests_retried": calls.retried,
        "step_requests_refused_as_too_fast": calls.limited,
        "step_seconds_waited": round(calls.waited_seconds, 3),
    }
    if quota is not None:
        told |= {"calls_of_the_day": quota.used, "calls_allowed_a_day": quota.limit}
    return told


def stream_metadata(result: StreamResult) -> Metadata:
    """Return the counts of one reading of a stream."""
    told: Metadata = {
        "dagster/row_count": result.rows_kept,
        "rows_read": result.rows_read,
        "loads": result.loads,
        "requests": result.requests,
        "missing_fields": ", ".join(result.missing_fields) or "none",
        "skipped": result.skipped or "no",
        "status": result.status,
    }
    return told | _what_there_was(result)


def _what_there_was(result: StreamResult) -> Metadata:
    """Return what is told only where there is something to tell: an event's size is its cost."""
    calls, drift = result.calls, result.drift
    possible: Metadata = {
        "why": result.why,
        "road": result.road,
        "requests_saved": result.requests_saved,
        "requests_retried": calls.retried,
        "requests_refused_as_too_fast": calls.limited,
        "seconds_waited": round(calls.waited_seconds, 3),
        "rows_again": result.repeated,
        "new_fields": ", ".join(drift.new),
        "fields_gone": ", ".join(drift.gone),
        "retyped_fields": ", ".join(drift.retyped),
        "duties": _duties(result.duties),
    }
    return {name: value for name, value in possible.items() if value} | _audit(result)


def _duties(duties: Sequence[Duty]) -> str:
    return "; ".join(
        f"{duty.name}: {duty.rows_read} read, {duty.rows_kept} kept, {duty.requests} requests"
        for duty in duties
    )


def _audit(result: StreamResult) -> Metadata:
    audit = result.audit
    if audit is None:
        return {}
    counts = {f"audit_{name}": count for name, count in differences(result).items()}
    return {"audited_at": audit.at.isoformat(), **counts}
