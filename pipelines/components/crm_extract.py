"""One asset per stream of a CRM, read together in one step, and the checks of what was read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg
from pydantic import Field, field_validator

from connectors.records import Crm, Stream
from pipelines.components.reading_metadata import Metadata, step_metadata, stream_metadata
from pipelines.crms import extract_rules, is_counted, streams_of
from pipelines.reading.extraction import Orders
from pipelines.reading.findings import differences, oddities, shortfalls, was_compared
from pipelines.reading.results import ExtractResult, StreamResult, raise_if_unfinished
from pipelines.reading.rules import Warn
from pipelines.reading.steps import extract_crm, reconcile_crm
from pipelines.resources import LeadcycleResource
from pipelines.settings import load_settings

SOUND, COUNTS = "reading_is_sound", "counts_match_the_crm"

Told = dg.MaterializeResult[None] | dg.AssetCheckResult


class ReadConfig(dg.Config):
    """What a person may ask of one run, beside what is read anyway."""

    streams: list[str] = Field([], description="The only streams read; all, if none is named.")
    full_refresh: bool = Field(False, description="Read every record again.")
    since: str | None = Field(
        None, description="Read again what is stamped from then on, e.g. 2026-01-31."
    )

    @field_validator("since")
    @classmethod
    def _is_instant(cls, value: str | None) -> str | None:
        if value is not None:
            datetime.fromisoformat(value)
        return value

    def orders(self, selected: Collection[str] = ()) -> Orders:
        """Return it as the reading takes it; a time without a zone is UTC.

        Args:
            selected: Streams whose assets were chosen in the UI, where not all were.
        """
        since = datetime.fromisoformat(self.since) if self.since else None
        if since is not None and since.tzinfo is None:
            since = since.replace(tzinfo=UTC)
        return Orders(frozenset(self.streams or selected), self.full_refresh, since)


class CompareConfig(dg.Config):
    """How thoroughly a CRM is compared with the lake."""

    deep: bool = Field(False, description="Compare every record, even where the counts agree.")
    gone: list[str] = Field(
        [],
        description="Streams of which what the CRM shows no longer is removed, however many.",
    )


class CrmExtractComponent(dg.Component, dg.Model, dg.Resolvable):
    """Reads a CRM's streams into the lake, and compares them with it."""

    crm: Crm
    fresh_within_minutes: int = 180

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:  # noqa: ARG002
        """Build one multi-asset: a process start costs more than most reads."""
        rules = extract_rules(load_settings())
        streams = streams_of(self.crm, rules.of(self.crm))
        fresh = timedelta(minutes=self.fresh_within_minutes)
        return dg.Definitions(
            assets=[_extraction(self.crm, streams, fresh, rules.warn)],
            asset_checks=[_comparison(self.crm, streams)],
        )


def _extraction(
    crm: Crm, streams: Sequence[Stream], fresh: timedelta, warn: Warn
) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"extract_{crm}",
        specs=[_spec(crm, name, fresh) for name in stream_names(streams)],
        check_specs=[
            dg.AssetCheckSpec(SOUND, asset=key_of(crm, stream.name)) for stream in streams
        ],
        can_subset=True,
    )
    def extract(
        context: dg.AssetExecutionContext, leadcycle: LeadcycleResource, config: ReadConfig
    ) -> Iterator[Told]:
        def report(stream: str, rows: int) -> None:
            context.log.info("%s %s: %d rows read", crm, stream, rows)

        chosen = context.selected_asset_keys if context.is_subset else ()
        orders = config.orders(streams_behind(streams, {key.path[-1] for key in chosen}))
        result = extract_crm(leadcycle.settings(), crm, report, orders)
        for stream in result.streams:
            if stream.skipped:
                context.log.warning("%s %s: %s", crm, stream.stream, stream.skipped)
        for event in told(result, {stream.name for stream in streams}, warn):
            if event.asset_key in context.selected_asset_keys:
                yield event
        # Only now: what was read stands, and shows, though the run is no success.
        raise_if_unfinished([result])

    return extract


def _spec(crm: Crm, name: str, fresh: timedelta) -> dg.AssetSpec:
    return dg.AssetSpec(
        key_of(crm, name),
        group_name="raw",
        kinds={crm, "parquet"},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=fresh),
        description=f"Every version of {name} read from {crm}, append-only, in the lake.",
    )


def told(result: ExtractResult, checked: set[str], warn: Warn) -> Iterator[Told]:
    """Yield what the reading did to each stream's asset, and what its checks found."""
    cost = step_metadata(result)
    for stream in result.streams:
        key = key_of(result.crm, stream.stream)
        if stream.status != "failed":
            yield dg.MaterializeResult(asset_key=key, metadata=stream_metadata(stream) | cost)
        if stream.stream in checked:
            yield _found(key, shortfalls(stream), oddities(stream, warn))


def _found(
    key: dg.AssetKey,
    shortfalls: Mapping[str, str | int],
    oddities: Mapping[str, str | float],
) -> dg.AssetCheckResult:
    """Return one check for all that was found: an event of Dagster costs more than most findings.

    It fails where something is not read, and warns where something is not as it was.
    """
    severity = dg.AssetCheckSeverity.ERROR if shortfalls else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=SOUND,
        passed=not shortfalls and not oddities,
        severity=severity,
        metadata={**shortfalls, **oddities},
    )


def _comparison(crm: Crm, streams: Sequence[Stream]) -> dg.AssetChecksDefinition:
    compared = _compared_streams(crm, streams)

    @dg.multi_asset_check(
        name=f"reconcile_{crm}",
        specs=[dg.AssetCheckSpec(COUNTS, asset=key) for key in compared],
        can_subset=True,
    )
    def reconcile(
        context: dg.AssetCheckExecutionContext,
        leadcycle: LeadcycleResource,
        config: CompareConfig,
    ) -> Iterator[dg.AssetCheckResult]:
        def report(stream: str, rows: int) -> None:
            context.log.info("%s %s: %d rows read", crm, stream, rows)

        chosen = {compared[check.asset_key] for check in context.selected_asset_check_keys}
        orders = Orders(streams_to_compare(streams, chosen, deep=config.deep))
        result = reconcile_crm(
            leadcycle.settings(), crm, report, orders, deep=config.deep, gone=config.gone
        )
        for row in result.streams:
            if row.stream in chosen and row.status != "skipped":
                yield _compared(crm, row)
        raise_if_unfinished([result])

    return reconcile


def comparison_keys(crm: Crm) -> list[dg.AssetCheckKey]:
    """Return the keys of the checks that compare a CRM's streams with the lake."""
    rules = extract_rules(load_settings())
    streams = streams_of(crm, rules.of(crm))
    return [dg.AssetCheckKey(key, COUNTS) for key in _compared_streams(crm, streams)]


def _compared_streams(crm: Crm, streams: Sequence[Stream]) -> dict[dg.AssetKey, str]:
    """Return the names of the streams that are compared, by key: not all can be counted."""
    return {key_of(crm, s.name): s.name for s in streams if is_counted(s)}


def streams_to_compare(
    streams: Sequence[Stream], chosen: Collection[str], *, deep: bool
) -> frozenset[str]:
    """Return the streams a comparison is asked for; a deep one of all reads the uncounted again."""
    is_all = all(stream.name in chosen for stream in streams if is_counted(stream))
    again = {stream.name for stream in streams if stream.is_uncounted and deep and is_all}
    return frozenset(chosen) | again


def _compared(crm: Crm, stream: StreamResult) -> dg.AssetCheckResult:
    """Return the check of one stream; it warns where there was nothing yet to compare with."""
    is_compared, failings = was_compared(stream), shortfalls(stream)
    found: Metadata = {"requests": stream.requests, **failings}
    if is_compared:
        found |= differences(stream)
    else:
        found["not_compared"] = stream.why
    severity = dg.AssetCheckSeverity.ERROR if failings else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key_of(crm, stream.stream),
        check_name=COUNTS,
        passed=is_compared and not failings,
        severity=severity,
        metadata=found,
    )


def key_of(crm: Crm, name: str) -> dg.AssetKey:
    """Return the key of a stream's asset."""
    return dg.AssetKey(["raw", f"{crm}__{name}"])


def streams_behind(streams: Sequence[Stream], tables: Collection[str]) -> list[str]:
    """Return the streams that bring these tables of raw: their own, or one of their details."""
    return [
        stream.name
        for stream in streams
        if {f"{stream.crm}__{name}" for name in (stream.name, *stream.details)} & set(tables)
    ]


def stream_names(streams: Sequence[Stream]) -> list[str]:
    """Return the names of the streams, each followed by its details."""
    return [name for stream in streams for name in (stream.name, *stream.details)]
