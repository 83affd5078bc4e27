"""simple-salesforce's own clients of both Bulk APIs, sent to the sandbox instead."""

from pathlib import Path
from typing import Any

import pytest
import requests
from simple_salesforce.api import Salesforce as SalesforceClient
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import values
from tests.sandbox.test_foreign_clients import Loopback


@pytest.fixture
def foreign(running: RunningSandbox, salesforce: Salesforce, admin: Admin) -> Any:
    admin.setting(salesforce_bulk_polls=1)
    session = requests.Session()
    session.mount("https://", Loopback(running.url))
    token = str(salesforce.session.headers["Authorization"]).removeprefix("Bearer ")
    return SalesforceClient(
        session_id=token, instance="acme.my.salesforce.com", session=session, version="59.0"
    )


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bulk", "bulk2"):
        monkeypatch.setattr(f"simple_salesforce.{module}.sleep", lambda _: None)


def test_bulk2_reads_a_result_page_by_page(foreign: Any, salesforce: Salesforce) -> None:
    pages = list(foreign.bulk2.Lead.query("SELECT Id FROM Lead", max_records=3))
    ids = [line for page in pages for line in page.splitlines()[1:]]
    assert sorted(ids) == sorted(f'"{r["Id"]}"' for r in salesforce.query("SELECT Id FROM Lead"))
    assert {page.splitlines()[0] for page in pages} == {'"Id"'}


def test_bulk2_downloads_a_result_to_files(
    foreign: Any, salesforce: Salesforce, tmp_path: Path
) -> None:
    found = foreign.bulk2.Lead.download("SELECT Id FROM Lead", str(tmp_path), max_records=5)
    rows = [len(Path(page["file"]).read_text().splitlines()) - 1 for page in found]
    assert rows == [page["number_of_records"] for page in found]
    assert sum(rows) == len(salesforce.query("SELECT Id FROM Lead")) > 5


def test_bulk2_writes_and_tells_what_became_of_each_row(
    foreign: Any, salesforce: Salesforce
) -> None:
    rows = [{"LastName": "Zoë", "Company": "B"}, {"LastName": "C", "Company": ""}]
    [job] = foreign.bulk2.Lead.insert(records=rows)
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (2, 1)
    told = foreign.bulk2.Lead.get_all_ingest_records(job["job_id"])
    [good], [bad] = told["successfulRecords"], told["failedRecords"]
    assert values(salesforce, good["sf__Id"], "Lead", "LastName") == ("Zoë",)
    assert bad["sf__Error"].startswith("REQUIRED_FIELD_MISSING:")
    assert told["unprocessedRecords"] == []


def test_bulk2_updates_upserts_and_deletes(foreign: Any, salesforce: Salesforce) -> None:
    [lead] = salesforce.lead_ids(1)
    foreign.bulk2.Lead.update(records=[{"Id": lead, "Title": "CEO", "Email": "a@b.example"}])
    foreign.bulk2.Lead.upsert(
        records=[{"Email": "a@b.example", "City": "Ulm"}], external_id_field="Email"
    )
    foreign.bulk2.Lead.delete(records=[{"Id": lead}])
    seen = values(salesforce, lead, "Lead", "Title", "City", "IsDeleted")
    assert seen == ("CEO", "Ulm", True)


def test_bulk2_raises_what_a_failed_job_says(foreign: Any, admin: Admin) -> None:
    admin.setting(salesforce_bulk_error="Retried more than fifteen times")
    with pytest.raises(SalesforceOperationError, match="Retried more than fifteen times"):
        list(foreign.bulk2.Lead.query("SELECT Id FROM Lead"))


def test_bulk_queries_and_gets_moments_in_milliseconds(foreign: Any) -> None:
    records = foreign.bulk.Lead.query("SELECT Id, CreatedDate FROM Lead LIMIT 3")
    assert [type(record["CreatedDate"]) for record in records] == [int] * 3


def test_bulk_writes_in_batches_in_order(foreign: Any, salesforce: Salesforce) -> None:
    rows = [{"LastName": f"Probe{number}", "Company": "B"} for number in range(5)]
    made = foreign.bulk.Lead.insert(rows, batch_size=2)
    names = [values(salesforce, row["id"], "Lead", "LastName")[0] for row in made]
    assert names == [row["LastName"] for row in rows]
    done = foreign.bulk.Lead.update([{"Id": made[0]["id"], "Title": "CEO"}])
    assert [row["success"] for row in done] == [True]
    gone = foreign.bulk.Lead.delete([{"Id": made[0]["id"]}])
    assert [row["success"] for row in gone] == [True]


def test_bulk_raises_for_a_batch_that_names_an_unknown_field(foreign: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refusal:
        foreign.bulk.Lead.insert([{"Nope": 1}])
    assert "Records not processed" in str(refusal.value)
