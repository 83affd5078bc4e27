import pytest

from connectors.errors import ForbiddenError, NotFoundError, SkippedStreamError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import OBJECTS, STREAMS
from connectors.hubspot.streams.activities import NOTES
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import COMPANIES, CONTACTS
from connectors.records import Batch, Cursor, Field, Stream
from connectors.values import format_datetime
from tests.unit.connectors.hubspot.portal import at, without_associations
from tests.unit.connectors.scripted import Answer, Script

DEALS_PATH, NOTES_PATH = "/crm/v3/objects/deals", "/crm/v3/objects/notes"
DEAL = {
    "id": "5",
    "properties": {"hs_lastmodifieddate": format_datetime(at(1)), "dealname": "Pumps"},
    "propertiesWithHistory": {
        "dealstage": [{"timestamp": format_datetime(at(1)), "value": "closedwon"}]
    },
}
REFUSAL = Answer({"category": "MISSING_SCOPES"}, status=403)
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


PAIRS = Answer({"results": [PAIR]})
NO_PAIRS = Answer({"results": [], "errors": [without_associations("5")]}, status=207)


def offer_deal(script: Script, contacts: Answer = PAIRS, companies: Answer = NO_PAIRS) -> None:
    script.on("GET", DEALS_PATH, Answer({"results": []}))
    script.on("POST", f"{DEALS_PATH}/search", Answer({"total": 1, "results": [DEAL]}))
    script.on("POST", f"{DEALS_PATH}/batch/read", Answer({"results": [DEAL]}))
    for other, answer in {"contacts": contacts, "companies": companies}.items():
        script.on("POST", f"/crm/v4/associations/deals/{other}/batch/read", answer)


def read_deals(source: HubSpotSource, cursor: Cursor | None = None) -> list[Batch]:
    return list(source.read(DEALS.stream, [Field("dealname", "string")], cursor or Cursor(at(0))))


def test_associations_hidden_from_us_come_as_a_reason_and_not_as_none(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script, REFUSAL, REFUSAL)
    [batch] = read_deals(source)
    assert set(batch.tables) == {"deals", "deal_histories"}
    assert set(batch.skipped) == {
        f"deal_associations:{other}" for other in ("companies", "contacts")
    }
    assert all("MISSING_SCOPES" in why for why in batch.skipped.values())


def test_what_is_associated_with_an_object_we_see_comes_though_another_is_hidden(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script, companies=REFUSAL)
    [batch] = read_deals(source)
    assert batch.tables["deal_associations"]["to_type"].to_pylist() == ["contacts"]
    assert list(batch.skipped) == ["deal_associations:companies"]
    assert "/associations/deals/companies/" in batch.skipped["deal_associations:companies"]


def test_a_read_that_begins_again_lists_from_the_first_record(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script)
    script.on("GET", NOTES_PATH, Answer({"results": []}))
    script.on("POST", f"{NOTES_PATH}/search", Answer({"total": 0, "results": []}))
    list(source.read(NOTES.stream, [], Cursor(at(0), resume_after="")))
    assert "after" not in script.asked_for(NOTES_PATH)[0].query


@pytest.mark.parametrize("cursor", [None, Cursor(at(0)), Cursor(at(0), resume_after="5")])
def test_an_object_that_is_refused_at_the_first_question_is_skipped(
    script: Script, source: HubSpotSource, cursor: Cursor | None
) -> None:
    script.on("GET", DEALS_PATH, REFUSAL)
    script.on("POST", f"{DEALS_PATH}/search", REFUSAL)
    with pytest.raises(SkippedStreamError, match=r"where: deals\) HTTP 403 MISSING_SCOPES"):
        list(source.read(DEALS.stream, [], cursor))
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(403, ForbiddenError), (404, NotFoundError)], ids=["hidden", "absent"]
)
def test_a_later_refusal_is_no_reason_to_skip_the_object(
    script: Script, source: HubSpotSource, status: int, error: type[Exception]
) -> None:
    script.on("POST", f"{DEALS_PATH}/batch/read", Answer({}, status=status))
    offer_deal(script)
    with pytest.raises(error):
        read_deals(source)


def test_a_deal_comes_with_its_stages_and_its_associations(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script)
    [batch] = source.read(DEALS.stream, [Field("dealname", "string")], Cursor(at(0)))
    assert {name: table.num_rows for name, table in batch.tables.items()} == {
        "deals": 1,
        "deal_histories": 1,
        "deal_associations": 2,
    }
    assert batch.tables["deal_histories"]["deal_id"].to_pylist() == ["5"]


def test_an_increment_costs_one_request_for_each_thing_asked(
    script: Script, source: HubSpotSource
) -> None:
    offer_deal(script)
    list(source.read(DEALS.stream, [Field("dealname", "string")], Cursor(at(0))))
    first, second, *side_by_side = [asked.path for asked in script.asked]
    assert (first, second) == (f"{DEALS_PATH}/search", f"{DEALS_PATH}/batch/read")
    assert sorted(side_by_side) == [
        "/crm/v4/associations/deals/companies/batch/read",
        "/crm/v4/associations/deals/contacts/batch/read",
    ]


def test_an_increment_without_changes_costs_a_search(script: Script, source: HubSpotSource) -> None:
    script.on("POST", f"{DEALS_PATH}/search", Answer({"total": 0, "results": []}))
    assert list(source.read(DEALS.stream, [], Cursor(at(0)))) == []
    assert len(script.asked) == 1


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
    [listed] = script.asked_for(NOTES_PATH)
    assert listed.query == {"properties": "hs_object_id,hs_lastmodifieddate", "limit": "100"}


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
    ("stream", "name"),
    [
        (CONTACTS.stream, "message"),
        (CONTACTS.stream, "hs_content_membership_notes"),
        (COMPANIES.stream, "description"),
        (COMPANIES.stream, "about_us"),
        (DEALS.stream, "hs_next_step"),
        (DEALS.stream, "closed_lost_reason"),
    ],
)
def test_what_people_wrote_of_a_record_is_never_asked_for(
    script: Script, source: HubSpotSource, stream: Stream, name: str
) -> None:
    describe(script, stream.name, "hs_object_id", "notes_last_contacted", "num_notes", name)
    asked = [field.name for field in source.fields(stream) if field.exists]
    assert asked == ["hs_object_id", "notes_last_contacted", "num_notes"]


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
