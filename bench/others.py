"""Extractors of others: how each is installed, and asked for the benchmark's rows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.contacts import CONTACT_PROPERTIES
from bench.leads import LEAD_FIELDS
from bench.processes import Served


@dataclass(frozen=True)
class Task:
    """What a peer is given: a served sandbox, and a folder for whatever it writes."""

    running: Served
    folder: Path

    @property
    def address(self) -> str:
        """Where the sandbox is."""
        return str(self.running.keys["hubspot"]["base_url"])

    @property
    def token(self) -> str:
        """HubSpot's service key."""
        return str(self.running.keys["hubspot"]["access_token"])

    @property
    def app(self) -> tuple[str, str]:
        """Salesforce's client id and secret."""
        org = self.running.keys["salesforce"]
        return org["client_id"], org["client_secret"]


Arguments = Callable[[Task], list[str]]


@dataclass(frozen=True)
class Peer:
    """An extractor of others, and how it is asked for the benchmark's rows."""

    name: str
    crm: Literal["hubspot", "salesforce"]
    packages: tuple[str, ...]
    """What pip installs; none: it is among our own dependencies."""
    entry: str
    """What is run, as MODULE:FUNCTION."""
    arguments: Arguments
    remark: str
    """In what its task differs from ours."""
    written: str
    """Which files hold the rows, below its folder."""
    stream: str = ""
    """A Singer tap's name of the stream; it is asked for its catalog first."""
    catalog_option: str = "--catalog"


def _tap(config: Callable[[Task], dict[str, Any]]) -> Arguments:
    """Return the arguments of a Singer tap, whose catalog is written beside its settings."""

    def arguments(task: Task) -> list[str]:
        settings = task.folder / "config.json"
        settings.write_text(json.dumps(config(task)))
        return ["--config", str(settings)]

    return arguments


def _salesforce_tap(task: Task) -> dict[str, Any]:
    org = task.running.keys["salesforce"]
    app = {name: org[name] for name in ("client_id", "client_secret", "refresh_token")}
    return app | {"api_type": "BULK", "start_date": "2000-01-01T00:00:00Z"}


_PROPERTIES, _FIELDS = ",".join(CONTACT_PROPERTIES), ",".join(LEAD_FIELDS)
PEERS = (
    Peer(
        "hubspot-api-client, get_all",
        "hubspot",
        (),
        "contacts_by_sdk:main",
        lambda task: [task.address, task.token, _PROPERTIES, str(task.folder)],
        "writes texts as JSON lines; types nothing, keeps no cursor",
        "contacts.jsonl",
    ),
    Peer(
        "dlt, rest_api",
        "hubspot",
        ("dlt[parquet,filesystem]",),
        "contacts_by_dlt:main",
        lambda task: [task.token, _PROPERTIES, str(task.folder)],
        "Parquet, but numbers, dates and choices stay texts",
        "lake/raw/contacts/*.parquet",
    ),
    Peer(
        "meltano-tap-hubspot",
        "hubspot",
        ("meltano-tap-hubspot",),
        "tap_hubspot.tap:TapHubspot.cli",
        _tap(lambda task: {"access_token": task.token}),
        "all properties of contacts, 60 instead of 30; prints JSON lines, so no target is counted",
        "printed.out",
        "contacts",
    ),
    Peer(
        "simple-salesforce, bulk2 download",
        "salesforce",
        (),
        "leads_by_simple_salesforce:main",
        lambda task: [*task.app, _FIELDS, str(task.folder)],
        "saves the bytes as they come: nothing is parsed, typed or compressed",
        "*.csv",
    ),
    Peer(
        "tap-salesforce, Bulk",
        "salesforce",
        ("tap-salesforce",),
        "tap_salesforce:main",
        _tap(_salesforce_tap),
        "all fields of Leads; prints JSON lines, so no target is counted",
        "printed.out",
        "Lead",
        "--properties",
    ),
)
