from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ForbiddenError, SkippedStreamError, UnreadableAnswerError
from connectors.records import Cursor, Field, FieldType, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import STREAMS, stamp_of
from connectors.salesforce.streams.activities import TASKS
from connectors.salesforce.streams.campaigns import CAMPAIGNS
from connectors.salesforce.streams.custom import custom_object
from connectors.salesforce.streams.opportunities import OPPORTUNITIES
from connectors.salesforce.streams.people import ACCOUNTS, CONTACTS, LEADS
from connectors.salesforce.streams.users import USERS
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, described, page, refusal
from tests.unit.connectors.scripted import Answer, Script

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
"""When the script's server answers."""
FIELDS = (
    Field("Id", "string"),
    Field("SystemModstamp", "datetime"),
    Field("Gone", "date", exists=False),
)


def lead(record_id: str, minute: int, *, deleted: bool = False) -> dict[str, object]:
    stamp = f"2026-11-22T09:{minute:02}:00.000+0000"
    return {"Id": record_id, "SystemModstamp": stamp, "IsDeleted": deleted}


@pytest.fixture
def source(client: SalesforceClient) -> SalesforceSource:
    return SalesforceSource(client, batch_rows=2)


def test_fields_are_those_described_then_those_required_but_absent(
    source: SalesforceSource,
) -> None:
    fields = source.fields(LEADS)
    assert fields[:3] == (
        Field("Id", "string"),
        Field("Email", "string"),
        Field("Size__c", "decimal"),
    )
    assert Field("NumberOfEmployees", "integer", exists=False) in fields[3:]
    assert {field.name for field in fields} == {*LEADS.required_fields, "Size__c"}


def test_a_first_read_asks_for_everything_in_one_request(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(total=0))
    assert list(source.read(LEADS, FIELDS, None)) == []
    [asked] = [asked for asked in org.asked if asked.method == "GET"]
    assert asked.query["q"] == ("SELECT Id, SystemModstamp FROM Lead ORDER BY SystemModstamp, Id")


def test_an_increment_begins_a_look_back_before_the_cursor(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(total=0))
    list(source.read(LEADS, FIELDS, Cursor(NINE, "1")))
    assert (
        "WHERE SystemModstamp >= 2026-11-22T08:50:00.000Z ORDER"
        in org.asked_for(QUERY)[0].query["q"]
    )


def test_rows_are_typed_and_deletes_marked(org: Script, source: SalesforceSource) -> None:
    org.on("GET", QUERY, page(lead("1", 5, deleted=True), total=1))
    [batch] = source.read(LEADS, FIELDS, None)
    stamp = NINE + timedelta(minutes=5)
    assert batch.tables["leads"].to_pylist() == [
        {
            "_record_id": "1",
            "_modified_at": stamp,
            "_is_deleted": True,
            "Id": "1",
            "SystemModstamp": stamp,
            "Gone": None,
            "_unreadable": None,
        }
    ]
    assert batch.cursor == Cursor(stamp, "1", read_at=TEN)


def test_each_batch_carries_the_mark_of_its_last_row(org: Script, source: SalesforceSource) -> None:
    org.on("GET", QUERY, page(lead("1", 5), lead("2", 5), total=3, following=f"{DATA}/query/n"))
    org.on("GET", f"{DATA}/query/n", page(lead("3", 6), total=3))
    batches = list(source.read(LEADS, FIELDS, None))
    assert [(batch.tables["leads"].num_rows, batch.cursor) for batch in batches] == [
        (2, Cursor(NINE + timedelta(minutes=5), "2")),
        (1, Cursor(NINE + timedelta(minutes=6), "3", read_at=TEN)),
    ]


def test_what_became_visible_late_is_asked_for_again(org: Script, source: SalesforceSource) -> None:
    org.on("GET", QUERY, page(total=0))
    five_past = Cursor(NINE + timedelta(minutes=5), "1", read_at=NINE + timedelta(minutes=6))
    list(source.read(LEADS, FIELDS, five_past))
    assert ">= 2026-11-22T08:56:00.000Z " in org.asked_for(QUERY)[0].query["q"]


def test_what_was_read_an_hour_after_its_stamp_is_not_asked_for_again(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(total=0))
    list(source.read(LEADS, FIELDS, Cursor(NINE, "1", read_at=TEN)))
    assert ">= 2026-11-22T09:00:01.000Z " in org.asked_for(QUERY)[0].query["q"]


def test_until_its_last_batch_a_read_does_not_count_as_one(
    org: Script, source: SalesforceSource
) -> None:
    before = Cursor(NINE + timedelta(minutes=9), "7", read_at=NINE + timedelta(minutes=10))
    org.on("GET", QUERY, page(lead("1", 5), lead("2", 6), total=3, following=f"{DATA}/query/n"))
    org.on("GET", f"{DATA}/query/n", page(lead("3", 7), total=3))
    cursors = [batch.cursor for batch in source.read(LEADS, FIELDS, before)]
    assert cursors == [replace(before, read_at=None), replace(before, read_at=TEN)]


def test_the_cursor_never_falls_back_behind_where_it_was(
    org: Script, source: SalesforceSource
) -> None:
    before = Cursor(NINE + timedelta(minutes=9), "7")
    org.on("GET", QUERY, page(lead("1", 5), total=1))
    [batch] = source.read(LEADS, FIELDS, before)
    assert batch.cursor == replace(before, read_at=TEN)


def test_the_cursor_stays_behind_what_changes_while_pages_are_read(
    org: Script, source: SalesforceSource
) -> None:
    late = {**lead("1", 5), "SystemModstamp": "2026-11-22T10:00:07.000+0000"}
    org.on("GET", QUERY, page(late, total=1))
    [batch] = source.read(LEADS, FIELDS, None)
    assert batch.cursor == Cursor(TEN, "1", read_at=TEN)


def describe(org: Script, object_name: str, answer: Answer) -> None:
    org.on("GET", f"{DATA}/sobjects/{object_name}/describe", answer)


@pytest.mark.parametrize("answer", [refusal(404, "NOT_FOUND"), refusal(403, "INSUFFICIENT_ACCESS")])
def test_an_object_that_is_not_there_or_hidden_skips_its_stream_with_a_reason(
    org: Script, source: SalesforceSource, answer: Answer
) -> None:
    describe(org, "User", answer)
    with pytest.raises(SkippedStreamError, match=r"where: users\) HTTP 40\d [A-Z_]+"):
        source.fields(USERS)


def test_an_object_hidden_after_it_was_described_skips_its_stream(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, refusal(400, "INVALID_TYPE"))
    with pytest.raises(SkippedStreamError, match="give our user read access to the object"):
        list(source.read(LEADS, FIELDS, None))


def test_a_later_page_that_is_refused_is_no_reason_to_skip_the_object(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(lead("1", 5), lead("2", 5), total=3, following=f"{DATA}/query/n"))
    org.on("GET", f"{DATA}/query/n", refusal(403, "INSUFFICIENT_ACCESS"))
    with pytest.raises(ForbiddenError, match="INSUFFICIENT_ACCESS"):
        list(source.read(LEADS, FIELDS, None))


@pytest.mark.parametrize("stream", [LEADS, CONTACTS, ACCOUNTS, OPPORTUNITIES, CAMPAIGNS, TASKS])
def test_what_people_wrote_is_never_asked_for(stream: Stream) -> None:
    words = ("Description", "NextStep", "Sales_Notes__c", "Message__c")
    described: dict[str, FieldType] = dict.fromkeys(("Id", "Notes_Count__c", *words), "string")
    asked = [field.name for field in stream.choose_fields(described) if field.exists]
    assert asked == ["Id", "Notes_Count__c"]


def test_no_model_needs_what_we_never_ask_for() -> None:
    needed = [
        (stream.name, name)
        for stream in STREAMS
        for name in stream.required_fields
        if stream.left_out and stream.left_out.search(name)
    ]
    assert needed == []


def test_an_object_without_deletes_is_read_as_living(org: Script, source: SalesforceSource) -> None:
    user: dict[str, object] = {"Id": "1", "SystemModstamp": "2026-11-22T09:05:00.000+0000"}
    org.on("GET", QUERY, page(user, total=1))
    [batch] = source.read(USERS, FIELDS, None)
    assert batch.tables["users"]["_is_deleted"].to_pylist() == [False]


def test_every_stream_needs_its_id_and_its_stamp() -> None:
    records = [stream for stream in STREAMS if stream.keeps == "versions"]
    assert [s.name for s in records if not {"Id", stamp_of(s)} <= set(s.required_fields)] == []


@pytest.mark.parametrize("broken", [{"Id": "1"}, {"Id": "1", "SystemModstamp": "soon"}, {}])
def test_a_record_without_id_or_stamp_is_unreadable(
    org: Script, source: SalesforceSource, broken: dict[str, object]
) -> None:
    org.on("GET", QUERY, page(broken, total=1))
    with pytest.raises(UnreadableAnswerError, match="Id or SystemModstamp"):
        list(source.read(LEADS, FIELDS, None))


def test_any_custom_object_is_a_stream_by_its_name(org: Script, source: SalesforceSource) -> None:
    machines = custom_object("Machine__c")
    kinds = {"Id": "id", "SystemModstamp": "datetime", "Sales_Notes__c": "textarea", "Kg__c": "int"}
    describe(org, "Machine__c", described(kinds))
    org.on("GET", QUERY, page({**lead("1", 5), "Kg__c": 40}))
    fields = source.fields(machines)
    [batch] = source.read(machines, fields, None)
    assert (machines.name, batch.tables["machine__c"]["Kg__c"].to_pylist()) == ("machine__c", [40])
    assert org.asked_for(QUERY)[0].query["q"].startswith("SELECT Id, SystemModstamp, Kg__c FROM")


def test_settings_say_which_fields_are_read_besides_those_required(
    source: SalesforceSource,
) -> None:
    def asked(**choice: frozenset[str]) -> list[str]:
        fields = source.fields(replace(LEADS, **choice))  # type: ignore[arg-type]
        return [field.name for field in fields if field.exists]

    assert asked() == ["Id", "Email", "Size__c"]
    assert asked(excluded=frozenset({"Size__c", "Email"})) == ["Id", "Email"]
    assert asked(included=frozenset({"Other__c"})) == ["Id", "Email"]


def test_objects_are_described_anew_before_every_increment(
    org: Script, source: SalesforceSource
) -> None:
    describe(org, "Lead", described({"Id": "id", "Fresh__c": "string"}))
    before, after = (
        {field.name for field in source.fields(LEADS) if field.exists} for _ in range(2)
    )
    assert after - before == {"Fresh__c"}
