from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from connectors.errors import ForbiddenError, UnreadableAnswerError
from connectors.hubspot.associations import association_rows
from connectors.hubspot.client import HubSpotClient
from tests.unit.connectors.hubspot.portal import COMPANIES, at
from tests.unit.connectors.scripted import Answer, Script

STAMPS = {"1": at(1), "2": at(2)}
PLAIN = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}
PRIMARY = {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"}
ADVISER = {"category": "USER_DEFINED", "typeId": 1, "label": "Adviser"}


def pair(
    record_id: str, other: str | int, *kinds: dict[str, Any], after: str = ""
) -> dict[str, Any]:
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return {
        "from": {"id": record_id},
        "to": [{"toObjectId": other, "associationTypes": kinds}],
        **paging,
    }


def read_ids(client: HubSpotClient, stamps: Mapping[str, datetime] = STAMPS) -> list[str]:
    return [row.record_id for row in association_rows(client, "contacts", "companies", stamps)]


def test_an_association_has_its_parents_stamp(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("2", 7, PRIMARY)]}))
    [row] = association_rows(client, "contacts", "companies", STAMPS)
    assert (row.record_id, row.modified_at) == ("contacts:2:companies:7:1", at(2))
    assert row.values == {
        "from_type": "contacts",
        "from_id": "2",
        "to_type": "companies",
        "to_id": "7",
        "type_id": 1,
        "category": "HUBSPOT_DEFINED",
        "label": "Primary",
    }


def test_a_pair_has_a_row_for_each_of_its_types(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("1", "7", PLAIN, PRIMARY, ADVISER)]}))
    assert read_ids(client) == [
        "contacts:1:companies:7:279",
        "contacts:1:companies:7:1",
        "contacts:1:companies:7:1:USER_DEFINED",
    ]


def test_records_without_associations_are_no_fault(script: Script, client: HubSpotClient) -> None:
    nothing = "crm.associations.NO_ASSOCIATIONS_FOUND"
    errors = [{"category": "OBJECT_NOT_FOUND", "subCategory": nothing}]
    body = {"results": [pair("1", 7, PLAIN)], "errors": errors}
    script.on("POST", COMPANIES, Answer(body, status=207))
    assert read_ids(client) == ["contacts:1:companies:7:279"]


def test_any_other_error_is_no_empty_answer(script: Script, client: HubSpotClient) -> None:
    errors = [{"category": "INTERNAL_ERROR"}]
    script.on("POST", COMPANIES, Answer({"results": [], "errors": errors}, status=207))
    with pytest.raises(UnreadableAnswerError, match="INTERNAL_ERROR"):
        read_ids(client)


def test_a_record_with_many_associations_is_read_page_by_page(
    script: Script, client: HubSpotClient
) -> None:
    first = Answer({"results": [pair("1", 7, PLAIN, after="8"), pair("2", 7, PLAIN)]})
    script.on("POST", COMPANIES, first, Answer({"results": [pair("1", 8, PLAIN)]}))
    assert read_ids(client)[-1] == "contacts:1:companies:8:279"
    assert script.asked[1].json() == {"inputs": [{"id": "1", "after": "8"}]}


def test_pages_without_progress_are_an_error(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("1", 7, PLAIN, after="8")]}))
    with pytest.raises(UnreadableAnswerError, match="begins where"):
        read_ids(client)


def test_a_thousand_records_are_asked_about_at_once(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": []}))
    assert read_ids(client, {str(n): at(1) for n in range(1_001)}) == []
    assert [len(asked.json()["inputs"]) for asked in script.asked] == [1_000, 1]


def test_an_object_hidden_from_us_is_not_one_without_associations(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"category": "MISSING_SCOPES"}, status=403))
    with pytest.raises(ForbiddenError, match="MISSING_SCOPES"):
        read_ids(client)


def test_an_answer_under_another_id_is_left_to_the_next_read(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("9", 7, PLAIN)]}))
    assert read_ids(client) == []
