"""What an account has few of: owners, pipelines and forms, read whole each time.

The caller drops the rows it has, so an unchanged account adds nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.arrow import Row, build_table
from connectors.hubspot.answers import Form, FormPage, Owner, OwnerPage, Pipeline, PipelineList
from connectors.hubspot.client import HubSpotClient, Params
from connectors.hubspot.paging import read_pages
from connectors.hubspot.stamps import read_stamp
from connectors.hubspot.streams.account import FORMS, OWNERS, PIPELINES
from connectors.records import Batch, Cursor, Stream

PAGE_SIZE = 100

OBJECTS_WITH_PIPELINES = ("deals",)

_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Stamp of a row that HubSpot does not date: the same each time, so that the row is known again."""


@dataclass(frozen=True)
class CatalogReader:
    """Reads one of the small lists."""

    client: HubSpotClient
    stream: Stream

    def read(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yield every row in one batch, whose cursor is the newest stamp."""
        rows = list(ROWS[self.stream.name](self.client))
        if rows:
            newest = max(row.modified_at for row in rows)
            fields = self.stream.choose_fields(self.stream.required_fields)
            reached = max(newest, cursor.modified_at) if cursor else newest
            yield Batch({self.stream.name: build_table(fields, rows)}, Cursor(reached))


def list_forms(client: HubSpotClient) -> list[Form]:
    """Return every form, living or archived, in order of id."""
    found: dict[str, Form] = {}
    for archived in ("false", "true"):
        params: Params = {"limit": PAGE_SIZE, "formTypes": "all", "archived": archived}
        for page in read_pages(client, client.paths.forms(), params, FormPage):
            # A form that is archived between the two lists stands in both.
            found |= {form.id: form for form in page.results}
    return [found[form_id] for form_id in sorted(found)]


def _form_rows(client: HubSpotClient) -> Iterator[Row]:
    return map(_form_row, list_forms(client))


def _form_row(form: Form) -> Row:
    values = {
        "form_id": form.id,
        "name": form.name,
        "form_type": form.form_type,
        "is_archived": form.archived,
        "created_at": form.created_at,
        "updated_at": form.updated_at,
    }
    return _to_row(form.id, form.updated_at, values)


def _owner_rows(client: HubSpotClient) -> Iterator[Row]:
    for archived in ("false", "true"):
        params: Params = {"limit": PAGE_SIZE, "archived": archived}
        for page in read_pages(client, client.paths.owners(), params, OwnerPage):
            yield from map(_owner_row, page.results)


def _owner_row(owner: Owner) -> Row:
    values = {
        "owner_id": owner.id,
        "user_id": owner.user_id or owner.user_id_including_inactive,
        "email": owner.email,
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "is_archived": owner.archived,
        "team_ids": ";".join(team.id for team in owner.teams),
        "team_names": ";".join(team.name for team in owner.teams),
        "created_at": owner.created_at,
        "updated_at": owner.updated_at,
    }
    return _to_row(owner.id, owner.updated_at, values)


def _pipeline_rows(client: HubSpotClient) -> Iterator[Row]:
    for object_type in OBJECTS_WITH_PIPELINES:
        found = client.get(client.paths.pipelines(object_type), {}, PipelineList)
        for pipeline in found.results:
            yield from _stage_rows(object_type, pipeline)


def _stage_rows(object_type: str, pipeline: Pipeline) -> Iterator[Row]:
    for stage in pipeline.stages:
        values = {
            "object_type": object_type,
            "pipeline_id": pipeline.id,
            "pipeline_label": pipeline.label,
            "stage_id": stage.id,
            "stage_label": stage.label,
            "display_order": stage.display_order,
            "is_closed": stage.metadata.get("isClosed"),
            "probability": stage.metadata.get("probability"),
        }
        yield _to_row(f"{object_type}:{pipeline.id}:{stage.id}", stage.updated_at, values)


def _to_row(record_id: str, updated_at: str | None, values: Mapping[str, object]) -> Row:
    stamp = read_stamp(updated_at, record_id) if updated_at else _UNDATED
    return Row(record_id, stamp, is_deleted=False, values=values)


ROWS: Mapping[str, Callable[[HubSpotClient], Iterator[Row]]] = {
    FORMS.name: _form_rows,
    OWNERS.name: _owner_rows,
    PIPELINES.name: _pipeline_rows,
}
