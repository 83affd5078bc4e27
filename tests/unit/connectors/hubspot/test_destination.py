from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.errors import UnreadableAnswerError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.records import Value
from tests.unit.connectors.hubspot.portal import OBJECTS
from tests.unit.connectors.scripted import Answer, Asked, Script

UPDATE = f"{OBJECTS}/batch/update"
SINCE = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)
PROPERTIES = [
    {"name": "leadcycle_score", "type": "number"},
    {"name": "leadcycle_stage_since", "type": "datetime"},
    {"name": "leadcycle_stage", "type": "string"},
]


@pytest.fixture
def destination(client: HubSpotClient) -> HubSpotDestination:
    return HubSpotDestination(client)


def change(record_id: str, **values: Value) -> RecordChange:
    return RecordChange(record_id, values)


def updated(record_id: str, **properties: str | None) -> dict[str, object]:
    return {"id": record_id, "properties": properties}


def test_values_are_sent_as_hubspot_spells_them(
    script: Script, destination: HubSpotDestination
) -> None:
    script.on("POST", UPDATE, Answer({"results": [updated("1")]}))
    values: dict[str, Value] = {
        "a": SINCE,
        "b": Decimal("12.50"),
        "c": None,
        "d": True,
        "e": date(2026, 1, 2),
        "f": 3,
    }
    destination.write("contacts", [RecordChange("1", values)])
    assert script.asked[0].json() == {
        "inputs": [
            {
                "id": "1",
                "properties": {
                    "a": "2026-11-22T09:00:00.123Z",
                    "b": "12.50",
                    "c": "",
                    "d": "true",
                    "e": "2026-01-02",
                    "f": "3",
                },
            }
        ]
    }


def test_results_are_matched_by_id_whatever_their_order(
    script: Script, destination: HubSpotDestination
) -> None:
    refused = [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["2"]}}]
    body = {"results": [updated("3"), updated("1")], "errors": refused}
    script.on("POST", UPDATE, Answer(body, status=207))
    assert destination.write("contacts", [change("1"), change("2"), change("3"), change("4")]) == [
        WriteResult("1", "accepted"),
        WriteResult("2", "rejected", "OBJECT_NOT_FOUND", "HubSpot refused the record"),
        WriteResult("3", "accepted"),
        WriteResult("4", "rejected", "NO_RESULT", "HubSpot refused the record"),
    ]


def test_a_value_that_was_kept_is_not_taken_for_success(
    script: Script, destination: HubSpotDestination
) -> None:
    script.on("POST", UPDATE, Answer({"results": [updated("1", lifecyclestage="customer")]}))
    assert destination.write("contacts", [change("1", lifecyclestage="lead")]) == [
        WriteResult("1", "rejected", "NOT_TAKEN", "HubSpot kept its own value of lifecyclestage")
    ]


@pytest.mark.parametrize(
    ("sent", "returned"),
    [
        (Decimal("12.50"), "12.5"),
        (SINCE, "2026-11-22T09:00:00.123Z"),
        (SINCE, "1795338000123"),
        (None, None),
        (None, ""),
        (True, "true"),
        (date(2026, 1, 2), "2026-01-02"),
        (7, "7"),
    ],
)
def test_another_spelling_of_the_same_value_is_success(
    script: Script, destination: HubSpotDestination, sent: Value, returned: str | None
) -> None:
    script.on("POST", UPDATE, Answer({"results": [updated("1", x=returned)]}))
    assert destination.write("contacts", [change("1", x=sent)]) == [WriteResult("1", "accepted")]


def test_one_invalid_row_does_not_cost_its_batch(
    script: Script, destination: HubSpotDestination
) -> None:
    def answer(asked: Asked) -> Answer:
        ids = [wanted["id"] for wanted in asked.json()["inputs"]]
        if "13" in ids:
            return Answer({"category": "VALIDATION_ERROR"}, status=400)
        return Answer({"results": [updated(record_id) for record_id in ids]})

    script.on("POST", UPDATE, answer)
    results = destination.write("contacts", [change(str(n)) for n in range(100)])
    rejected = [result for result in results if result.state == "rejected"]
    assert [(result.record_id, result.code) for result in rejected] == [("13", "VALIDATION_ERROR")]
    assert [result.record_id for result in results] == [str(n) for n in range(100)]
    assert len(script.asked) <= 15


def test_an_unknown_property_rejects_every_row_at_once(
    script: Script, destination: HubSpotDestination
) -> None:
    refusal = {"category": "VALIDATION_ERROR", "errors": [{"code": "PROPERTY_DOESNT_EXIST"}]}
    script.on("POST", UPDATE, Answer(refusal, status=400))
    results = destination.write("contacts", [change("1"), change("2")])
    assert [result.code for result in results] == ["PROPERTY_DOESNT_EXIST"] * 2
    assert len(script.asked) == 1


def test_nothing_is_sent_for_no_changes(script: Script, destination: HubSpotDestination) -> None:
    assert destination.write("contacts", []) == []
    assert script.asked == []


def test_current_values_are_typed_and_gone_records_left_out(
    script: Script, destination: HubSpotDestination
) -> None:
    script.on("GET", "/crm/v3/properties/contacts", Answer({"results": PROPERTIES}))
    stamp = "2026-11-22T09:00:00.123Z"
    held = updated("1", leadcycle_score="12.5", leadcycle_stage_since=stamp, leadcycle_stage=None)
    survivor = updated("9", hs_merged_object_ids="2", lastmodifieddate=stamp)
    script.on("POST", f"{OBJECTS}/batch/read", Answer({"results": [survivor, held]}))
    names = [described["name"] for described in PROPERTIES]
    assert destination.read_current("contacts", ["1", "2"], names) == {
        "1": {
            "leadcycle_score": Decimal("12.5"),
            "leadcycle_stage_since": SINCE.replace(microsecond=123_000),
            "leadcycle_stage": None,
        }
    }


@pytest.mark.parametrize(
    "errors",
    [[], [{"category": "INTERNAL_ERROR", "context": {"ids": ["2"]}}]],
    ids=["silent", "failed"],
)
def test_a_record_of_which_hubspot_says_nothing_is_not_taken_for_gone(
    script: Script, destination: HubSpotDestination, errors: list[object]
) -> None:
    script.on("GET", "/crm/v3/properties/contacts", Answer({"results": PROPERTIES}))
    told = dict.fromkeys(["leadcycle_score", "lastmodifieddate"], "1")
    answer = Answer({"results": [updated("1", **told)], "errors": errors}, status=207)
    script.on("POST", f"{OBJECTS}/batch/read", answer)
    with pytest.raises(UnreadableAnswerError):
        destination.read_current("contacts", ["1", "2"], ["leadcycle_score"])
    assert len(script.asked_for(f"{OBJECTS}/batch/read")) == 3
