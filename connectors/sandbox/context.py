"""What every handler is given."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from connectors.sandbox.calls import CallLog
from connectors.sandbox.clock import Clock
from connectors.sandbox.faults import FaultPlan
from connectors.sandbox.limits import RateWindow
from connectors.sandbox.settings import Settings, read_settings
from connectors.sandbox.store import Store

Credentials = dict[str, dict[str, str]]
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
    faults: FaultPlan = field(default_factory=FaultPlan)
    bursts: RateWindow = field(default_factory=lambda: RateWindow(10.0))
    searches: RateWindow = field(default_factory=lambda: RateWindow(1.0))

    def secret(self, name: str, length: int = 40) -> str:
        """Return a token that is the same at every start with the same seed."""
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).hexdigest()
        return (digest * (length // len(digest) + 1))[:length]

    def credentials(self, base_url: str) -> Credentials:
        """Return what a client needs to reach both CRMs."""
        return {
            "hubspot": {"base_url": base_url, "access_token": self.hubspot_token},
            "salesforce": {
                "base_url": base_url,
                "client_id": "3MVG9" + self.secret("client id"),
                "client_secret": self.secret("client secret", 64).upper(),
            },
        }

    @property
    def hubspot_token(self) -> str:
        """The service key of the HubSpot account."""
        digits = self.secret("access token", 32)
        return f"pat-na1-{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def open_sandbox(state_dir: Path, seed: int) -> Sandbox:
    """Open the state in a folder, creating it when it is new. A kept seed beats the given one."""
    state_dir.mkdir(parents=True, exist_ok=True)
    store = Store(state_dir / STATE_FILE)
    kept = store.read_state("seed")
    if kept is None:
        store.keep_state("seed", seed)
    return Sandbox(store, Clock(store), read_settings(store), seed if kept is None else int(kept))
