from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import InvalidRequestError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.deletions import DeletionReader
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams.people import LEADS
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, described, page, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script

PATH = f"{DATA}/sobjects/Lead/deleted/"
NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


def spans(org: Script) -> list[tuple[str, str]]:
    return [(a.query["start"][:16], a.query["end"][:16]) for a in org.asked_for(PATH)]


def listed(*ids: str) -> Answer:
    records = [{"id": i, "deletedDate": "2026-11-22T11:00:00.000+0000"} for i in ids]
    return Answer({"deletedRecords": records, "latestDateCovered": "2026-11-22T12:00:00.000Z"})


def read(client: SalesforceClient, since: datetime) -> list[str]:
    told = DeletionReader(client, "Lead").read(since, NOON)
    return [deletion.id for some in told for deletion in some]


def test_a_span_is_of_whole_minutes(org: Script, client: SalesforceClient) -> None:
    org.on("GET", PATH, listed("1", "2"))
    assert read(client, NOON - timedelta(hours=1)) == ["1", "2"]
    assert spans(org) == [("2026-11-22T11:00", "2026-11-22T12:00")]


def test_a_span_is_never_empty(org: Script, client: SalesforceClient) -> None:
    org.on("GET", PATH, listed())
    read(client, NOON)
    assert spans(org) == [("2026-11-22T11:59", "2026-11-22T12:00")]


def test_salesforce_remembers_fifteen_days(org: Script, client: SalesforceClient) -> None:
    org.on("GET", PATH, listed())
    read(client, datetime(1970, 1, 1, tzinfo=UTC))
    assert spans(org) == [("2026-11-07T12:01", "2026-11-22T12:00")]


def test_more_ids_than_an_answer_holds_are_asked_for_in_halves(
    org: Script, client: SalesforceClient
) -> None:
    def answer(asked: Asked) -> Answer:
        start, end = (datetime.fromisoformat(asked.query[name]) for name in ("start", "end"))
        is_long = end - start > timedelta(minutes=20)
        return refusal(400, "EXCEEDED_ID_LIMIT") if is_long else listed(asked.query["start"][14:16])

    org.on("GET", PATH, answer)
    assert read(client, NOON - timedelta(minutes=40))[0] == "20"
    assert spans(org)[:3] == [
        ("2026-11-22T11:20", "2026-11-22T12:00"),
        ("2026-11-22T11:20", "2026-11-22T11:40"),
        ("2026-11-22T11:40", "2026-11-22T12:00"),
    ]


def test_a_minute_with_too_many_ids_is_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("GET", PATH, refusal(400, "EXCEEDED_ID_LIMIT"))
    with pytest.raises(InvalidRequestError, match="EXCEEDED_ID_LIMIT"):
        read(client, NOON)


@pytest.mark.parametrize(
    ("known", "tells", "begin"),
    [
        ("09:30:00", True, "2026-11-22T09:30"),
        ("09:29:01", True, "2026-11-22T09:30"),
        ("09:30:00", False, "2026-11-22T10:00"),
        ("11:59:30", True, None),
    ],
)
def test_what_salesforce_has_forgotten_is_left_out_and_said(
    org: Script, client: SalesforceClient, known: str, tells: bool, begin: str | None
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.query["start"][11:19] < known:
            return refusal(400, "INVALID_REPLICATION_DATE", "startDate before org replication")
        told = {"earliestDateAvailable": f"2026-11-22T{known}.000+0000"} if tells else {}
        return Answer({"deletedRecords": [], **told})

    org.on("GET", PATH, answer)
    reader = DeletionReader(client, "Lead")
    answers = list(reader.read(NOON - timedelta(hours=4), NOON))
    assert (reader.forgot, spans(org)[len(spans(org)) - len(answers) :]) == (
        True,
        [(begin, "2026-11-22T12:00")] if begin else [],
    )


def test_an_object_whose_deletions_are_not_told_has_none(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", PATH, refusal(400, "INVALID_TYPE_FOR_OPERATION"))
    assert read(client, NOON) == []


def test_what_was_deleted_until_the_object_was_described_is_told_without_another_look_at_the_clock(
    org: Script, client: SalesforceClient
) -> None:
    org._replies["GET", f"{DATA}/sobjects/Lead/describe"].clear()
    org.on("GET", f"{DATA}/sobjects/Lead/describe", described({"Id": "id"}, replicateable=True))
    org.on("GET", PATH, listed())
    source = SalesforceSource(client)
    assert list(source.deletions(LEADS, source.fields(LEADS), NOON - timedelta(hours=4))) == []
    assert spans(org) == [("2026-11-22T08:00", "2026-11-22T10:00")]
    assert org.asked_for(f"{DATA}/limits/") == []


def test_many_deletions_are_looked_for_in_the_recycle_bin_in_portions(
    org: Script, client: SalesforceClient
) -> None:
    org._replies["GET", f"{DATA}/sobjects/Lead/describe"].clear()
    org.on("GET", f"{DATA}/sobjects/Lead/describe", described({"Id": "id"}, replicateable=True))
    org.on("GET", PATH, listed("1", "2", "3"))
    org.on("GET", QUERY, page({"Id": "1"}), page())
    source = SalesforceSource(client, batch_rows=2)
    batches = source.deletions(LEADS, source.fields(LEADS), NOON - timedelta(hours=4))
    gone = [batch.tables["leads"]["_record_id"].to_pylist() for batch in batches]
    assert gone == [["2"], ["3"]]
