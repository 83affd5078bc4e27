import pytest

from connectors.errors import SkippedStreamError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import OBJECTS, STREAMS
from connectors.hubspot.streams.activities import NOTES
from connectors.hubspot.streams.deals import DEALS
from connectors.records import Cursor, Field
from connectors.values import format_datetime
from tests.unit.connectors.hubspot.portal import at
from tests.unit.connectors.scripted import Answer, Script

DEALS_PATH, NOTES_PATH = "/crm/v3/objects/deals", "/crm/v3/objects/notes"
DEAL = {
    "id": "5",
    "properties": {"hs_lastmodifieddate": format_datetime(at(1)), "dealname": "Pumps"},
    "propertiesWithHistory": {
        "dealstage": [{"timestamp": format_datetime(at(1)), "value": "closedwon"}]
    },
}
PAIR = {
    "from": {"id": "5"},
    "to": [
        {"toObjectId": 7, "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 3}]},
    ],
}


@pytest.fixture
def source(client: HubSpotClient) -> HubSpotSource:
    return HubSpotSource(client)


def describe(script: Script, object_name: str, *names: str) -> None:
    found = [{"name": name, "type": "string"} for name in names]
    script.on("GET", f"/crm/v3/properties/{object_name}", Answer({"results": found}))


def offer_deal(script: Script) -> None:
    script.on("GET", DEALS_PATH, Answer({"results": []}))
    script.on("POST", f"{DEALS_PATH}/search", Answer({"total": 1, "results": [DEAL]}))
    script.on("POST", f"{DEALS_PATH}/batch/read", Answer({"results": [DEAL]}))
    for other, found in {"contacts": [PAIR], "companies": []}.items():
        path = f"/crm/v4/associations/deals/{other}/batch/read"
        script.on("POST", path, Answer({"results": found}))


def test_a_deal_comes_with_its_stages_and_its_associations(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script)
    [batch] = source.read(DEALS.stream, [Field("dealname", "string")], Cursor(at(0)))
    assert {name: table.num_rows for name, table in batch.tables.items()} == {
        "deals": 1,
        "deal_histories": 1,
        "deal_associations": 1,
    }
    assert batch.tables["deal_histories"]["deal_id"].to_pylist() == ["5"]


def test_an_increment_costs_one_request_for_each_thing_asked(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script)
    list(source.read(DEALS.stream, [Field("dealname", "string")], Cursor(at(0))))
    assert [asked.path for asked in script.asked] == [
        DEALS_PATH,
        f"{DEALS_PATH}/search",
        f"{DEALS_PATH}/batch/read",
        "/crm/v4/associations/deals/contacts/batch/read",
        "/crm/v4/associations/deals/companies/batch/read",
    ]


def test_an_increment_without_changes_costs_a_sweep_and_a_search(
    script: Script, source: HubSpotSource
) -> None:
    script.on("GET", DEALS_PATH, Answer({"results": []}))
    script.on("POST", f"{DEALS_PATH}/search", Answer({"total": 0, "results": []}))
    assert list(source.read(DEALS.stream, [], Cursor(at(0)))) == []
    assert len(script.asked) == 2


def test_deals_are_found_by_their_own_stamp(script: Script, source: HubSpotSource) -> None:
    offer_deal(script)
    list(source.read(DEALS.stream, [], Cursor(at(0))))
    [asked] = script.asked_for(f"{DEALS_PATH}/search")
    changed = asked.json()["filterGroups"][0]["filters"][0]
    assert changed["propertyName"] == "hs_lastmodifieddate"


def test_records_without_histories_are_listed_by_the_hundred(
    script: Script, source: HubSpotSource
) -> None:
    script.on("GET", NOTES_PATH, Answer({"results": []}))
    script.on("POST", f"{NOTES_PATH}/search", Answer({"total": 0, "results": []}))
    list(source.read(NOTES.stream, [Field("hs_object_id", "string")], None))
    listed = script.asked_for(NOTES_PATH)[1].query
    assert listed == {"properties": "hs_object_id", "limit": "100"}


@pytest.mark.parametrize(
    "name",
    [
        "hs_note_body",
        "hs_body_preview_html",
        "hs_email_text",
        "hs_email_headers",
        "hs_email_to_email",
        "hs_call_from_number",
        "hs_call_transcription_id",
        "hs_internal_meeting_notes",
    ],
)
def test_what_people_wrote_and_to_whom_is_never_asked_for(
    script: Script, source: HubSpotSource, name: str
) -> None:
    describe(script, "notes", "hs_object_id", name)
    asked = [field.name for field in source.fields(NOTES.stream) if field.exists]
    assert asked == ["hs_object_id"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer({"category": "MISSING_SCOPES"}, status=403), "MISSING_SCOPES"),
        (Answer({"message": "You do not have permissions to view"}, status=403), "HTTP 403"),
        (
            Answer({"message": "Unable to infer object type from: deals"}, status=400),
            "UNKNOWN_OBJECT_TYPE",
        ),
    ],
)
def test_an_object_that_an_account_lacks_or_hides_is_skipped_with_a_reason(
    script: Script, source: HubSpotSource, answer: Answer, reason: str
) -> None:
    script.on("GET", "/crm/v3/properties/deals", answer)
    with pytest.raises(SkippedStreamError, match=rf"where: deals\).*{reason}"):
        source.fields(DEALS.stream)


def test_every_object_needs_its_id_and_its_stamp() -> None:
    lacking = [
        known.name
        for known in OBJECTS.values()
        if not {"hs_object_id", known.modified} <= set(known.stream.required_fields)
    ]
    assert lacking == []


def test_no_model_needs_what_we_never_ask_for() -> None:
    needed = [
        (stream.name, name)
        for stream in STREAMS
        for name in stream.required_fields
        if stream.left_out and stream.left_out.search(name)
    ]
    assert needed == []
