"""Kinds of fault, and the orders that let them strike a road."""

from typing import Any

from tests.sandbox.clients import CONTACTS
from tests.survival.roads import ROADS, STREAMS

PLACES = ("first", "middle", "last")
"""Which request of a road is struck."""
CALM: dict[str, dict[str, Any]] = {
    "drop": {"kind": "drop"},
    "after": {"kind": "after"},
    "delay": {"kind": "delay", "seconds": 0.05},
    "slow": {"kind": "slow", "bytes_per_second": 400_000},
    "stall": {"kind": "stall", "seconds": 0.05},
    "cut": {"kind": "cut"},
    "torn": {"kind": "torn"},
    "torn-at-line": {"kind": "torn", "at_line": True},
    "lost": {"kind": "lost"},
    "repeat": {"kind": "repeat"},
    "stale": {"kind": "stale"},
    "ahead": {"kind": "skew", "seconds": 3_600},
    "behind": {"kind": "skew", "seconds": -3_600},
    "html": {"preset": "html-with-200"},
    "too-long": {"preset": "uri-too-long"},
}
"""Faults that leave the CRM as it is."""
REFUSALS: dict[str, tuple[str, ...]] = {
    "hubspot": (
        *("ten-secondly", "secondly", "daily", "retry-after", "locked", "migration", "bad-token"),
        *("unauthorized", "missing-scope", "bad-gateway", "server-error", "quota-gone"),
    ),
    "salesforce": (
        *("session-ended", "all-sessions-ended", "quota-gone", "too-many-at-once", "row-locked"),
        *("query-timeout", "unavailable", "server-error"),
    ),
}
"""Named answers of either CRM."""


def faults_of(road: str) -> dict[str, dict[str, Any]]:
    """Return the faults that may strike a road, by name; `meanwhile` lacks its requests."""
    crm = ROADS[road].crm
    named = {name: {"preset": f"{crm}-{name}"} for name in REFUSALS[crm]}
    if ROADS[road].path.startswith(CONTACTS + "/"):
        named["batch-in-part"] = {"preset": "hubspot-batch-in-part"}
    return CALM | {"meanwhile": {"kind": "meanwhile"}} | named


def order(road: str, fault: str, skip: int, **more: Any) -> dict[str, Any]:
    """Return the order for a fault that lets so many requests of the road pass."""
    return {**faults_of(road)[fault], **ROADS[road].requests, "skip": skip, **more}


def edits_of(road: str, record_ids: list[str]) -> list[dict[str, Any]]:
    """Return what others do meanwhile: the first, a middle and the last record are edited."""
    crm = ROADS[road].crm
    chosen = (record_ids[0], record_ids[len(record_ids) // 2], record_ids[-1])
    values = {"city" if STREAMS[crm] == "contacts" else "City": "Rome"}
    bodies = [{"crm": crm, "record_id": one, "values": values, "user": 1} for one in chosen]
    return [{"path": "/__sandbox/edits", "body": body} for body in bodies]
