import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import ForbiddenError, UnreadableAnswerError
from connectors.hubspot.associations import AssociationReader, read_associations
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.crew import working_crew
from connectors.hubspot.insisting import WAITS
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import CONTACTS
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import (
    CLOCK,
    COMPANIES,
    OBJECTS,
    Portal,
    contact,
    without_associations,
)
from tests.unit.connectors.scripted import Answer, Asked, Script

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
    table = read_associations(client, CONTACTS, "companies", record_ids)
    return {
        row["from_id"]: [f"{to['to_id']}:{to['type_id']}" for to in json.loads(row["associations"])]
        for row in table.to_pylist()
    }


def test_a_record_has_one_row_with_all_that_it_is_associated_with(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("2", 7, PLAIN, PRIMARY, ADVISER)]}))
    [row] = read_associations(client, CONTACTS, "companies", ["2"]).to_pylist()
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
    assert told(client, "1") == told(client, "1") == {"1": ["7:1", "7:279", "8:279"]}


def test_records_without_associations_have_an_empty_list(
    script: Script, client: HubSpotClient
) -> None:
    body = {"results": [pair("1", 7, PLAIN)], "errors": [without_associations("2")]}
    script.on("POST", COMPANIES, Answer(body, status=207))
    assert told(client) == {"1": ["7:279"], "2": []}
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"results": []}),
        Answer({"results": [pair("8", 7, PLAIN), pair("9", 7, PLAIN)]}),
        Answer({"results": [pair("8", 7, PLAIN)], "errors": [without_associations("9")]}),
        Answer({"results": [pair("1", 7, PLAIN)]}),
    ],
    ids=["empty", "another's", "another's with errors", "short"],
)
def test_records_that_an_answer_does_not_speak_of_are_asked_about_again(
    script: Script, client: HubSpotClient, time: FakeTime, answer: Answer
) -> None:
    script.on("POST", COMPANIES, answer)
    Portal([], pairs=[pair("1", 7, PLAIN), pair("2", 8, PLAIN)]).attach(script)
    assert told(client) == {"1": ["7:279"], "2": ["8:279"]}
    assert time.waits == [WAITS[0]]


def test_a_living_record_that_no_answer_speaks_of_is_an_error(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("1", 7, PLAIN)]}))
    script.on("POST", f"{OBJECTS}/batch/read", Portal([contact(1, 1), contact(2, 1)]).read)
    with pytest.raises(UnreadableAnswerError, match="1 contacts are there, and no answer spoke"):
        told(client)


def test_a_page_that_lacks_its_record_is_asked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    first, last = (
        Answer({"results": [pair("1", 7, PLAIN, after="8")]}),
        Answer({"results": [pair("1", 8, PLAIN)]}),
    )
    script.on("POST", COMPANIES, first, Answer({"results": []}), last)
    assert told(client, "1") == {"1": ["7:279", "8:279"]}


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
        told(client, "1")


def alone(asked: Asked) -> Answer:
    """Answer that nobody asked about has any association."""
    ids = [wanted["id"] for wanted in asked.json()["inputs"]]
    return Answer({"results": [], "errors": [without_associations(*ids)]}, status=207)


def rows(reader: AssociationReader, record_ids: Sequence[str]) -> list[str] | None:
    with working_crew() as crew:
        table = reader.read(crew, record_ids)
    return None if table is None else table["_record_id"].to_pylist()


def test_a_thousand_records_are_asked_about_at_once(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, alone)
    reader = AssociationReader(client, replace(CONTACTS, associated=("companies",)))
    assert len(rows(reader, [*map(str, range(1_001)), "7"]) or ()) == 1_001
    assert [len(asked.json()["inputs"]) for asked in script.asked] == [1_000, 1]


def test_a_record_that_was_merged_away_has_no_row(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"results": [pair("9", 7, PLAIN)]}))
    survivor = contact(9, 31, hs_merged_object_ids="1")
    script.on("POST", f"{OBJECTS}/batch/read", Answer({"results": [survivor]}))
    assert told(client, "1") == {}


def test_a_far_object_hidden_from_us_costs_no_other_and_is_asked_for_twice(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", OF_DEALS.format("contacts"), alone)
    script.on("POST", OF_DEALS.format("companies"), Answer({"category": "MISSING"}, status=403))
    reader = AssociationReader(client, DEALS)
    many = [str(number) for number in range(5_000)]
    assert rows(reader, many) == [f"deals:{number}:contacts" for number in many]
    assert rows(reader, ["5000"]) == ["deals:5000:contacts"]
    assert reader.skipped.keys() == {"deal_associations:companies"}
    assert "deals/companies" in reader.skipped["deal_associations:companies"]
    assert len(script.asked_for(OF_DEALS.format("companies"))) == 2


def test_a_far_object_that_is_refused_once_it_has_answered_is_an_error(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, alone, Answer({"category": "MISSING"}, status=403))
    reader = AssociationReader(client, replace(CONTACTS, associated=("companies",)))
    with pytest.raises(ForbiddenError):
        rows(reader, [str(number) for number in range(1_001)])


def test_where_every_far_object_is_hidden_there_is_no_table(
    script: Script, client: HubSpotClient
) -> None:
    for other in DEALS.associated:
        script.on("POST", OF_DEALS.format(other), Answer({"category": "MISSING"}, status=403))
    reader = AssociationReader(client, DEALS)
    assert rows(reader, ["5"]) is None
    assert reader.refusals.keys() == set(DEALS.associated)


def test_what_is_hidden_is_not_without_associations(script: Script, client: HubSpotClient) -> None:
    script.on("POST", COMPANIES, Answer({"category": "MISSING_SCOPES"}, status=403))
    with pytest.raises(ForbiddenError, match="MISSING_SCOPES"):
        told(client)


def test_a_refusal_that_passes_hides_no_far_object(script: Script, client: HubSpotClient) -> None:
    script.on("POST", OF_DEALS.format("contacts"), alone)
    refusal = Answer({"category": "MISSING"}, status=403)
    script.on("POST", OF_DEALS.format("companies"), refusal, alone)
    reader = AssociationReader(client, DEALS)
    assert rows(reader, ["1"]) == ["deals:1:contacts", "deals:1:companies"]
    assert reader.skipped == {}
