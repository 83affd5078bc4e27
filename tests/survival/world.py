"""A company in sandbox CRMs, a home of one's own, and readings between the two."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.records import Crm
from connectors.sandbox.server import RunningSandbox
from pipelines import crms
from pipelines.lake import Lake
from pipelines.places import lake_of
from pipelines.reading.extraction import Orders
from pipelines.reading.results import ExtractResult
from pipelines.reading.steps import extract_crm, reconcile_crm
from pipelines.settings import Settings
from tests.sandbox.clients import Admin, HubSpot, Salesforce
from tests.survival.base import BaseModels, Row
from tests.survival.truth import Records, living, read

HOUR = 3_600


@dataclass
class World:
    """Both CRMs, by raw clients and the sandbox's own API, and the product that reads them."""

    running: RunningSandbox
    home: Path
    models: BaseModels
    settings_beside: dict[str, Any] = field(default_factory=dict)
    """Settings of the product that this test has otherwise."""

    def __post_init__(self) -> None:
        self.admin = Admin(self.running)
        self.hubspot = HubSpot(self.running)
        self.salesforce = Salesforce(self.running)
        self.forget_clients()

    @property
    def settings(self) -> Settings:
        salesforce, hubspot = (self.running.credentials[crm] for crm in ("salesforce", "hubspot"))
        named = {
            "LEADCYCLE_HOME": self.home,
            "SALESFORCE_BASE_URL": salesforce["base_url"],
            "SALESFORCE_CLIENT_ID": salesforce["client_id"],
            "SALESFORCE_CLIENT_SECRET": salesforce["client_secret"],
            "HUBSPOT_BASE_URL": hubspot["base_url"],
            "HUBSPOT_ACCESS_TOKEN": hubspot["access_token"],
        }
        return Settings(_env_file=None, **{**named, **self.settings_beside})

    @property
    def lake(self) -> Lake:
        return lake_of(self.settings)

    def forget_clients(self) -> None:
        """Let the next reading connect anew, as a new process would."""
        for kept in (crms._salesforce_client, crms._hubspot_client):
            kept.cache_clear()

    def extract(self, crm: Crm, *streams: str, **orders: Any) -> ExtractResult:
        """Read streams (all, if none is named), as a new process would."""
        self.forget_clients()
        wanted = Orders(streams=frozenset(streams), **orders)
        return extract_crm(self.settings, crm, lambda _stream, _rows: None, wanted)

    def reconcile(
        self, crm: Crm, *streams: str, deep: bool = False, gone: bool = False
    ) -> ExtractResult:
        """Compare with the CRM and repair, as a new process would."""
        self.forget_clients()
        wanted = Orders(streams=frozenset(streams))
        believed = streams if gone else ()
        return reconcile_crm(
            self.settings, crm, lambda _s, _rows: None, wanted, deep=deep, gone=believed
        )

    def fault(self, *orders: Mapping[str, Any]) -> None:
        """Order faults; see docs/sandbox.md."""
        self.admin("POST", "faults", list(orders)).raise_for_status()

    def no_faults(self) -> None:
        self.admin("DELETE", "faults").raise_for_status()

    def base(self, crm: Crm, stream: str) -> dict[str, Row]:
        """Return the stream's table of base by record id, deleted records included."""
        return self.models.rows(self.lake, crm, stream)

    def held(self, crm: Crm, stream: str) -> Records:
        """Return the living records that the CRM holds, shown yet or not."""
        return living(self.admin.dump(), crm, stream)

    def known(self, crm: Crm, stream: str) -> Records:
        """Return the living records that base has, in the words of `held`."""
        return read(self.base(crm, stream), crm, stream)
