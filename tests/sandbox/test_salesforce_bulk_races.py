"""Bulk jobs that several requests work on at once, or that a killed sandbox has left half done."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from connectors.sandbox.context import STATE_FILE, Sandbox
from connectors.sandbox.salesforce.bulk import jobs
from connectors.sandbox.salesforce.bulk.classic import work as classic
from connectors.sandbox.salesforce.bulk.ingest import creation
from connectors.sandbox.salesforce.bulk.ingest import results as ingest_results
from connectors.sandbox.salesforce.bulk.ingest import work as ingest
from connectors.sandbox.salesforce.bulk.query import extraction
from connectors.sandbox.server import RunningSandbox, running_sandbox
from tests.sandbox.bulk import INGEST, QUERY, ended, ingest_job, query_job, results
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.conftest import Stage
from tests.sandbox.salesforce_records import make
from tests.sandbox.test_restart import served
from tests.sandbox.test_salesforce_bulk_classic import Bulk

Meanwhile = Callable[[Any, str, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen once, just before a function of a module is called."""

    def plan(module: Any, name: str, happen: Callable[[], object]) -> None:
        function, left = getattr(module, name), [happen]

        def late(*given: Any) -> Any:
            if left:
                left.pop()()
            return function(*given)

        monkeypatch.setattr(module, name, late)

    return plan


@pytest.fixture
def sandbox(running: RunningSandbox, stage: Stage) -> Sandbox:
    assert running.url == stage.url
    return cast(Sandbox, cast(Any, stage.app).state.sandbox)


def upload_of(count: int) -> str:
    return "LastName,Company\n" + "".join(f"Probe{number},P\n" for number in range(count))


def probes(salesforce: Salesforce) -> list[str]:
    soql = "SELECT LastName FROM Lead WHERE LastName LIKE 'Probe%'"
    return sorted(record["LastName"] for record in salesforce.query(soql))


def test_a_query_has_the_result_of_the_request_that_ended_it(
    salesforce: Salesforce, admin: Admin, meanwhile: Meanwhile
) -> None:
    admin.setting(salesforce_bulk_polls=1)
    job_id = query_job(salesforce, "SELECT Id FROM Lead")["id"]
    [gone] = salesforce.lead_ids(1)

    def end_it() -> None:
        salesforce("GET", f"{QUERY}/{job_id}").raise_for_status()
        salesforce("DELETE", f"sobjects/Lead/{gone}").raise_for_status()

    meanwhile(extraction, "_extract", end_it)
    told = salesforce("GET", f"{QUERY}/{job_id}").json()
    rows = salesforce("GET", f"{QUERY}/{job_id}/results").text.splitlines()[1:]
    assert (told["state"], told["numberRecordsProcessed"]) == ("JobComplete", len(rows))
    assert f'"{gone}"' in rows


def test_an_upload_that_two_requests_end_has_all_its_results(
    salesforce: Salesforce, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.setting(salesforce_bulk_polls=1)
    job_id = ingest_job(salesforce, "insert", upload_of(3))
    take_rows, others = ingest._take_rows, [lambda: salesforce("GET", f"{INGEST}/{job_id}")]

    def slowly(*given: Any) -> Any:
        taken = take_rows(*given)
        if others:
            others.pop()().raise_for_status()
        return taken

    monkeypatch.setattr(ingest, "_take_rows", slowly)
    assert salesforce("GET", f"{INGEST}/{job_id}").json()["state"] == "JobComplete"
    assert len(results(salesforce, job_id, "successfulResults")) == 3


def test_rows_are_written_once_however_many_requests_work_on_a_job(
    salesforce: Salesforce, admin: Admin, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "CHUNK", 2)
    admin.setting(salesforce_bulk_polls=1, salesforce_bulk_batch_rows=6)
    job_id = ingest_job(salesforce, "insert", upload_of(8))
    meanwhile(ingest, "_write_chunk", lambda: salesforce("GET", f"{INGEST}/{job_id}"))
    told = salesforce("GET", f"{INGEST}/{job_id}").json()
    assert told["numberRecordsProcessed"] == 6
    ended(salesforce, INGEST, job_id)
    assert probes(salesforce) == [f"Probe{number}" for number in range(8)]


def test_threads_that_poll_at_once_write_each_row_once(
    salesforce: Salesforce, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "CHUNK", 5)
    admin.setting(salesforce_bulk_polls=1, salesforce_bulk_batch_rows=50)
    job_id = ingest_job(salesforce, "insert", upload_of(100))
    with ThreadPoolExecutor(3) as pollers:
        told = pollers.map(lambda _: salesforce("GET", f"{INGEST}/{job_id}"), range(12))
    assert {answer.status_code for answer in told} == {200}
    assert ended(salesforce, INGEST, job_id)["numberRecordsProcessed"] == 100
    assert len(probes(salesforce)) == 100
    assert len(results(salesforce, job_id, "successfulResults")) == 100


def test_a_chunked_query_is_cut_once(
    salesforce: Salesforce, admin: Admin, meanwhile: Meanwhile
) -> None:
    admin.setting(salesforce_bulk_polls=1)
    bulk = Bulk(salesforce)
    body = {"operation": "query", "object": "Lead", "contentType": "JSON"}
    chunking = {"Sforce-Enable-PKChunking": "chunkSize=10"}
    job = f"/{bulk('POST', '', body, **chunking).json()['id']}"
    first = bulk.batch(job, "SELECT Id FROM Lead")
    meanwhile(classic, "_query", lambda: bulk("GET", first).raise_for_status())
    bulk("GET", first).raise_for_status()
    batches = bulk("GET", f"{job}/batch").json()["batchInfo"]
    leads = salesforce.query("SELECT Id FROM Lead", everything=True)
    assert len(batches) == 1 + -(-len(leads) // 10)


def test_an_abort_is_not_undone_by_the_work_under_way(
    salesforce: Salesforce, admin: Admin, meanwhile: Meanwhile
) -> None:
    account = make(salesforce, "Account")
    admin.setting(salesforce_lock_seconds=60, salesforce_bulk_polls=1)
    make(salesforce, "Contact", AccountId=account)
    data = f"LastName,AccountId\nA,{account}\n"
    job_id = ingest_job(salesforce, "insert", data, object="Contact")
    salesforce("GET", f"{INGEST}/{job_id}").raise_for_status()
    aborted = {"state": "Aborted"}
    meanwhile(ingest, "_begin", lambda: salesforce("PATCH", f"{INGEST}/{job_id}", json=aborted))
    told = [salesforce("GET", f"{INGEST}/{job_id}").json()["state"] for _ in range(2)]
    assert told == ["Aborted", "Aborted"]


def test_a_job_does_not_lock_itself_out_while_others_ask(
    salesforce: Salesforce, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, write_chunk = make(salesforce, "Account"), ingest._write_chunk

    def after_others(*given: Any) -> Any:
        salesforce("GET", "limits").raise_for_status()
        return write_chunk(*given)

    monkeypatch.setattr(ingest, "CHUNK", 1)
    monkeypatch.setattr(ingest, "_write_chunk", after_others)
    admin.setting(salesforce_lock_seconds=60)
    data = f"LastName,AccountId\nA,{account}\nB,{account}\n"
    job = ended(salesforce, INGEST, ingest_job(salesforce, "insert", data, object="Contact"))
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (2, 0)


def test_data_that_came_just_before_a_kill_may_be_sent_again(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"object": "Lead", "operation": "insert"}
    url = f"{INGEST}/{salesforce('POST', INGEST, json=body).json()['id']}"
    headers = {"Content-Type": "text/csv"}

    def killed(*given: Any, **more: Any) -> None:
        raise KeyError(given, more)

    with monkeypatch.context() as patched:
        patched.setattr(creation, "change_job", killed)
        first = salesforce("PUT", f"{url}/batches", data=b"LastName\nA\n", headers=headers)
    data = upload_of(2).encode()
    again = salesforce("PUT", f"{url}/batches", data=data, headers=headers)
    assert (first.status_code, again.status_code) == (500, 201)
    salesforce("PATCH", url, json={"state": "UploadComplete"})
    assert ended(salesforce, INGEST, url[-18:])["numberRecordsProcessed"] == 2


def test_results_are_there_after_a_kill_in_the_moment_of_an_abort(
    salesforce: Salesforce, sandbox: Sandbox
) -> None:
    job_id = ingest_job(salesforce, "insert", upload_of(2))
    with sandbox.store.transaction():
        jobs.abort_job(sandbox, jobs.find_job(sandbox, job_id, "V2Ingest"))
    assert results(salesforce, job_id, "successfulResults") == []
    assert len(results(salesforce, job_id, "unprocessedrecords")) == 2


def test_a_job_killed_within_a_step_writes_each_row_once(state: Path) -> None:
    with served(state) as (process, running):
        before = Salesforce(running)
        Admin(running).setting(salesforce_bulk_polls=1)
        job_id = ingest_job(before, "insert", upload_of(1_500))
        poll = threading.Thread(target=_poll_until_killed, args=(before, job_id))
        poll.start()
        _wait_for_rows(state)
        process.kill()
        poll.join()
    with running_sandbox(state) as second:
        after = Salesforce(second)
        assert ended(after, INGEST, job_id)["numberRecordsProcessed"] == 1_500
        assert len(set(probes(after))) == len(probes(after)) == 1_500


def _poll_until_killed(salesforce: Salesforce, job_id: str) -> None:
    with pytest.raises(OSError, match=r"abort|reset|closed"):
        salesforce("GET", f"{INGEST}/{job_id}")


def _wait_for_rows(state: Path) -> None:
    reader = sqlite3.connect(f"{(state / STATE_FILE).as_uri()}?mode=ro", uri=True)
    while reader.execute("select count(*) from salesforce_bulk_outcomes").fetchone() == (0,):
        continue
    reader.close()


def test_results_of_a_job_that_is_deleted_meanwhile_are_not_found(
    salesforce: Salesforce, meanwhile: Meanwhile
) -> None:
    job_id = ingest_job(salesforce, "insert", upload_of(2))
    ended(salesforce, INGEST, job_id)
    path = f"{INGEST}/{job_id}"
    meanwhile(
        ingest_results,
        "open_upload",
        lambda: salesforce("DELETE", path).raise_for_status(),
    )
    answer = salesforce("GET", f"{path}/successfulResults")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("within", ["transaction", "savepoint"])
def test_a_removal_that_is_undone_leaves_the_files(
    salesforce: Salesforce, sandbox: Sandbox, within: str
) -> None:
    job_id = ingest_job(salesforce, "insert", upload_of(2))
    ended(salesforce, INGEST, job_id)
    with ExitStack() as stack:
        stack.enter_context(suppress(LookupError))
        stack.enter_context(sandbox.store.transaction())
        if within == "savepoint":
            stack.enter_context(suppress(LookupError))
            stack.enter_context(sandbox.store.savepoint())
        jobs.delete_job(sandbox, jobs.find_job(sandbox, job_id, "V2Ingest"))
        raise LookupError
    assert salesforce("GET", f"{INGEST}/{job_id}/successfulResults").text.count("Probe") == 2
