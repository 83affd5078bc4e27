import pytest

from connectors.salesforce.client import SalesforceClient
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import Answer, Script

DATA = "/services/data/v66.0"
TOKEN = "/services/oauth2/token"
USER = "https://login.salesforce.com/id/00D000000000001AAA/005000000000001AAA"


@pytest.fixture
def org(script: Script) -> Script:
    """A Salesforce org that gives tokens, tells the time and describes leads."""
    script.on("POST", TOKEN, Answer({"access_token": "one", "id": USER}))
    script.on("GET", f"{DATA}/limits/", Answer({}))
    described = {"Id": "id", "Email": "email", "Address": "address", "Size__c": "double"}
    fields = [{"name": name, "type": kind} for name, kind in described.items()]
    script.on("GET", f"{DATA}/sobjects/Lead/describe", Answer({"fields": fields}))
    return script


@pytest.fixture
def client(org: Script) -> SalesforceClient:
    waiting = FakeTime().waiting
    return SalesforceClient.connect(org.base_url, "id", "planted-secret-7f3a", waiting=waiting)
