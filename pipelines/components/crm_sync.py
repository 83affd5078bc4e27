"""One asset per sync of `revops/syncs.yml`."""

from collections.abc import Iterable, Iterator, Mapping

import dagster as dg

from pipelines.loop import SyncResult, run_sync
from pipelines.places import store_of
from pipelines.resources import LeadcycleResource
from pipelines.settings import load_settings
from pipelines.sync.config import Sync
from pipelines.syncs import base_table, configured_syncs

ACCOUNT_CHECK = "every_record_has_one_outcome"


class CrmSyncComponent(dg.Component, dg.Model, dg.Resolvable):
    """Writes each configured sync into its CRM."""

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:  # noqa: ARG002
        """Build one asset for each sync in the rules' folder, and its schedule if it has one."""
        return definitions_of(configured_syncs(load_settings()))


def definitions_of(syncs: Iterable[Sync]) -> dg.Definitions:
    """Return the assets of syncs, and the schedules of those that have one."""
    known = tuple(syncs)
    return dg.Definitions(
        assets=[*_own_streams(), *map(_sync_asset, known)],
        schedules=[_schedule(sync, sync.schedule) for sync in known if sync.schedule],
    )


def _own_streams() -> list[dg.AssetSpec]:
    """Return the streams that no CRM has and no asset reads: a build takes them as they are."""
    told = {
        "leadcycle__receipts": "What became of every field we sent; models know our writes by it.",
        "leadcycle__likely_matches": "Pairs of people that `leadcycle match-people` found likely.",
    }
    return [
        dg.AssetSpec(["raw", name], group_name="raw", kinds={"parquet"}, description=description)
        for name, description in told.items()
    ]


def _schedule(sync: Sync, cron: str) -> dg.ScheduleDefinition:
    """Return what runs a sync by itself, on what is published by then."""
    return dg.ScheduleDefinition(
        name=f"{sync.name}_schedule",
        target=dg.AssetSelection.assets(key_of(sync)),
        cron_schedule=cron,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )


def key_of(sync: Sync) -> dg.AssetKey:
    """Return the key of a sync's asset."""
    return dg.AssetKey(["crm", sync.name])


def _sync_asset(sync: Sync) -> dg.AssetsDefinition:
    key = key_of(sync)

    @dg.asset(
        key=key,
        group_name="crm",
        kinds={sync.crm},
        deps=[
            dg.AssetKey(["published", "snapshot"]),
            dg.AssetKey(["sync", sync.sync_model]),
            dg.AssetKey(["base", base_table(sync)]),
        ],
        check_specs=[dg.AssetCheckSpec(ACCOUNT_CHECK, asset=key)],
        description=f"Our fields of {sync.crm} {sync.object}, as {sync.sync_model} wants them.",
    )
    def push(
        context: dg.AssetExecutionContext, leadcycle: LeadcycleResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        def report(name: str, records: int) -> None:
            context.log.info("%s: %d records sent", name, records)

        result = run_sync(leadcycle.settings(), sync, report)
        if result.account is None:
            context.log.warning(waiting_message(result))
        elif result.account.stopped:
            context.log.warning("%s stopped: %s", sync.name, result.account.stopped)
        kept = store_of(leadcycle.settings()).outcomes(result.stored.plan_id)
        check = dg.AssetCheckResult(check_name=ACCOUNT_CHECK, passed=adds_up(result, kept))
        yield dg.MaterializeResult(metadata=sync_metadata(result), check_results=[check])

    return push


def waiting_message(result: SyncResult) -> str:
    """Say why nothing was sent, and what to do."""
    if result.stored.status == "shadow":
        return f"{result.sync} writes nothing yet: `go_live: shadow` in syncs.yml"
    if result.stored.status != "waiting":
        return f"{result.sync} is paused: leadcycle resume {result.sync}"
    reasons = "; ".join(result.findings)
    return f"{result.sync} waits for a person ({reasons}): leadcycle approve {result.stored.digest}"


def adds_up(result: SyncResult, outcomes: Mapping[str, int]) -> bool:
    """Tell whether every row of the sync model has one outcome, by the receipts that were kept.

    Args:
        result: What the sync says it did.
        outcomes: Records of its plan by the state of their receipts.
    """
    plan, account = result.plan, result.account
    planned = len(plan.records)
    if account is not None:
        planned = sum(outcomes.values()) + account.deferred
    others = plan.unchanged + plan.kept_human + plan.no_match + plan.held_back
    return plan.source == planned + others


def sync_metadata(result: SyncResult) -> dict[str, int | str]:
    """Return the account: numbers and ids, never values."""
    plan, account = result.plan, result.account
    counts: dict[str, int | str] = {"written": 0, "rejected": 0, "deferred": 0, "stopped": ""}
    counts |= vars(account) if account else {}
    return {
        "plan_digest": result.stored.digest,
        "status": _status(result),
        "source": plan.source,
        "planned": len(plan.records),
        "unchanged": plan.unchanged,
        "kept_human": plan.kept_human,
        "no_match": plan.no_match,
        "held_back": plan.held_back,
        **counts,
        "read_calls": result.calls.read,
        "write_calls": result.calls.write,
    }


def _status(result: SyncResult) -> str:
    if result.account is None:
        return result.stored.status
    return "stopped" if result.account.stopped else "applied"
