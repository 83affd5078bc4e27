"""Requests for what the org may still use, and for how many records it holds."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import used_today
from connectors.sandbox.salesforce.bulk.classic.creation import DAILY_BATCHES
from connectors.sandbox.salesforce.bulk.query.extraction import DAILY_JOBS
from connectors.sandbox.salesforce.quota import used_calls
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.web import Answer, Call, Endpoint

_DATA = "/services/data/{version}"


def tell_limits(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET limits: the most there is of each allowance, and what is left of it."""
    settings = sandbox.settings
    most = {
        **_allowances(),
        "DailyApiRequests": settings.salesforce_daily_limit,
        "DailyBulkV2QueryJobs": settings.salesforce_bulk_query_jobs,
        "DailyBulkApiBatches": settings.salesforce_bulk_batches,
    }
    left = {**most, "DailyApiRequests": most["DailyApiRequests"] - used_calls(sandbox)}
    for name, counted in (
        ("DailyBulkV2QueryJobs", DAILY_JOBS),
        ("DailyBulkApiBatches", DAILY_BATCHES),
    ):
        left[name] -= used_today(sandbox.store, sandbox.clock, counted)
    return Answer(
        200, {name: {"Max": most[name], "Remaining": max(0, left[name])} for name in most}
    )


def count_records(sandbox: Sandbox, call: Call) -> Answer:
    """GET limits/recordCount?sObjects=: about how many living records there are of each object."""
    types = Org(sandbox).types
    wanted = [name.lower() for name in call.many("sObjects")] or list(types)
    counts = [
        {"count": _count(sandbox, types[name]), "name": types[name].name}
        for name in wanted
        if name in types
    ]
    return Answer(200, {"sObjects": counts})


def _count(sandbox: Sandbox, known: ObjectType) -> int:
    living = " where not IsDeleted" if "IsDeleted" in known.fields else ""
    count: int = sandbox.store.value(f"select count(*) from {known.table}{living}")  # noqa: S608 - names of our schema
    return count


@cache
def _allowances() -> Mapping[str, int]:
    file = Path(__file__).parent.parent / "allowances.yaml"
    listed: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {name: int(most) for name, most in listed.items()}


ENDPOINTS = (
    Endpoint("GET", f"{_DATA}/limits", tell_limits),
    Endpoint("GET", f"{_DATA}/limits/recordCount", count_records),
)
