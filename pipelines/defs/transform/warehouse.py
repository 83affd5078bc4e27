"""The warehouse, the check that nothing was lost on the way into it, and what is published."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from pipelines.build import build_warehouse, last_build, publish_build
from pipelines.dbt_translator import LayerTranslator, keys_of_schemas
from pipelines.integrity import check_base
from pipelines.loop import resolve_as_of
from pipelines.project import IMPORTED, BuildError, load_manifest
from pipelines.publish import PUBLISHED_SCHEMAS
from pipelines.resources import LeadcycleResource

SNAPSHOT = dg.AssetKey(["published", "snapshot"])


@dg.definitions
def warehouse() -> dg.Definitions:
    """Build the dbt assets from the manifest, and the asset that publishes them."""
    manifest = load_manifest()
    base = keys_of_schemas(manifest, {"base"})
    published = keys_of_schemas(manifest, set(PUBLISHED_SCHEMAS))
    return dg.Definitions(
        assets=[_models(manifest), _snapshot([*base, *published])],
        asset_checks=[_base_check(base)],
    )


def _models(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    translator = LayerTranslator()

    @dbt_assets(
        manifest=manifest,
        exclude=IMPORTED,
        name="build_warehouse",
        dagster_dbt_translator=translator,
        pool="warehouse",
    )
    def build(
        context: dg.AssetExecutionContext, leadcycle: LeadcycleResource
    ) -> Iterator[dg.Output[None] | dg.AssetCheckResult | dg.AssetMaterialization | Any]:
        settings = leadcycle.settings()
        as_of = resolve_as_of(settings)
        context.log.info("as_of %s", as_of.isoformat())
        events: list[dict[str, Any]] = []
        layers: list[str] = []

        def listen(event: dict[str, Any]) -> None:
            events.append(event)
            layer = _layer_built(event)
            if layer not in ("", *layers):
                layers.append(layer)
                context.log.info("building %s", layer)

        failure = None
        try:
            failed = build_warehouse(settings, as_of, _selected(context), listen)
            for name, why in failed.items():
                context.log.warning("base.%s could not be made anew: %s", name, why)
        except BuildError as error:
            failure = error
        for event in events:
            message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
            yield from message.to_default_asset_events(manifest, translator, context)
        if failure is not None:
            raise failure

    return build


def _layer_built(event: dict[str, Any]) -> str:
    """Return the schema of a model that was built; empty for other events."""
    if event["info"]["name"] != "LogModelResult":
        return ""
    return str(event["data"]["node_info"]["node_relation"]["schema"])


def _selected(context: dg.AssetExecutionContext) -> tuple[str, ...]:
    """Return the models chosen in the UI; none means all."""
    if not context.is_subset:
        return ()
    return tuple(sorted(key.path[-1] for key in context.selected_asset_keys))


def _snapshot(sources: list[dg.AssetKey]) -> dg.AssetsDefinition:
    @dg.asset(
        key=SNAPSHOT,
        group_name="published",
        kinds={"parquet"},
        deps=sources,
        pool="warehouse",
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=3)),
        description="Marts and sync models as files, switched at once when every check passed.",
    )
    def snapshot(leadcycle: LeadcycleResource) -> dg.MaterializeResult[None]:
        published = publish_build(leadcycle.settings())
        stocks = published.read("marts.stage_stocks").select(["stage_label", "people"]).to_pylist()
        lines = [f"| {row['stage_label']} | {row['people']} |" for row in stocks]
        table = "\n".join(["| stage | people |", "|---|---|", *lines])
        return dg.MaterializeResult(
            metadata={
                "snapshot": published.name,
                "as_of": published.as_of.isoformat(),
                "rules_version": published.rules_version,
                "tables": len(published.tables),
                "people_per_stage": dg.MetadataValue.md(table),
            }
        )

    return snapshot


def _base_check(base: list[dg.AssetKey]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name="base_is_whole",
        specs=[
            dg.AssetCheckSpec("every_record_read_is_in_base", asset=key, blocking=True)
            for key in base
        ],
        can_subset=True,
    )
    def base_is_whole(
        context: dg.AssetCheckExecutionContext, leadcycle: LeadcycleResource
    ) -> Iterator[dg.AssetCheckResult]:
        settings = leadcycle.settings()
        found = check_base(settings.warehouse_path, last_build(settings).loads)
        for key in context.selected_asset_check_keys:
            check = found[key.asset_key.path[-1]]
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=check.is_whole,
                metadata={
                    "records_in_lake": check.in_lake,
                    "records_in_base": check.in_base,
                    "unsound_rows": check.unsound,
                },
            )

    return base_is_whole
