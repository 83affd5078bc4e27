from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.records import Batch, Cursor, Field
from connectors.salesforce.bulk import JobPlace, digest_of
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.results import Spot
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams.people import LEADS
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, queries, refusal
from tests.unit.connectors.scripted import Answer, Script

FIELDS = (Field("Id", "string"), Field("SystemModstamp", "datetime"))
JOBS = f"{DATA}/jobs/query"
JOB, PAGES, RESULTS = f"{JOBS}/750", f"{JOBS}/750/resultPages", f"{JOBS}/750/results"
CREATED = "2026-11-22T10:00:00.000+0000"
MADE_AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
COLUMNS = digest_of(["Id", "SystemModstamp"])
IDS = [f"{number:02}" for number in range(12)]


def lead(record_id: str) -> dict[str, object]:
    return {"Id": record_id, "SystemModstamp": f"2026-11-22T09:{record_id}:00.000Z"}


def cells(*ids: str, promised: int | None = None, locator: str = "null") -> Answer:
    rows = [f'"{record_id}","2026-11-22T09:{record_id}:00.000Z"\n' for record_id in ids]
    count = len(ids) if promised is None else promised
    headers = {"Sforce-NumberOfRecords": str(count), "Sforce-Locator": locator}
    return Answer('"Id","SystemModstamp"\n' + "".join(rows), headers=headers)


def job(state: str, processed: int = len(IDS)) -> Answer:
    told = {"id": "750", "state": state, "createdDate": CREATED}
    return Answer({**told, "numberRecordsProcessed": processed})


def listed(*paths: str, following: str | None = None, name: str = "nextRecordsUrl") -> Answer:
    pages = [{"resultUrl": path} for path in paths]
    return Answer({"resultPages": pages, name: following, "done": following is None})


@pytest.fixture
def large_org(org: Script) -> Script:
    """An org with so many leads, a record to a page, that a job reads them more cheaply."""
    org.on("GET", QUERY, page(lead("00"), total=len(IDS), following=f"{DATA}/query/0r8-1"))
    for at, record_id in enumerate(IDS[1:], start=1):
        following = f"{DATA}/query/0r8-{at + 1}" if at + 1 < len(IDS) else None
        rest = page(lead(record_id), total=len(IDS), following=following)
        org.on("GET", f"{DATA}/query/0r8-{at}", rest)
    org.on("POST", JOBS, job("UploadComplete"))
    org.on("GET", JOB, job("InProgress"), job("JobComplete"))
    org.on("GET", PAGES, listed(RESULTS, f"{RESULTS}/2"))
    org.on("GET", RESULTS, cells(*IDS[:7]))
    org.on("GET", f"{RESULTS}/2", cells(*IDS[7:]))
    return org


@pytest.fixture
def source(client: SalesforceClient) -> SalesforceSource:
    return SalesforceSource(client, batch_rows=5)


def read(source: SalesforceSource, cursor: Cursor | None = None) -> Iterator[Batch]:
    return source.read(LEADS, FIELDS, cursor)


def ids(batches: list[Batch]) -> list[str]:
    return [i for batch in batches for i in batch.tables["leads"]["_record_id"].to_pylist()]


def roads(batches: list[Batch]) -> set[str]:
    return {batch.road.name for batch in batches if batch.road}


def test_many_records_are_read_by_a_job_that_is_removed_afterwards(
    large_org: Script, source: SalesforceSource
) -> None:
    batches = list(read(source))
    assert (ids(batches), roads(batches)) == (IDS, {"bulk"})
    [made] = [asked for asked in large_org.asked if asked.path == JOBS]
    query = "SELECT Id, SystemModstamp FROM Lead"
    assert made.json() == {"operation": "queryAll", "query": query}
    assert [asked.method for asked in large_org.asked_for(JOB)] == ["GET", "GET", "DELETE"]


def test_each_batch_says_where_a_later_run_goes_on(
    large_org: Script, source: SalesforceSource
) -> None:
    made, first, last = [batch.cursor for batch in read(source)]
    place = JobPlace("750", CREATED, Spot("jobs/query/750/resultPages", 0, 7), COLUMNS)
    assert made == Cursor(MADE_AT, resume_after=replace(place, spot=Spot()).to_json())
    assert first == Cursor(MADE_AT.replace(hour=9, minute=6), "06", place.to_json())
    assert last == Cursor(MADE_AT.replace(hour=9, minute=11), "11", read_at=MADE_AT)


def test_a_reading_that_was_killed_goes_on_in_the_result_of_its_job(
    large_org: Script, source: SalesforceSource
) -> None:
    place = JobPlace("750", CREATED, Spot(PAGES, 1, given=2, before=7), COLUMNS)
    batches = list(read(source, Cursor(MADE_AT, "x", place.to_json())))
    assert ids(batches) == IDS[9:]
    assert (large_org.asked_for(QUERY), large_org.asked_for(JOBS)) == ([], [])


def test_a_job_is_removed_only_once_its_last_rows_were_taken(
    large_org: Script, source: SalesforceSource
) -> None:
    batches = read(source)
    taken = [next(batches) for _ in range(3)]
    asked_by_then = {asked.method for asked in large_org.asked_for(JOB)}
    assert (ids(taken), asked_by_then, list(batches)) == (IDS, {"GET"}, [])
    assert large_org.asked_for(JOB)[-1].method == "DELETE"


@pytest.mark.parametrize(
    "answer",
    [
        Answer("<html>Back soon.</html>", headers={"Content-Type": "text/html"}),
        refusal(403, "INSUFFICIENT_ACCESS"),
        refusal(400, "API_DISABLED_FOR_ORG"),
    ],
    ids=["html", "forbidden", "setting"],
)
def test_a_job_that_can_t_be_removed_costs_no_row(
    large_org: Script, source: SalesforceSource, answer: Answer
) -> None:
    large_org.on("DELETE", JOB, answer)
    assert ids(list(read(source))) == IDS


@pytest.mark.parametrize("answer", [refusal(404, "NOT_FOUND"), job("Failed"), job("Aborted")])
def test_a_reading_whose_job_is_no_more_begins_anew(
    large_org: Script, source: SalesforceSource, answer: Answer
) -> None:
    large_org.on("GET", f"{JOBS}/751", answer)
    place = JobPlace("751", CREATED, Spot(PAGES, 1, 2, 7), COLUMNS)
    assert ids(list(read(source, Cursor(MADE_AT, "x", place.to_json())))) == IDS


@pytest.mark.parametrize(
    "answer",
    [refusal(409, "INVALIDVERSION"), refusal(403, "NOT_ALLOWED"), refusal(400, "INVALIDJOBSTATE")],
)
def test_a_job_of_another_version_or_user_is_not_insisted_on(
    large_org: Script, source: SalesforceSource, answer: Answer
) -> None:
    large_org.on("GET", f"{JOBS}/751", job("JobComplete"))
    large_org.on("GET", f"{JOBS}/751/resultPages", answer)
    place = JobPlace("751", CREATED, Spot(), COLUMNS)
    assert ids(list(read(source, Cursor(MADE_AT, "x", place.to_json())))) == IDS


def test_a_job_whose_rows_have_never_come_is_gone_on_with(
    large_org: Script, source: SalesforceSource
) -> None:
    made = next(read(source))
    assert (ids([made]), made.cursor is not None) == ([], True)
    assert ids(list(read(source, made.cursor))) == IDS
    assert len([asked for asked in large_org.asked if asked.path == JOBS]) == 1


@pytest.mark.parametrize("fields", [FIELDS[::-1], (*FIELDS, Field("New__c", "string"))])
def test_a_job_of_other_fields_is_removed_and_the_reading_begins_anew(
    large_org: Script, source: SalesforceSource, fields: tuple[Field, ...]
) -> None:
    place = JobPlace("751", CREATED, Spot(PAGES, 1, 2, 7), COLUMNS)
    first = next(source.read(LEADS, fields, Cursor(MADE_AT, "x", place.to_json())))
    assert [asked.method for asked in large_org.asked_for(f"{JOBS}/751")] == ["DELETE"]
    assert first.cursor is not None
    kept = JobPlace.from_json(str(first.cursor.resume_after))
    assert kept == JobPlace("750", CREATED, Spot(), digest_of([field.name for field in fields]))


def test_a_result_that_has_become_unreadable_costs_the_job_and_no_row(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org.on("GET", f"{JOBS}/751", job("JobComplete"))
    large_org.on("GET", f"{JOBS}/751/resultPages", listed(f"{JOBS}/751/results"))
    large_org.on("GET", f"{JOBS}/751/results", Answer('"Id","Gone__c"\n"07","x"\n'))
    place = JobPlace("751", CREATED, Spot(f"{JOBS}/751/resultPages", 0, 2, 0), COLUMNS)
    assert ids(list(read(source, Cursor(MADE_AT, "x", place.to_json())))) == IDS


def test_pages_whose_first_column_is_not_the_id_may_begin_alike(
    large_org: Script, source: SalesforceSource
) -> None:
    rows = [f'"2026-11-22T09:00:00.000Z","{record_id}"\n' for record_id in IDS]
    for path, some in ((RESULTS, rows[:7]), (f"{RESULTS}/2", rows[7:])):
        large_org._replies["GET", path].clear()
        told = {"Sforce-NumberOfRecords": str(len(some))}
        large_org.on("GET", path, Answer("".join(some), headers=told))
    assert ids(list(source.read(LEADS, FIELDS[::-1], None))) == IDS
    assert len([asked for asked in large_org.asked if asked.path == JOBS]) == 1


def test_a_place_of_another_version_begins_anew(
    large_org: Script, source: SalesforceSource
) -> None:
    assert ids(list(read(source, Cursor(MADE_AT, "x", resume_after='{"page": 3}')))) == IDS


@pytest.mark.parametrize("state", ["Failed", "Aborted", "InProgress"])
def test_a_job_that_fails_or_never_ends_is_no_success(
    large_org: Script, source: SalesforceSource, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.salesforce.jobs._PATIENCE", 2.0)
    large_org._replies["GET", JOB].clear()
    large_org.on("GET", JOB, job(state))
    batches = list(read(source))
    assert (ids(batches), roads(batches)) == (IDS, {"rest"})


def test_an_object_that_bulk_does_not_take_is_read_by_pages(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["POST", JOBS].clear()
    large_org.on("POST", JOBS, refusal(400, "INVALIDENTITY"))
    batches = list(read(source))
    assert (ids(batches), roads(batches)) == (IDS, {"rest"})


def test_a_job_that_somebody_removes_meanwhile_is_made_anew(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", f"{RESULTS}/2"].appendleft(refusal(404, "NOT_FOUND"))
    batches = list(read(source))
    assert set(ids(batches)) == set(IDS)
    assert len([asked for asked in large_org.asked if asked.path == JOBS]) == 2


def test_an_older_version_gives_pages_one_after_the_other(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", PAGES].clear()
    large_org.on("GET", PAGES, refusal(404, "NOT_FOUND"))
    large_org._replies["GET", RESULTS].clear()
    large_org.on("GET", RESULTS, cells(*IDS[:7], locator="Nw"), cells(*IDS[7:]))
    assert ids(list(read(source))) == IDS
    assert [asked.query for asked in large_org.asked_for(RESULTS)] == [{}, {"locator": "Nw"}]


@pytest.mark.parametrize(
    "broken",
    [
        cells(*IDS[7:9], promised=5),
        cells(promised=5),
        Answer("<html>Back soon.</html>", headers={"Content-Type": "text/html"}),
        Answer("<html>Back soon.</html>"),
        Answer('"Id","SystemModstamp"\n"07","2026-11-22T09:07:00.000Z"\n"08'),
        Answer('"Id","SystemModstamp"\n"07","', promised_bytes=500),
    ],
    ids=["too-few", "no-rows", "html", "html-unsaid", "torn", "cut"],
)
def test_a_page_that_came_broken_is_read_again_and_no_row_twice(
    large_org: Script, source: SalesforceSource, broken: Answer
) -> None:
    large_org._replies["GET", f"{RESULTS}/2"].appendleft(broken)
    assert ids(list(read(source))) == IDS


@pytest.mark.parametrize("name", ["nextRecordsUrl", "nextRecordUrl"])
def test_a_list_of_pages_leads_to_the_next_by_either_name_of_the_guide(
    large_org: Script, source: SalesforceSource, name: str
) -> None:
    large_org._replies["GET", PAGES].clear()
    large_org.on("GET", PAGES, listed(RESULTS, following=f"{PAGES}/2", name=name))
    large_org.on("GET", f"{PAGES}/2", listed(f"{RESULTS}/2"))
    assert ids(list(read(source))) == IDS


def test_a_list_of_pages_that_came_before_is_asked_for_again(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", PAGES].clear()
    first = listed(RESULTS, following=f"{PAGES}/2")
    large_org.on("GET", PAGES, first)
    large_org.on("GET", f"{PAGES}/2", first, listed(f"{RESULTS}/2"))
    assert ids(list(read(source))) == IDS


def test_a_page_that_came_for_another_costs_the_job_and_no_row(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", f"{RESULTS}/2"].appendleft(cells(*IDS[:5]))
    assert set(ids(list(read(source)))) == set(IDS)
    assert len([asked for asked in large_org.asked if asked.path == JOBS]) == 2


def test_results_that_never_have_all_their_rows_are_no_success(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", PAGES].clear()
    large_org.on("GET", PAGES, listed(RESULTS))
    batches = list(read(source))
    assert (set(ids(batches)), batches[-1].road and batches[-1].road.name) == (set(IDS), "rest")


def test_what_breaks_again_and_again_is_an_error(
    large_org: Script, source: SalesforceSource
) -> None:
    large_org._replies["GET", RESULTS].clear()
    large_org.on("GET", RESULTS, cells(*IDS[:2], promised=7))
    with pytest.raises(UnreadableAnswerError, match="2 rows came where the page promised 7"):
        list(read(source))


def test_an_increment_by_a_job_ends_where_its_first_answer_saw_it_end(
    large_org: Script, source: SalesforceSource
) -> None:
    before = Cursor(MADE_AT.replace(hour=8), "x", read_at=MADE_AT.replace(hour=9))
    batches: list[Any] = list(read(source, before))
    [made] = [asked for asked in large_org.asked if asked.path == JOBS]
    assert made.json()["query"].endswith(
        "WHERE SystemModstamp >= 2026-11-22T08:00:01.000Z "
        "AND SystemModstamp <= 2026-11-22T10:00:00.000Z"
    )
    assert batches[0].cursor == Cursor(before.modified_at, "x")
    assert len(queries(large_org)) == 1
