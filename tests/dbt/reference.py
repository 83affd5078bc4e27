"""What the SQL must find, written the plain way: one person at a time, with memory."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

Event = Mapping[str, Any]


def accepted_events(events: Iterable[Event], stages: Mapping[str, Event]) -> set[tuple[str, str]]:
    """Return (person, event) of the evidence that moves people.

    Args:
        events: Rows of int_stage_events with `moves_anywhere`.
        stages: Rows of cfg_stages by key.
    """
    ordered = sorted(events, key=lambda event: (event["person_id"], *_order(event, stages)))
    persons = groupby(ordered, key=lambda event: event["person_id"])
    return {
        (person, event["stage_event_id"])
        for person, theirs in persons
        for event in _accepted(theirs, stages)
    }


def _order(event: Event, stages: Mapping[str, Event]) -> tuple[Any, ...]:
    second = event["occurred_at"].replace(microsecond=0)
    rank = stages[event["stage_key"]]["stage_rank"]
    return second, rank, event["evidence_rank"], event["stage_event_id"]


def _accepted(events: Iterator[Event], stages: Mapping[str, Event]) -> Iterator[Event]:
    here: Event | None = None
    for event in events:
        there = stages[event["stage_key"]]
        if here is None or event["moves_anywhere"] or _leads_forward(event, here, there):
            here = there
            yield event


def _leads_forward(event: Event, here: Event, there: Event) -> bool:
    if there["path_type"] == "detour":
        return False
    if here["path_type"] == "detour":
        return bool(here["may_return"] and event["brings_back"])
    return bool(there["stage_rank"] > here["stage_rank"])
