"""What the suite must know about each CRM: how to connect, and its own fields' names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connectors.changes import OwnField
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.source import HubSpotSource
from connectors.interfaces import Destination, Source
from connectors.records import Crm
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.source import SalesforceSource
from tests.contract.conftest import Sandbox

BATCH_ROWS = 20
WRONG_SECRET = "planted-secret-7f3a"


@dataclass(frozen=True)
class Connection:
    """One CRM as read and as written."""

    source: Source
    destination: Destination


@dataclass(frozen=True)
class Case:
    """One CRM that the suite runs against."""

    crm: Crm
    connect: Callable[[Sandbox], Connection]
    connect_badly: Callable[[Sandbox], Source]
    """With a secret that the CRM has never given."""
    stream: str
    object_name: str
    stage: str
    score: str
    since: str
    unknown_id: str

    @property
    def own_fields(self) -> Sequence[OwnField]:
        """Fields of ours, one of each type that we write."""
        return (
            OwnField(self.stage, "Stage", "string", length=80),
            OwnField(self.score, "Score", "decimal"),
            OwnField(self.since, "Stage since", "datetime"),
        )


def salesforce_client(sandbox: Sandbox, secret: str = "") -> SalesforceClient:
    """Connect to the sandbox's Salesforce, with another secret if one is given."""
    login = sandbox.salesforce
    return SalesforceClient.connect(
        login["base_url"], login["client_id"], secret or login["client_secret"]
    )


def hubspot_client(sandbox: Sandbox, key: str = "", api_version: str = "v3") -> HubSpotClient:
    """Connect to the sandbox's HubSpot, with another key if one is given."""
    login = sandbox.hubspot
    return HubSpotClient.connect(login["base_url"], key or login["access_token"], api_version)


def salesforce(sandbox: Sandbox) -> Connection:
    """Connect to the sandbox's Salesforce as read and written."""
    client = salesforce_client(sandbox)
    return Connection(
        SalesforceSource(client, batch_rows=BATCH_ROWS), SalesforceDestination(client)
    )


def hubspot(sandbox: Sandbox, api_version: str = "v3") -> Connection:
    """Connect to the sandbox's HubSpot as read and written."""
    client = hubspot_client(sandbox, api_version=api_version)
    return Connection(HubSpotSource(client, batch_rows=BATCH_ROWS), HubSpotDestination(client))


def hubspot_by_date(sandbox: Sandbox) -> Connection:
    """Connect to the sandbox's HubSpot by its date-based paths."""
    return hubspot(sandbox, "2026-09")


def salesforce_badly(sandbox: Sandbox) -> Source:
    """Connect with a wrong secret."""
    return SalesforceSource(salesforce_client(sandbox, WRONG_SECRET))


def hubspot_badly(sandbox: Sandbox) -> Source:
    """Connect with a wrong key."""
    return HubSpotSource(hubspot_client(sandbox, WRONG_SECRET))


SALESFORCE = Case(
    crm="salesforce",
    connect=salesforce,
    connect_badly=salesforce_badly,
    stream="leads",
    object_name="Lead",
    stage="Leadcycle_Stage__c",
    score="Leadcycle_Score__c",
    since="Leadcycle_Stage_Since__c",
    unknown_id="00Q5e00000zzzzzEAA",
)

HUBSPOT = Case(
    crm="hubspot",
    connect=hubspot,
    connect_badly=hubspot_badly,
    stream="contacts",
    object_name="contacts",
    stage="leadcycle_stage",
    score="leadcycle_score",
    since="leadcycle_stage_since",
    unknown_id="999999999999",
)
