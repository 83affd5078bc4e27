"""The barest client of the Bulk APIs: jobs made, worked off and read over raw HTTP."""

import csv
import io
import json
from typing import Any

import requests

from tests.sandbox.clients import Salesforce

QUERY, INGEST = "jobs/query", "jobs/ingest"


def query_job(salesforce: Salesforce, soql: str, **body: Any) -> dict[str, Any]:
    """Make a query job and return it as it was answered."""
    answer = salesforce("POST", QUERY, json={"operation": "query", "query": soql, **body})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def refused_query(salesforce: Salesforce, soql: str, **body: Any) -> tuple[int, str, str]:
    """Return how the making of a query job is refused."""
    answer = salesforce("POST", QUERY, json={"operation": "query", "query": soql, **body})
    return refusal(answer)


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Return the status, code and last line of a refusal."""
    [error] = answer.json()
    return answer.status_code, error["errorCode"], error["message"].splitlines()[-1]


def ended(salesforce: Salesforce, kind: str, job_id: str) -> dict[str, Any]:
    """Ask about a job until it has ended."""
    for _ in range(30):
        job: dict[str, Any] = salesforce("GET", f"{kind}/{job_id}").json()
        if job["state"] in ("JobComplete", "Failed", "Aborted"):
            return job
    raise AssertionError(job)


def queried(salesforce: Salesforce, soql: str, **body: Any) -> str:
    """Return the whole result of a query as text."""
    job = query_job(salesforce, soql, **body)
    ended(salesforce, QUERY, job["id"])
    answer = salesforce("GET", f"{QUERY}/{job['id']}/results")
    assert answer.status_code == 200, answer.text
    return answer.content.decode()


def ingest_job(salesforce: Salesforce, operation: str, data: str = "", **body: Any) -> str:
    """Make an ingest job with its data, close it, and return its id."""
    given = {"object": "Lead", "operation": operation, **body}
    answer = salesforce("POST", INGEST, json=given)
    assert answer.status_code == 200, answer.text
    job_id = str(answer.json()["id"])
    put = uploaded(salesforce, job_id, data.encode())
    assert put.status_code == 201, put.text
    closed = salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "UploadComplete"})
    assert closed.json()["state"] == "UploadComplete"
    return job_id


def uploaded(salesforce: Salesforce, job_id: str, data: bytes) -> requests.Response:
    """Send the data of an ingest job."""
    headers = {"Content-Type": "text/csv"}
    return salesforce("PUT", f"{INGEST}/{job_id}/batches", data=data, headers=headers)


def ingested(salesforce: Salesforce, operation: str, data: str, **body: Any) -> dict[str, Any]:
    """Work off an ingest job and return it."""
    return ended(salesforce, INGEST, ingest_job(salesforce, operation, data, **body))


def results(salesforce: Salesforce, job_id: str, kind: str) -> list[dict[str, str]]:
    """Return rows of results of an ingest job."""
    answer = salesforce("GET", f"{INGEST}/{job_id}/{kind}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


class Bulk:
    """Requests with the header of their own that the older API has for sessions."""

    def __init__(self, salesforce: Salesforce) -> None:
        self.token = str(salesforce.session.headers["Authorization"]).removeprefix("Bearer ")
        self.url = f"{salesforce.url}/services/async/66.0/job"

    def __call__(
        self, method: str, path: str, body: Any = None, kind: str = "application/json", **more: str
    ) -> requests.Response:
        headers = {"X-SFDC-Session": self.token, "Content-Type": kind, **more}
        data = body if isinstance(body, str | bytes | None) else json.dumps(body)
        return requests.request(method, self.url + path, data=data, headers=headers, timeout=10)

    def job(self, operation: str = "query", kind: str = "JSON", **more: Any) -> str:
        body = {"operation": operation, "object": "Lead", "contentType": kind, **more}
        answer = self("POST", "", body)
        assert answer.status_code == 201, answer.text
        return f"/{answer.json()['id']}"

    def done(self, batch: str) -> None:
        for _ in range(2):
            self("GET", batch).raise_for_status()

    def batch(self, job: str, body: Any, kind: str = "application/json") -> str:
        answer = self("POST", f"{job}/batch", body, kind)
        assert answer.status_code == 201, answer.text
        if "json" in answer.headers["Content-Type"]:
            return f"{job}/batch/{answer.json()['id']}"
        return f"{job}/batch/{answer.text.partition('<id>')[2].partition('</id>')[0]}"
