"""How dbt's models appear in Dagster: key schema/table, group by layer."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from pipelines.project import IMPORTED


class LayerTranslator(DagsterDbtTranslator):
    """Names every model `<schema>/<table>` and lets base models follow their streams."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True))

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Return the model's spec."""
        node = manifest["nodes"][unique_id]
        spec = super().get_asset_spec(manifest, unique_id, project)
        spec = spec.replace_attributes(
            key=model_key(node), group_name=node["schema"], kinds={"dbt", "duckdb"}
        )
        return spec.merge_attributes(deps=[stream_key(node)]) if _is_base(node) else spec

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return the key that other models' dependencies use."""
        return model_key(dbt_resource_props)


def model_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """Return a model's key: schema and table."""
    return dg.AssetKey([node["schema"], node["alias"]])


def stream_key(node: Mapping[str, Any]) -> dg.AssetKey:
    """Return the key of the stream that a base model keeps current."""
    return dg.AssetKey(["raw", node["alias"]])


def keys_of_schemas(manifest: Mapping[str, Any], schemas: set[str]) -> list[dg.AssetKey]:
    """Return the keys of the CRMs' models in the schemas, in stable order."""
    models = (node for node in manifest["nodes"].values() if _is_of_crms(node))
    return sorted(model_key(node) for node in models if node["schema"] in schemas)


def _is_of_crms(node: Mapping[str, Any]) -> bool:
    """Tell whether it is a model, and not one of imported histories: Dagster builds no such."""
    return node["resource_type"] == "model" and IMPORTED.removeprefix("tag:") not in node["tags"]


def _is_base(node: Mapping[str, Any]) -> bool:
    return bool(node["resource_type"] == "model" and node["schema"] == "base")
