from collections.abc import Mapping, Sequence

import pytest

from connectors.delivery import Waiting
from connectors.salesforce.client import SalesforceClient
from tests.unit.connectors.scripted import Answer, Script

DATA = "/services/data/v66.0"
QUERY = f"{DATA}/queryAll/"
TOKEN = "/services/oauth2/token"
USER = "https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA"
FIELDS_OF_LEADS = {"Id": "id", "Email": "email", "Address": "address", "Size__c": "double"}


def described(fields: dict[str, str], **facts: object) -> Answer:
    """Return the description of an object with these fields, by name and type."""
    listed = [{"name": name, "type": kind} for name, kind in fields.items()]
    return Answer({"fields": listed, **facts})


def page(
    *records: Mapping[str, object], total: int | None = None, following: str | None = None
) -> Answer:
    """Return a page of a query: the last one, or one that another follows."""
    body = {"totalSize": len(records) if total is None else total, "records": records}
    done = following is None
    return Answer({**body, "done": done, "nextRecordsUrl": following})


def refusal(status: int, code: str, message: str = "") -> Answer:
    """Return how Salesforce says no."""
    return Answer([{"errorCode": code, "message": message}], status=status)


def queries(org: Script) -> Sequence[str]:
    """Return the queries that the org was asked."""
    return [asked.query["q"] for asked in org.asked_for(QUERY)]


@pytest.fixture
def org(script: Script) -> Script:
    """A Salesforce org that gives tokens, tells the time and describes leads."""
    script.on("POST", TOKEN, Answer({"access_token": "one", "id": USER}))
    script.on("GET", f"{DATA}/limits/", Answer({}))
    script.on("GET", f"{DATA}/sobjects/Lead/describe", described(FIELDS_OF_LEADS))
    return script


@pytest.fixture
def client(org: Script) -> SalesforceClient:
    """A client that waits for nothing."""
    waiting = Waiting(sleep=lambda _seconds: None)
    return SalesforceClient.connect(org.base_url, "id", "planted-secret-7f3a", waiting=waiting)
