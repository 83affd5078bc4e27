from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.records import Cursor, Field
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import LEADS
from tests.unit.connectors.salesforce.conftest import DATA
from tests.unit.connectors.scripted import Answer, Script

QUERY = f"{DATA}/queryAll/"
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
FIELDS = (
    Field("Id", "string"),
    Field("SystemModstamp", "datetime"),
    Field("Gone", "date", exists=False),
)


def lead(record_id: str, minute: int, *, deleted: bool = False) -> dict[str, object]:
    stamp = f"2026-11-22T09:{minute:02}:00.000+0000"
    return {"Id": record_id, "SystemModstamp": stamp, "IsDeleted": deleted}


def page(*leads: dict[str, object], total: int, following: str | None = None) -> Answer:
    done = following is None
    return Answer({"totalSize": total, "done": done, "records": leads, "nextRecordsUrl": following})


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


def test_a_first_read_asks_for_everything_up_to_the_orgs_clock(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(total=0))
    assert list(source.read(LEADS, FIELDS, None)) == []
    assert org.asked_for(QUERY)[0].query["q"] == (
        "SELECT Id, SystemModstamp FROM Lead WHERE SystemModstamp <= 2026-11-22T10:00:00.000Z"
        " ORDER BY SystemModstamp, Id"
    )


def test_an_increment_begins_a_look_back_before_the_cursor(
    org: Script, source: SalesforceSource
) -> None:
    org.on("GET", QUERY, page(total=0))
    list(source.read(LEADS, FIELDS, Cursor(NINE, "1")))
    assert "SystemModstamp >= 2026-11-22T08:50:00.000Z AND" in org.asked_for(QUERY)[0].query["q"]


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
    assert batch.cursor == Cursor(stamp, "1")


def test_each_batch_carries_the_mark_of_its_last_row(org: Script, source: SalesforceSource) -> None:
    org.on("GET", QUERY, page(lead("1", 5), lead("2", 5), total=3, following=f"{DATA}/query/n"))
    org.on("GET", f"{DATA}/query/n", page(lead("3", 6), total=3))
    batches = list(source.read(LEADS, FIELDS, None))
    assert [(batch.tables["leads"].num_rows, batch.cursor) for batch in batches] == [
        (2, Cursor(NINE + timedelta(minutes=5), "2")),
        (1, Cursor(NINE + timedelta(minutes=6), "3")),
    ]


def test_the_cursor_never_falls_back_behind_where_it_was(
    org: Script, source: SalesforceSource
) -> None:
    before = Cursor(NINE + timedelta(minutes=9), "7")
    org.on("GET", QUERY, page(lead("1", 5), total=1))
    [batch] = source.read(LEADS, FIELDS, before)
    assert batch.cursor == before


@pytest.mark.parametrize("broken", [{"Id": "1"}, {"Id": "1", "SystemModstamp": "soon"}, {}])
def test_a_record_without_id_or_stamp_is_unreadable(
    org: Script, source: SalesforceSource, broken: dict[str, object]
) -> None:
    org.on("GET", QUERY, page(broken, total=1))
    with pytest.raises(UnreadableAnswerError, match="Id or SystemModstamp"):
        list(source.read(LEADS, FIELDS, None))
