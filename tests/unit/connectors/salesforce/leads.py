"""Leads of a script, and what their windows give."""

from datetime import UTC, datetime, timedelta

from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query
from connectors.salesforce.windows import Window, WindowReader
from tests.unit.connectors.salesforce.conftest import DATA, page, refusal
from tests.unit.connectors.scripted import Answer, Asked

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
"""When the script's server answers."""
STAMP = "SystemModstamp"
LEADS = Query("Lead", ("Id", STAMP))
NEXT = f"{DATA}/query/0r8-2"
FORGOTTEN = refusal(400, "INVALID_QUERY_LOCATOR")


def lead(record_id: str, minute: int) -> dict[str, object]:
    """Return a lead that is stamped so many minutes after nine."""
    return {"Id": record_id, STAMP: f"2026-11-22T09:{minute:02}:00.000+0000"}


def counted(number: int) -> Answer:
    """Return the answer to a count of leads."""
    return page({LEADS.counted: number}, total=1)


def is_count(asked: Asked) -> bool:
    """Return whether a count was asked for."""
    return "COUNT" in asked.query["q"]


def read(client: SalesforceClient, window: Window = Window()) -> list[str]:  # noqa: B008 - frozen
    """Return the ids of the leads in a window, as they come."""
    reader = WindowReader(client, LEADS, STAMP, window)
    return [str(record["Id"]) for records in reader.read() for record in records]
