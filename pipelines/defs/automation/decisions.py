"""What people decide about syncs, as jobs: approve, cancel, pause, resume, undo.

Whoever may launch runs in Dagster may decide; the run's page keeps who and why.
"""

import dagster as dg
from pydantic import Field

from pipelines.cli_output import NoSuchPlanError
from pipelines.places import store_of
from pipelines.resources import LeadcycleResource
from pipelines.sync.engine import utc_now
from pipelines.sync.pauses import Pause
from pipelines.syncs import check_name
from pipelines.undoing import undo_run

TAGS = {"leadcycle/decision": "true"}


class PlanDecision(dg.Config):
    """What is decided about one plan."""

    digest: str = Field(description="Of the plan, as its run and `leadcycle plans` show it.")
    who: str = Field(description="Your name.")
    why: str = Field(description="Kept with the decision.")


class SyncDecision(dg.Config):
    """What is decided about one sync."""

    sync: str = Field(description="Its name in syncs.yml.")
    who: str = Field(description="Your name.")
    why: str = Field(description="Kept with the decision.")


class UndoDecision(dg.Config):
    """Which plan is taken back."""

    plan_id: int = Field(description="As `leadcycle plans` and the dashboard show it.")
    preview: bool = Field(default=True, description="Only say what would be given back.")
    who: str = Field(description="Your name.")
    why: str = Field(description="Kept with the decision.")


@dg.op
def approve_plan(
    context: dg.OpExecutionContext, config: PlanDecision, leadcycle: LeadcycleResource
) -> None:
    """Let a waiting plan be applied, as it is, by the next run of its sync."""
    store = store_of(leadcycle.settings())
    if not store.approve(config.digest, config.who, config.why, utc_now()):
        raise NoSuchPlanError(f"no plan with digest {config.digest} waits")
    context.log.info("%s approved by %s: %s", config.digest, config.who, config.why)


@dg.op
def cancel_plan(
    context: dg.OpExecutionContext, config: PlanDecision, leadcycle: LeadcycleResource
) -> None:
    """Let a plan not be applied, or no further; what is written stays."""
    if not store_of(leadcycle.settings()).cancel(config.digest):
        raise NoSuchPlanError(f"no plan with digest {config.digest} is still to be applied")
    context.log.info("%s cancelled by %s: %s", config.digest, config.who, config.why)


@dg.op
def pause_sync(
    context: dg.OpExecutionContext, config: SyncDecision, leadcycle: LeadcycleResource
) -> None:
    """Let a sync write nothing until it is resumed; a run under way stops at its next batch."""
    settings = leadcycle.settings()
    check_name(settings, config.sync)
    store_of(settings).pauses.begin(config.sync, Pause(config.who, config.why, utc_now()))
    context.log.info("%s paused by %s: %s", config.sync, config.who, config.why)


@dg.op
def resume_sync(
    context: dg.OpExecutionContext, config: SyncDecision, leadcycle: LeadcycleResource
) -> None:
    """Let a sync write again."""
    settings = leadcycle.settings()
    check_name(settings, config.sync)
    was_paused = store_of(settings).pauses.end(config.sync)
    said = "goes on" if was_paused else "was not paused"
    context.log.info("%s %s, says %s: %s", config.sync, said, config.who, config.why)


@dg.op
def undo_plan(
    context: dg.OpExecutionContext, config: UndoDecision, leadcycle: LeadcycleResource
) -> None:
    """Give back what a plan replaced, where the CRM still holds ours; pause its sync."""
    result = undo_run(
        leadcycle.settings(),
        config.plan_id,
        who=config.who,
        why=config.why,
        is_preview=config.preview,
    )
    plan, account = result.plan, result.account
    context.log.info(
        "plan %d of %s: %d of %d records %s, %d changed since, %d gone",
        config.plan_id,
        result.sync,
        len(plan.records) if account is None else account.written,
        plan.source,
        "would be given back" if account is None else "given back",
        plan.kept_human,
        plan.no_match,
    )


@dg.definitions
def decisions() -> dg.Definitions:
    """Build a job of each."""
    ops = (approve_plan, cancel_plan, pause_sync, resume_sync, undo_plan)
    return dg.Definitions(jobs=[_job_of(op) for op in ops])


def _job_of(op: dg.OpDefinition) -> dg.JobDefinition:
    graph = dg.GraphDefinition(name=f"{op.name}_graph", node_defs=[op])
    described = (op.description or "").strip()
    return graph.to_job(name=f"{op.name}_job", description=described, tags=TAGS)
