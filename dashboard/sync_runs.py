"""Plans that wait, runs, and what was not written: as rows of tables."""

from collections.abc import Iterable
from datetime import datetime

from dashboard.rows import NotWritten, NotWrittenOfOwner, Pause, SyncRun
from dashboard.words import in_words

SHOWN = 50
LOOK_AGAIN = "Nothing: the next run looks again."
REMEDIES = {
    "NOT_AN_OPTION": "Add the value to the field's list, or map another one.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "Add the value to the field's list.",
    "STRING_TOO_LONG": "Lengthen the field in the CRM, or shorten the text.",
    "REQUIRED_FIELD_MISSING": "Let the field be empty in the CRM, or give it a value.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule: mend the record, or exempt our user.",
    "VALIDATION_ERROR": "A rule of the portal: mend the record.",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "Let our user edit the field (permission set).",
    "INSUFFICIENT_ACCESS_OR_READONLY": "Share the record with our user, or unlock it.",
    "DUPLICATES_DETECTED": "Merge the duplicates, or let our user pass the duplicate rule.",
    "NOT_TAKEN": "Something else writes this field, too: look for a flow or workflow.",
}
BY_STATE = {
    "kept_human": "A person's value stands, as the field's policy says.",
    "no_match": "The record is gone: it leaves with the next build.",
    "deferred": LOOK_AGAIN,
}


def table_of_waiting(runs: Iterable[SyncRun]) -> list[dict[str, object]]:
    """Return the plans that wait for a person, and how to let them go."""
    return [
        {
            "Plan": run.plan_id,
            "Sync": run.sync,
            "Records": run.planned,
            "Why it waits": run.findings,
            "Let it go": f'leadcycle approve {run.digest} --why "..."',
        }
        for run in runs
        if run.status == "waiting"
    ]


def table_of_runs(runs: Iterable[SyncRun]) -> list[dict[str, object]]:
    """Return the last runs, the latest first."""
    latest = sorted(runs, key=lambda run: -run.plan_id)[:SHOWN]
    return [
        {
            "Plan": run.plan_id,
            "Sync": run.sync,
            "Kind": in_words(run.kind),
            "As of (UTC)": datetime.fromisoformat(run.as_of),
            "State": in_words(run.status),
            "Planned": run.planned,
            "Written": run.written,
            "Rejected": run.rejected,
            "Left for later": run.deferred,
        }
        for run in latest
    ]


def success_rate(runs: Iterable[SyncRun]) -> float | None:
    """Return the share of records that were written, of those sent; None before any was."""
    sent = [(run.written or 0, run.rejected or 0) for run in runs if run.kind == "sync"]
    written, rejected = (sum(counts) for counts in zip(*sent, strict=True)) if sent else (0, 0)
    return written / (written + rejected) if written + rejected else None


def table_of_not_written(counts: Iterable[NotWritten]) -> list[dict[str, object]]:
    """Return what is not as wanted, by reason, the most frequent first, and what to do."""
    return [
        {
            "Sync": count.sync,
            "Why": in_words(count.state),
            "Reason": count.reason,
            "Field": count.field_name or "the record",
            "Records": count.n,
            "What to do": remedy(count.state, count.reason),
        }
        for count in sorted(counts, key=lambda c: (-c.n, c.sync, c.state, c.reason, c.field_name))
    ]


def remedy(state: str, reason: str) -> str:
    """Return what somebody has to do about a record that was not written."""
    return REMEDIES.get(reason) or BY_STATE.get(state, LOOK_AGAIN)


def table_of_owners(counts: Iterable[NotWrittenOfOwner]) -> list[dict[str, object]]:
    """Return how much is not as wanted by whose the records are, the most first."""
    return [
        {
            "Owner (id in the CRM)": count.owner_id or "nobody",
            "Sync": count.sync,
            "Why": in_words(count.state),
            "Records": count.n,
        }
        for count in sorted(counts, key=lambda c: (-c.n, c.owner_id or "", c.sync, c.state))
    ]


def table_of_pauses(pauses: Iterable[Pause]) -> list[dict[str, object]]:
    """Return the syncs that are paused, and how to let them go on."""
    return [
        {
            "Sync": pause.sync,
            "Paused by": pause.paused_by,
            "Why": pause.why,
            "Since (UTC)": datetime.fromisoformat(pause.paused_at),
            "Let it go on": f"leadcycle resume {pause.sync}",
        }
        for pause in pauses
    ]
