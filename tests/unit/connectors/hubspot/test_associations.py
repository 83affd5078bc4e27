import json
from collections.abc import Sequence
from typing import Any

import pytest

from connectors.errors import ForbiddenError, UnreadableAnswerError
from connectors.hubspot.associations import AssociationReader, read_associations
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.deals import DEALS
from tests.unit.connectors.hubspot.portal import CLOCK, COMPANIES
from tests.unit.connectors.scripted import Answer, Script

PLAIN = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}
PRIMARY = {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"}
ADVISER = {"category": "USER_DEFINED", "typeId": 1, "label": "Adviser"}
OF_DEALS = "/crm/v4/associations/deals/{}/batch/read"


def pair(
    record_id: str, other: str | int, *kinds: dict[str, Any], after: str = ""
) -> dict[str, Any]:
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return {
        "from": {"id": record_id},
        "to": [{"toObjectId": other, "associationTypes": kinds}],
        **paging,
    }


def told(client: HubSpotClient, record_ids: Sequence[str] = ("1", "2")) -> dict[str, list[str]]:
    """Return the ids at the other end and their types, by record."""
    table = read_associations(client, "contacts", "companies", record_ids)
    return {
        row["from_id"]: [f"{to['to_id']}:{to['type_id']}" for to in json.loads(row["associations"])]
        for row in table.to_pylist()
    }


def test_a_record_has_one_row_with_all_that_it_is_associated_with(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("2", 7, PLAIN, PRIMARY, ADVISER)]}))
    [row] = read_associations(client, "contacts", "companies", ["2"]).to_pylist()
    assert row == {
        "_record_id": "contacts:2:companies",
        "_modified_at": CLOCK,
        "_is_deleted": False,
        "from_type": "contacts",
        "from_id": "2",
        "to_type": "companies",
        "associations": (
            '[{"to_id":"7","type_id":1,"category":"HUBSPOT_DEFINED","label":"Primary"},'
            '{"to_id":"7","type_id":279,"category":"HUBSPOT_DEFINED","label":null},'
            '{"to_id":"7","type_id":1,"category":"USER_DEFINED","label":"Adviser"}]'
        ),
        "_unreadable": None,
    }


def test_another_order_of_the_answer_is_no_other_state(
    script: Script, client: HubSpotClient
) -> None:
    pairs = [pair("1", 8, PLAIN), pair("1", 7, PRIMARY, PLAIN)]
    turned = [pair("1", 7, PLAIN, PRIMARY), pair("1", 8, PLAIN)]
    script.on("POST", COMPANIES, Answer({"results": pairs}), Answer({"results": turned}))
    assert told(client) == told(client) == {"1": ["7:1", "7:279", "8:279"], "2": []}


def test_records_without_associations_have_an_empty_list(
    script: Script, client: HubSpotClient
) -> None:
    nothing = "crm.associations.NO_ASSOCIATIONS_FOUND"
    errors = [{"category": "OBJECT_NOT_FOUND", "subCategory": nothing}]
    body = {"results": [pair("1", 7, PLAIN)], "errors": errors}
    script.on("POST", COMPANIES, Answer(body, status=207))
    assert told(client) == {"1": ["7:279"], "2": []}


def test_any_other_error_is_no_empty_answer(script: Script, client: HubSpotClient) -> None:
    errors = [{"category": "INTERNAL_ERROR"}]
    script.on("POST", COMPANIES, Answer({"results": [], "errors": errors}, status=207))
    with pytest.raises(UnreadableAnswerError, match="INTERNAL_ERROR"):
        told(client)


def test_a_record_with_many_associations_is_read_page_by_page(
    script: Script, client: HubSpotClient
) -> None:
    first = Answer({"results": [pair("1", 7, PLAIN, after="8"), pair("2", 7, PLAIN)]})
    script.on("POST", COMPANIES, first, Answer({"results": [pair("1", 8, PLAIN)]}))
    assert told(client) == {"1": ["7:279", "8:279"], "2": ["7:279"]}
    assert script.asked[1].json() == {"inputs": [{"id": "1", "after": "8"}]}


def test_pages_that_go_round_in_circles_are_an_error(script: Script, client: HubSpotClient) -> None:
    eight, nine = (Answer({"results": [pair("1", 7, PLAIN, after=place)]}) for place in "89")
    script.on("POST", COMPANIES, eight, nine, eight)
    with pytest.raises(UnreadableAnswerError, match="begins where another one did"):
        told(client)


def test_a_thousand_records_are_asked_about_at_once(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": []}))
    assert len(told(client, [*map(str, range(1_001)), "7"])) == 1_001
    assert [len(asked.json()["inputs"]) for asked in script.asked] == [1_000, 1]


def test_an_answer_under_another_id_is_left_to_the_next_read(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("9", 7, PLAIN)]}))
    assert told(client, ["1"]) == {"1": []}


def test_a_far_object_hidden_from_us_costs_no_other_and_is_asked_for_once(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", OF_DEALS.format("contacts"), Answer({"results": [pair("5", 7, PLAIN)]}))
    script.on("POST", OF_DEALS.format("companies"), Answer({"category": "MISSING"}, status=403))
    reader = AssociationReader(client, DEALS)
    tables = [reader.read(["5"]), reader.read(["6"])]
    assert [table and table["_record_id"].to_pylist() for table in tables] == [
        ["deals:5:contacts"],
        ["deals:6:contacts"],
    ]
    assert reader.skipped.keys() == {"deal_associations"}
    assert "deals/companies" in reader.skipped["deal_associations"]
    assert len(script.asked_for(OF_DEALS.format("companies"))) == 1


def test_where_every_far_object_is_hidden_there_is_no_table(
    script: Script, client: HubSpotClient
) -> None:
    for other in DEALS.associated:
        script.on("POST", OF_DEALS.format(other), Answer({"category": "MISSING"}, status=403))
    reader = AssociationReader(client, DEALS)
    assert reader.read(["5"]) is None
    assert reader.refusals.keys() == set(DEALS.associated)


def test_what_is_hidden_is_not_without_associations(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"category": "MISSING_SCOPES"}, status=403))
    with pytest.raises(ForbiddenError, match="MISSING_SCOPES"):
        told(client)
