"""One asset per stream of a CRM, read together in one step."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from connectors.records import CallCounts, Crm, Stream
from pipelines.crms import STREAMS
from pipelines.extract import StreamResult
from pipelines.loop import extract_crm
from pipelines.resources import LeadcycleResource


class CrmExtractComponent(dg.Component, dg.Model, dg.Resolvable):
    """Reads a CRM's streams into the lake."""

    crm: Crm
    fresh_within_minutes: int = 180

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:  # noqa: ARG002
        """Build one multi-asset: a process start costs more than most reads."""
        crm = self.crm
        keys = {name: dg.AssetKey(["raw", f"{crm}__{name}"]) for name in stream_names(crm)}
        fresh = dg.FreshnessPolicy.time_window(
            fail_window=timedelta(minutes=self.fresh_within_minutes)
        )
        specs = [
            dg.AssetSpec(
                key,
                group_name="raw",
                kinds={crm, "parquet"},
                freshness_policy=fresh,
                description=f"Every version of {name} read from {crm}, append-only, in the lake.",
            )
            for name, key in keys.items()
        ]

        @dg.multi_asset(name=f"extract_{crm}", specs=specs)
        def extract(
            context: dg.AssetExecutionContext, leadcycle: LeadcycleResource
        ) -> Iterator[dg.MaterializeResult[None]]:
            def report(stream: str, rows: int) -> None:
                context.log.info("%s %s: %d rows read", crm, stream, rows)

            result = extract_crm(leadcycle.settings(), crm, report)
            cost = call_metadata(result.calls)
            for stream in result.streams:
                if stream.skipped:
                    context.log.warning("%s %s: %s", crm, stream.stream, stream.skipped)
                metadata = stream_metadata(stream) | cost
                yield dg.MaterializeResult(asset_key=keys[stream.stream], metadata=metadata)

        return dg.Definitions(assets=[extract])


def stream_names(crm: Crm) -> list[str]:
    """Return the names of a CRM's streams, each followed by its details."""
    return [name for stream in STREAMS[crm] for name in _names(stream)]


def _names(stream: Stream) -> tuple[str, ...]:
    return (stream.name, *stream.details)


def call_metadata(calls: CallCounts) -> dict[str, int | float | str]:
    """Return what the step cost the CRM: the same for each of its streams."""
    return {
        "step_requests": calls.read,
        "step_requests_retried": calls.retried,
        "step_seconds_waited": round(calls.waited_seconds, 3),
    }


def stream_metadata(result: StreamResult) -> dict[str, int | float | str]:
    """Return counts of one read: numbers and field names, never values."""
    return {
        "dagster/row_count": result.rows_kept,
        "rows_read": result.rows_read,
        "loads": result.loads,
        "requests": result.requests,
        "missing_fields": ", ".join(result.missing_fields) or "none",
        "skipped": result.skipped or "no",
    }
