"""What every handler is given."""

import hashlib
from dataclasses import dataclass, field
from functools import partial

from connectors.sandbox.calls import CallLog
from connectors.sandbox.clock import Clock
from connectors.sandbox.courier import Courier
from connectors.sandbox.faults.plan import FaultPlan
from connectors.sandbox.limits import RateWindow
from connectors.sandbox.row_locks import RowLocks
from connectors.sandbox.settings import Settings, keep_settings, read_settings
from connectors.sandbox.store import Store

Credentials = dict[str, dict[str, str]]
API_USERNAME = "integration@sandbox.example"
"""The login of the Salesforce user that the API writes as."""
STATE_FILE = "sandbox.sqlite"
"""The file in a state folder that keeps both CRMs."""


@dataclass
class Sandbox:
    """The two CRMs: their store, clock, settings and seed."""

    store: Store
    clock: Clock
    settings: Settings
    seed: int
    calls: CallLog = field(default_factory=CallLog)
    faults: FaultPlan = field(init=False)
    bursts: RateWindow = field(default_factory=lambda: RateWindow(10.0))
    app_bursts: RateWindow = field(default_factory=lambda: RateWindow(10.0))
    courier: Courier = field(default_factory=Courier)
    """Delivers HubSpot's webhooks."""
    searches: RateWindow = field(default_factory=lambda: RateWindow(1.0))
    row_locks: RowLocks = field(default_factory=RowLocks)

    def __post_init__(self) -> None:
        """Give chance its seed."""
        self.faults = FaultPlan(self.seed)

    def use_settings(self, settings: Settings) -> None:
        """Use and keep other settings, unless the transaction under way is undone."""
        self.store.on_rollback(partial(setattr, self, "settings", self.settings))
        self.settings = settings
        keep_settings(self.store, settings)

    def close(self) -> None:
        """Close the store, once nobody delivers from it any more."""
        self.courier.stop()
        self.store.close()

    def secret(self, name: str, length: int = 40) -> str:
        """Return a token that is the same at every start with the same seed."""
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).hexdigest()
        return (digest * (length // len(digest) + 1))[:length]

    def credentials(self, base_url: str) -> Credentials:
        """Return what a client needs to reach both CRMs."""
        return {
            "hubspot": {
                "base_url": base_url,
                "access_token": self.hubspot_token,
                "client_id": self.hubspot_client_id,
                "client_secret": self.hubspot_client_secret,
                "refresh_token": self.hubspot_refresh_token,
                "developer_api_key": self.hubspot_developer_key,
            },
            "salesforce": {
                "base_url": base_url,
                "client_id": "3MVG9" + self.secret("client id"),
                "client_secret": self.secret("client secret", 64).upper(),
                "username": API_USERNAME,
                "password": self.secret("password", 16),
                "private_key_file": self.private_key_file,
                "refresh_token": self.salesforce_refresh_token,
            },
        }

    @property
    def private_key_file(self) -> str:
        """Where the key is with which a client signs JWT assertions for Salesforce."""
        return str(self.store.folder / "salesforce.key")

    @property
    def salesforce_refresh_token(self) -> str:
        """The refresh token that the Salesforce app has from the start."""
        return f"5Aep861{self.secret('first refresh token', 80)}"

    @property
    def hubspot_token(self) -> str:
        """The service key of the HubSpot account."""
        return f"pat-na1-{as_uuid(self.secret('access token', 32))}"

    @property
    def hubspot_client_id(self) -> str:
        """The client id of the OAuth app that is installed in the HubSpot account."""
        return as_uuid(self.secret("hubspot client id", 32))

    @property
    def hubspot_client_secret(self) -> str:
        """The secret of that app, with which webhooks are signed too."""
        return as_uuid(self.secret("hubspot client secret", 32))

    @property
    def hubspot_refresh_token(self) -> str:
        """The refresh token that the app got when it was installed."""
        return f"na1-{as_uuid(self.secret('hubspot refresh token', 32))}"

    @property
    def hubspot_developer_key(self) -> str:
        """The key of the developer whose app it is, for the app's webhook settings."""
        return as_uuid(self.secret("hubspot developer key", 32))


def as_uuid(digits: str) -> str:
    """Return 32 hexadecimal digits as they stand in a UUID."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def sandbox_in(store: Store, seed: int) -> Sandbox:
    """Return the sandbox of a store. A kept seed beats the given one."""
    kept = store.read_state("seed")
    if kept is None:
        store.keep_state("seed", seed)
    return Sandbox(store, Clock(store), read_settings(store), seed if kept is None else int(kept))
