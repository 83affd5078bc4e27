"""What clients ask of both CRMs over HTTP: pages, searches, queries, bulk results, batches."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from bench.client import Connection, Work
from bench.processes import Served

PROPERTIES = (
    "email,firstname,lastname,company,lifecyclestage,hs_lead_status,hubspot_owner_id,jobtitle,"
    "phone,mobilephone,website,city,country,industry,numemployees,territory,hs_analytics_source,"
    "createdate,lastmodifieddate,num_conversion_events,recent_conversion_date,"
    "recent_conversion_event_name,hs_additional_emails,salesforceleadid,salesforcecontactid,"
    "wechat_id,hs_email_domain,hs_object_id,hs_is_contact,hs_merged_object_ids"
)
"""Thirty of them."""
SOQL = (
    "SELECT Id,FirstName,LastName,Title,Company,Email,Phone,MobilePhone,Website,City,Country,"
    "Industry,Status,LeadSource,OwnerId,NumberOfEmployees,AnnualRevenue,IsConverted,CreatedDate,"
    "SystemModstamp FROM Lead"
)
"""Twenty fields of every Lead."""
_AFTER = re.compile(rb'"after":"(\d+)"')
_LOCATOR = re.compile(rb"(?i)\r\nsforce-locator: *(\S+)")
_LATE_MS = round(datetime(2026, 6, 15, tzinfo=UTC).timestamp() * 1000)
"""Two weeks before the day on which a new sandbox stands."""
_JSON = {"Content-Type": "application/json"}
_DATA = "/services/data/v66.0"
_CONTACTS = "/crm/v3/objects/contacts"


@dataclass(frozen=True)
class Doors:
    """How to connect to each CRM of a served sandbox."""

    port: int
    hubspot_token: str
    salesforce_token: str

    def hubspot(self) -> Connection:
        """Connect to the account."""
        return Connection(self.port, _JSON | {"Authorization": f"Bearer {self.hubspot_token}"})

    def salesforce(self) -> Connection:
        """Connect to the org."""
        headers = _JSON | {"Authorization": f"Bearer {self.salesforce_token}"}
        return Connection(self.port, headers | {"Sforce-Auto-Assign": "FALSE"})


def open_doors(running: Served) -> Doors:
    """Log in to both CRMs."""
    keys = running.keys["salesforce"]
    form = {"grant_type": "client_credentials"}
    form |= {name: keys[name] for name in ("client_id", "client_secret")}
    connection = Connection(running.port, {"Content-Type": "application/x-www-form-urlencoded"})
    body = connection.send("POST", "/services/oauth2/token", urlencode(form).encode())
    connection.close()
    token = re.search(rb'"access_token":"([^"]+)"', body)
    assert token is not None
    return Doors(running.port, running.keys["hubspot"]["access_token"], token[1].decode())


def listing() -> Work:
    """Return work that reads contacts page by page; a unit is a page of 100."""
    first = f"{_CONTACTS}?limit=100&properties={PROPERTIES}"
    after = ""

    def work(connection: Connection) -> int:
        nonlocal after
        body = connection.send("GET", first + after)
        found = _AFTER.search(body, max(0, len(body) - 4_000))
        after = f"&after={found[1].decode()}" if found else ""
        return 1

    return work


def searching() -> Work:
    """Return work that searches contacts changed of late, as incremental readers do, 200 a page.

    A unit is a page.
    """
    changed = {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(_LATE_MS)}
    sorts = [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}]
    body = {"filterGroups": [{"filters": [changed]}], "sorts": sorts, "limit": 200}
    pages = count()

    def work(connection: Connection) -> int:
        after = str(next(pages) % 5 * 200)
        asked = {**body, "properties": PROPERTIES.split(","), "after": after}
        return bool(connection.json("POST", f"{_CONTACTS}/search", asked))

    return work


def querying() -> Work:
    """Return work that reads Leads by REST, 2,000 a page; a unit is a row."""
    path = first = f"{_DATA}/query?q={quote(SOQL)}"

    def work(connection: Connection) -> int:
        nonlocal path
        body = connection.send("GET", path)
        following = re.search(rb'"nextRecordsUrl":"([^"]+)"', body)
        path = following[1].decode() if following else first
        return body.count(b'"attributes"')

    return work


def bulk_job(connection: Connection) -> tuple[str, int]:
    """Run a Bulk API 2.0 query job over all Leads; return where the results are, and how many."""
    made = connection.json("POST", f"{_DATA}/jobs/query", {"operation": "query", "query": SOQL})
    path = f"{_DATA}/jobs/query/{made['id']}"
    while (job := connection.json("GET", path))["state"] != "JobComplete":
        if job["state"] in ("Failed", "Aborted"):
            raise RuntimeError(job)
    return f"{path}/results", int(job["numberRecordsProcessed"])


def results_of(path: str) -> Work:
    """Return work that reads the results of a job, page after page; a unit is a row."""
    locator = ""

    def work(connection: Connection) -> int:
        nonlocal locator
        body = connection.send("GET", f"{path}?maxRecords=50000{locator}")
        found = _LOCATOR.search(connection.head)
        is_last = found is None or found[1] == b"null"
        locator = "" if found is None or is_last else f"&locator={found[1].decode()}"
        return body.count(b"\n") - 1

    return work


def updating_contacts(connection: Connection) -> Work:
    """Return work that updates contacts, 100 a batch; a unit is a record."""
    page = connection.json("GET", f"{_CONTACTS}?limit=100&properties=email")
    ids = [record["id"] for record in page["results"]]

    def inputs(title: str) -> Any:
        return {"inputs": [{"id": one, "properties": {"jobtitle": title}} for one in ids]}

    return _writing("POST", f"{_CONTACTS}/batch/update", len(ids), inputs)


def updating_leads(connection: Connection) -> Work:
    """Return work that updates Leads, 200 a request; a unit is a record."""
    soql = "SELECT Id FROM Lead WHERE IsConverted = false LIMIT 200"
    page = connection.json("GET", f"{_DATA}/query?q={quote(soql)}")
    ids = [record["Id"] for record in page["records"]]

    def records(title: str) -> Any:
        typed = {"attributes": {"type": "Lead"}, "Title": title}
        return {"records": [{**typed, "Id": one} for one in ids]}

    return _writing("PATCH", f"{_DATA}/composite/sobjects", len(ids), records)


def _writing(method: str, path: str, size: int, body: Callable[[str], Any]) -> Work:
    rounds = count()

    def work(connection: Connection) -> int:
        connection.json(method, path, body(f"Title {next(rounds)}"))
        return size

    return work
