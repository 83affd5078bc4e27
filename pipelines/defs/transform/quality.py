"""The checks that tell how much is odd about the CRMs' data, and of what kind."""

from collections.abc import Iterator, Mapping

import dagster as dg

from pipelines.data_quality import KINDS, count_by_kind
from pipelines.resources import LeadcycleResource
from pipelines.rules.quality import Severity, load_quality_rules

IS_EMPTY = "is_empty"


@dg.definitions
def quality() -> dg.Definitions:
    """Build one check for each table that is empty where all is well."""
    return dg.Definitions(asset_checks=[_checks()])


def _checks() -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name="data_quality",
        specs=[
            dg.AssetCheckSpec(
                IS_EMPTY,
                asset=dg.AssetKey(["marts", table]),
                description="Counts by kind. How grave a row is says revops/quality.yml.",
            )
            for table in KINDS
        ],
        can_subset=True,
    )
    def data_quality(
        context: dg.AssetCheckExecutionContext, leadcycle: LeadcycleResource
    ) -> Iterator[dg.AssetCheckResult]:
        settings = leadcycle.settings()
        rules = load_quality_rules(settings.revops_dir)
        tables = sorted(key.asset_key.path[-1] for key in context.selected_asset_check_keys)
        for table in tables:
            yield _result(table, rules.of(table), count_by_kind(settings.warehouse_path, table))

    return data_quality


def _result(table: str, severity: Severity, counts: Mapping[str, int]) -> dg.AssetCheckResult:
    lines = [f"| {kind} | {found} |" for kind, found in counts.items()]
    metadata: dict[str, dg.MetadataValue] = {"rows": dg.MetadataValue.int(sum(counts.values()))}
    if lines:
        metadata["by_kind"] = dg.MetadataValue.md(
            "\n".join(["| kind | rows |", "|---|---|", *lines])
        )
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey(["marts", table]),
        check_name=IS_EMPTY,
        passed=not counts,
        severity=dg.AssetCheckSeverity[severity.upper()],
        metadata=metadata,
    )
