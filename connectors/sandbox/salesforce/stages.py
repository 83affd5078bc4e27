"""The sales process: what follows from an Opportunity's stage, and the history of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.ids import make_id, new_id, user_id
from connectors.sandbox.salesforce.schema import standard_types
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store, quoted


@dataclass(frozen=True)
class Stage:
    """What Salesforce derives from a stage; the probability is in per cent."""

    probability: float
    forecast_category: str
    is_closed: bool = False
    is_won: bool = False
    is_active: bool = True


STAGES: Mapping[str, Stage] = {
    "Prospecting": Stage(10, "Pipeline"),
    "Qualification": Stage(20, "Pipeline"),
    "Needs Analysis": Stage(35, "Pipeline", is_active=False),
    "Proposal": Stage(50, "BestCase"),
    "Negotiation": Stage(75, "Forecast"),
    "Closed Won": Stage(100, "Closed", is_closed=True, is_won=True),
    "Closed Lost": Stage(0, "Omitted", is_closed=True),
}
"""Every stage of the sandbox org, in the order of its path; one is no longer in use."""

_KEPT = ("StageName", "Amount", "Probability", "CloseDate", "ForecastCategory")


def add_stages(store: Store) -> None:
    """Fill the table of stages, unless they are there.

    Source: Object Reference, "OpportunityStage": numbers to sort by need not follow one another,
    and a stage that is no longer active is retained for what is in it.
    """
    by = user_id(0)
    for place, (name, stage) in enumerate(STAGES.items(), start=1):
        category = stage.forecast_category
        store.run(
            _ADD_STAGE,
            *(make_id("01J", place), name, name, stage.is_active, place, stage.is_closed),
            *(stage.is_won, category, _CATEGORY_NAMES.get(category, category), stage.probability),
            *(_SINCE, by, _SINCE, by, _SINCE),
        )


_SINCE = "2024-06-12T12:00:00.000+0000"
_CATEGORY_NAMES = {"BestCase": "Best Case", "Forecast": "Commit"}
_ADD_STAGE = """
insert or ignore into salesforce_OpportunityStage (
    Id, MasterLabel, ApiName, IsActive, SortOrder, IsClosed,
    IsWon, ForecastCategory, ForecastCategoryName, DefaultProbability,
    CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def stage_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that follow from the stage; a probability given with it stays."""
    stage = STAGES[after["StageName"]]
    values: dict[str, Any] = {
        "IsClosed": stage.is_closed,
        "IsWon": stage.is_won,
        "ForecastCategory": stage.forecast_category,
    }
    moved = after["StageName"] != before.get("StageName")
    if moved and after.get("Probability") == before.get("Probability"):
        values["Probability"] = stage.probability
    if moved:
        values["LastStageChangeDate"] = after["SystemModstamp"]
    return values


def record_stage(
    sandbox: Sandbox,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    user_id: str,
    *,
    at: str = "",
) -> None:
    """Write a line of OpportunityHistory if any of its five values is another than before.

    Args:
        sandbox: Where the Opportunity is.
        before: Its values before the write, empty for a new one.
        after: All its values after the write.
        user_id: Who wrote.
        at: The kept stamp of the write, if it is not of the present moment.

    Source: Object Reference, "OpportunityHistory": kept without field tracking.
    """
    if all(after.get(name) == before.get(name) for name in _KEPT):
        return
    now, known = at or stamp(sandbox.clock.now), standard_types()["OpportunityHistory"]
    values = {
        "Id": new_id(sandbox.store, known.prefix),
        "IsDeleted": False,
        "OpportunityId": after["Id"],
        **{name: after.get(name) for name in _KEPT},
        "CreatedById": user_id,
        "CreatedDate": now,
        "SystemModstamp": now,
    }
    columns, marks = ", ".join(map(quoted, values)), ", ".join("?" for _ in values)
    sql = f"insert into {known.table} ({columns}) values ({marks})"  # noqa: S608 - names of our schema
    sandbox.store.run(sql, *values.values())
