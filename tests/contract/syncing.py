"""A sync of one score into every HubSpot contact of the sandbox, by processes that may die."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from connectors.changes import RecordChange, WriteResult
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.records import Value
from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.config import Sync
from pipelines.sync.plan import Terms, plan_changes
from pipelines.sync.store import StateStore
from tests.unit.connectors.faketime import FakeTime
from tests.unit.pipelines.builders import AS_OF, SCORE, row_of, silent

FIELD = "killed_score"
SYNC = Sync.model_validate(
    {
        "name": "hubspot__killed",
        "crm": "hubspot",
        "object": "contacts",
        "sync_model": "sync_hubspot__contacts",
        "fields": [SCORE | {"field": FIELD}],
        "stamp": {"field": "killed_stamp", "label": "Stamp"},
        "in_flight": 4,
    }
)
BATCH = 3

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.contract.syncing"])


@dataclass(frozen=True)
class Scene:
    """Where a sync runs: the portal, its state store, and where it notes what it sends."""

    portal: dict[str, str]
    folder: Path

    @property
    def state_url(self) -> str:
        return f"sqlite:///{self.folder / 'state.sqlite'}"

    @property
    def log(self) -> Path:
        return self.folder / "sent.log"

    def connect(self) -> "LoggingDestination":
        """Connect without ever waiting for a limit."""
        keys = (self.portal["base_url"], self.portal["access_token"])
        return LoggingDestination(
            HubSpotClient.connect(*keys, waiting=FakeTime().waiting), self.log
        )

    def held(self) -> dict[str, Value]:
        """Return what every contact holds."""
        destination = self.connect()
        path = destination.client.paths.objects("contacts")
        page = destination.client.get(path, {"limit": 100}, dict)
        ids = sorted(str(record["id"]) for record in page["results"])
        now = destination.read_current("contacts", ids, [FIELD])
        return {record_id: now[record_id][FIELD] for record_id in ids}

    def times_sent(self) -> Counter[str]:
        """Count how often each record was given to the road, kills or no kills."""
        return Counter(self.log.read_text().split() if self.log.exists() else [])


class LoggingDestination(HubSpotDestination):
    """Notes each record before it is sent, in a file that outlives the process."""

    batch_size = BATCH

    def __init__(self, client: HubSpotClient, log: Path) -> None:
        super().__init__(client)
        self.client, self._log = client, log

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        line = "".join(f"{change.record_id}\n" for change in changes).encode()
        with self._log.open("ab", buffering=0) as log:
            os.write(log.fileno(), line)
        return super().write(object_name, changes, match)


def sync_once(scene: Scene, score: int) -> Account:
    """Settle what is in flight, plan one score for all contacts, apply."""
    destination, store = scene.connect(), StateStore(scene.state_url)
    settle_intents(SYNC, destination, store)
    now = scene.held()
    wanted = [row_of(record_id, score=score) for record_id in now]
    current = {record_id: row_of(record_id, score=value) for record_id, value in now.items()}
    plan = plan_changes(Terms(SYNC, AS_OF), wanted, current, store.memory(SYNC))
    kept = store.keep_plan(SYNC, plan, AS_OF, "000001", ())
    return apply_plan(SYNC, kept, destination, store, silent)


def start(scene: Scene, score: int) -> BaseProcess:
    """Begin a sync in a process of its own."""
    process = _PROCESSES.Process(target=sync_once, args=(scene, score), daemon=True)
    process.start()
    return process
