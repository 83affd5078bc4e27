"""Pipelines with their stages, of every object that has some."""

from collections.abc import Iterator, Sequence

from connectors.hubspot.answers import Pipeline, PipelineList
from connectors.hubspot.catalogs.parts import Entry, Page, Part
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.shape import ObjectStream


def pipeline_parts(client: HubSpotClient, objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield a part for each object whose records go through stages."""
    for known in objects:
        if known.has_stages:
            yield Part(f"{known.name}:", _stages(client, known.name))


def _stages(client: HubSpotClient, object_name: str) -> Iterator[Page]:
    found = client.get(client.paths.pipelines(object_name), {}, PipelineList)
    for pipeline in found.results:
        yield Page(_stage_entries(object_name, pipeline), client.latest_time())


def _stage_entries(object_name: str, pipeline: Pipeline) -> Iterator[Entry]:
    for stage in pipeline.stages:
        yield (
            f"{object_name}:{pipeline.id}:{stage.id}",
            {
                "object_type": object_name,
                "pipeline_id": pipeline.id,
                "pipeline_label": pipeline.label,
                "stage_id": stage.id,
                "stage_label": stage.label,
                "display_order": stage.display_order,
                "is_closed": stage.metadata.get("isClosed"),
                "probability": stage.metadata.get("probability"),
                "updated_at": stage.updated_at,
            },
        )
