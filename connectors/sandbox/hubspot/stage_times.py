"""Properties that tell when a record was in each stage: their definitions, and SQL for them.

HubSpot's knowledge base ("Lifecycle stage properties") and its staff's posts: entry and exit are
the latest ones, so that the exit is an earlier visit's while a record is in the stage again; times
are in seconds. The ones of a deal's stages can be read by name, but are in no list of properties.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.hubspot.sql_text import property_sql
from connectors.sandbox.store import literal

_KINDS: Mapping[str, tuple[str, str, bool]] = {
    "hs_v2_date_entered_": ("Date entered", "datetime", False),
    "hs_v2_date_exited_": ("Date exited", "datetime", False),
    "hs_v2_latest_time_in_": ("Latest time in", "number", True),
    "hs_v2_cumulative_time_in_": ("Cumulative time in", "number", True),
}
"""Label, type, and whether HubSpot calls it calculated: it says no of the dates."""
_SINCE, _TIME = "hs_v2_date_entered_current_stage", "hs_v2_time_in_current_stage"


def stage_properties(stage: str, label: str) -> list[dict[str, Any]]:
    """Return what defines the properties of one stage; the group is for the caller to say."""
    return [
        _definition(f"{prefix}{stage}", f'{words} "{label}"', kind, is_calculated)
        for prefix, (words, kind, is_calculated) in _KINDS.items()
    ]


def current_stage_properties() -> list[dict[str, Any]]:
    """Return what defines the properties of whichever stage a record is in."""
    return [
        _definition(_SINCE, "Date entered current stage", "datetime", is_calculated=True),
        _definition(_TIME, "Time in current stage", "number", is_calculated=True),
    ]


def _definition(name: str, label: str, kind: str, is_calculated: bool) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": kind,
        "field_type": "date" if kind == "datetime" else "number",
        "read_only": True,
        "calculated": is_calculated,
    }


@dataclass(frozen=True)
class StageTime:
    """One of these properties: its prefix and the stage; none for the current stage."""

    prefix: str
    stage: str | None = None


def stage_time_named(name: str) -> StageTime | None:
    """Return what a property tells, or None when its name is none of these."""
    if name in (_SINCE, _TIME):
        return StageTime(name)
    prefix = next((prefix for prefix in _KINDS if name.startswith(prefix)), None)
    return None if prefix is None else StageTime(prefix, name.removeprefix(prefix))


def stage_time_sql(asked: StageTime, stage_property: str, now_ms: int) -> str:
    """Return SQL that works a property out of the history of a row of hubspot_records."""
    stage = property_sql(stage_property)
    if asked.stage is not None:
        stage = literal(asked.stage)
    visits = f"({_VISITS.format(name=literal(stage_property))})"
    left = f"coalesce(exited, {now_ms})"
    shown = {
        "hs_v2_date_entered_": "max(entered)",
        "hs_v2_date_exited_": "max(exited)",
        "hs_v2_cumulative_time_in_": f"sum({left} - entered) / 1000",
        _SINCE: "max(entered)",
        _TIME: f"({now_ms} - max(entered)) / 1000",
        # The row of the latest visit lends its other columns to max().
        "hs_v2_latest_time_in_": f"({left} - max(entered)) / 1000",
    }[asked.prefix]
    return f"(select {shown} from {visits} where value = {stage})"  # noqa: S608 - quoted or ours


_VISITS = """
select value, changed_at as entered, lead(changed_at) over (order by changed_at, rowid) as exited
from hubspot_history
where object_type = hubspot_records.object_type and record_id = hubspot_records.id
    and property = {name}
"""
