"""A HubSpot account of the sandbox, with its own API and our source beside it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.shape import ObjectStream, read_object
from connectors.records import Batch, Field
from connectors.sandbox.server import RunningSandbox
from connectors.sandbox.store import Store
from tests.sandbox.clients import CONTACTS, Admin, HubSpot
from tests.unit.connectors.faketime import FakeTime

PLAIN = read_object(
    "contacts",
    "contact",
    {
        "hs_object_id": "string",
        "email": "string",
        "city": "string",
        "hs_merged_object_ids": "string",
        "lastmodifieddate": "datetime",
    },
    modified="lastmodifieddate",
)
"""Contacts without details, so that every request is for the contacts themselves."""
FIELDS = tuple(Field(name, kind) for name, kind in PLAIN.stream.required_fields.items())


class Account:
    """What a test does with the account, as people, as an administrator and as the connector."""

    def __init__(self, running: RunningSandbox, store: Store) -> None:
        self._store = store
        self.admin = Admin(running)
        self.people = HubSpot(running)
        self._login = running.credentials["hubspot"]
        self.admin.setting(rate_limits=False)

    def client(self) -> HubSpotClient:
        """Connect anew, without rates, and with a time in which rests take none."""
        login = self._login
        return HubSpotClient.connect(
            login["base_url"],
            login["access_token"],
            calls_per_ten_seconds=None,
            waiting=FakeTime().waiting,
        )

    def source(self, known: ObjectStream = PLAIN, **options: Any) -> HubSpotSource:
        """Return our source over a client of its own."""
        return HubSpotSource(self.client(), objects=[known], **options)

    def create(self, count: int, city: str = "Oslo") -> list[str]:
        """Create contacts that nobody else is like."""
        first = len(self.ids())
        emails = [f"person.{first + number}@created.example" for number in range(count)]
        inputs = [{"properties": {"email": email, "city": city}} for email in emails]
        answers = [
            self.people.batch("create", inputs[at : at + 100]).json() for at in range(0, count, 100)
        ]
        return [found["id"] for answer in answers for found in answer["results"]]

    def edit(self, record_ids: Sequence[str], city: str) -> None:
        """Change contacts at one instant."""
        inputs = [{"id": record_id, "properties": {"city": city}} for record_id in record_ids]
        for at in range(0, len(inputs), 100):
            self.people.batch("update", inputs[at : at + 100]).raise_for_status()

    def archive(self, record_id: str) -> None:
        """Put a contact into the recycle bin."""
        self.people("DELETE", f"{CONTACTS}/{record_id}").raise_for_status()

    def merge(self, primary: str, other: str) -> str:
        """Merge two contacts and return the id of what is left."""
        body = {"primaryObjectId": primary, "objectIdToMerge": other}
        return str(self.people("POST", f"{CONTACTS}/merge", json=body).json()["id"])

    def jump_ids(self, count: int) -> None:
        """Let ids go on far behind those there are."""
        self._store.run(
            "update sequences set last = last + ? where name = 'hubspot contacts'", count
        )

    def fault(self, **order: Any) -> None:
        """Order a fault."""
        self.admin("POST", "faults", [order]).raise_for_status()

    def cities(self) -> dict[str, str | None]:
        """Return every living contact's city by id, as the account's own store has it."""
        found = self._store.rows(
            "select id, properties from hubspot_records "
            "where object_type = 'contacts' and archived_at is null"
        )
        return {str(one["id"]): json.loads(one["properties"]).get("city") for one in found}

    def ids(self) -> set[str]:
        """Return the ids of the living contacts."""
        return set(self.cities())


def rows(batches: Iterator[Batch] | Sequence[Batch], stream: str = "contacts") -> list[Any]:
    """Return the rows of a reading."""
    tables = [batch.tables[stream] for batch in batches if stream in batch.tables]
    return list(pa.concat_tables(tables).to_pylist()) if tables else []


def cities_of(found: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """Return the cities of living rows by id."""
    return {row["_record_id"]: row["city"] for row in found if not row["_is_deleted"]}
