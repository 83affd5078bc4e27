from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.errors import ForbiddenError, SkippedStreamError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.account import FORMS, OWNERS, PIPELINES
from connectors.records import Batch, Cursor, Stream
from connectors.values import format_datetime
from tests.unit.connectors.hubspot.portal import at
from tests.unit.connectors.scripted import Answer, Asked, Script

OWNERS_PATH, PIPELINES_PATH = "/crm/v3/owners", "/crm/v3/pipelines/deals"
ADA = {
    "id": "70",
    "email": "ada@example.com",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "userId": 9,
    "userIdIncludingInactive": 9,
    "teams": [
        {"id": "1", "name": "North", "primary": True},
        {"id": "2", "name": "South", "primary": False},
    ],
    "createdAt": format_datetime(at(1)),
    "updatedAt": format_datetime(at(2)),
    "archived": False,
}
BOB = {"id": "71", "userIdIncludingInactive": 8, "archived": True}
WON = {
    "id": "closedwon",
    "label": "Closed won",
    "displayOrder": 5,
    "metadata": {"isClosed": "true", "probability": "1.0"},
    "updatedAt": format_datetime(at(3)),
}


@pytest.fixture
def source(client: HubSpotClient) -> HubSpotSource:
    return HubSpotSource(client)


def read(source: HubSpotSource, stream: Stream, cursor: Cursor | None = None) -> list[Batch]:
    return list(source.read(stream, source.fields(stream), cursor))


def rows(source: HubSpotSource, stream: Stream) -> list[dict[str, Any]]:
    [batch] = read(source, stream)
    found: list[dict[str, Any]] = batch.tables[stream.name].to_pylist()
    return found


def by_archive(*, living: dict[str, Any], archived: dict[str, Any]) -> Any:
    def answer(asked: Asked) -> Answer:
        return Answer({"results": [archived if asked.query["archived"] == "true" else living]})

    return answer


def test_owners_are_read_with_those_who_have_left(script: Script, source: HubSpotSource) -> None:
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    ada, bob = rows(source, OWNERS)
    assert ada == {
        "_record_id": "70",
        "_modified_at": at(2),
        "_is_deleted": False,
        "owner_id": "70",
        "user_id": "9",
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "is_archived": False,
        "team_ids": "1;2",
        "team_names": "North;South",
        "created_at": at(1),
        "updated_at": at(2),
        "_unreadable": None,
    }
    assert (bob["owner_id"], bob["user_id"], bob["is_archived"]) == ("71", "8", True)


def test_a_pipeline_has_a_row_for_each_stage(script: Script, source: HubSpotSource) -> None:
    pipeline = {"id": "default", "label": "Sales", "stages": [WON]}
    script.on("GET", PIPELINES_PATH, Answer({"results": [pipeline]}))
    assert rows(source, PIPELINES) == [
        {
            "_record_id": "deals:default:closedwon",
            "_modified_at": at(3),
            "_is_deleted": False,
            "object_type": "deals",
            "pipeline_id": "default",
            "pipeline_label": "Sales",
            "stage_id": "closedwon",
            "stage_label": "Closed won",
            "display_order": 5,
            "is_closed": True,
            "probability": Decimal(1),
            "_unreadable": None,
        }
    ]


def test_a_row_without_a_stamp_has_the_same_one_each_time(
    script: Script, source: HubSpotSource
) -> None:
    stage = {name: value for name, value in WON.items() if name != "updatedAt"}
    pipeline = {"id": "default", "label": "Sales", "stages": [stage]}
    script.on("GET", PIPELINES_PATH, Answer({"results": [pipeline]}))
    assert rows(source, PIPELINES)[0]["_modified_at"] == datetime(1970, 1, 1, tzinfo=UTC)


def test_forms_are_read_with_archived_ones(script: Script, source: HubSpotSource) -> None:
    form = {"id": "f1", "name": "Demo", "formType": "hubspot", "updatedAt": ADA["updatedAt"]}
    gone = {**form, "id": "f2", "archived": True}
    script.on("GET", "/marketing/v3/forms", by_archive(living=form, archived=gone))
    assert [(row["form_id"], row["is_archived"]) for row in rows(source, FORMS)] == [
        ("f1", False),
        ("f2", True),
    ]


@pytest.mark.parametrize(("before", "after"), [(None, at(2)), (at(1), at(2)), (at(9), at(9))])
def test_the_cursor_is_the_newest_stamp(
    script: Script, source: HubSpotSource, before: datetime | None, after: datetime
) -> None:
    script.on("GET", OWNERS_PATH, by_archive(living=ADA, archived=BOB))
    [batch] = read(source, OWNERS, Cursor(before) if before else None)
    assert batch.cursor == Cursor(after)


def test_a_list_without_rows_gives_no_batch(script: Script, source: HubSpotSource) -> None:
    script.on("GET", OWNERS_PATH, Answer({"results": []}))
    assert read(source, OWNERS) == []


def test_a_list_refused_after_its_first_page_is_an_error(
    script: Script, source: HubSpotSource
) -> None:
    script.on("GET", OWNERS_PATH, Answer({"results": [ADA]}), Answer({}, status=403))
    with pytest.raises(ForbiddenError):
        read(source, OWNERS)


def test_a_list_hidden_from_our_key_is_skipped_with_the_scope_it_needs(
    script: Script, source: HubSpotSource
) -> None:
    scopes = [{"context": {"requiredGranularScopes": ["crm.objects.owners.read"]}}]
    refusal = Answer({"category": "MISSING_SCOPES", "errors": scopes}, status=403)
    script.on("GET", OWNERS_PATH, refusal)
    with pytest.raises(SkippedStreamError, match=r"where: owners\).*crm\.objects\.owners\.read"):
        read(source, OWNERS)
