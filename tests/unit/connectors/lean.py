"""A transport without an SDK, for tests: its waits pass at once."""

import threading
from collections.abc import Callable, Mapping

from connectors.errors import QuotaExhaustedError
from connectors.exchange import Reply
from connectors.faults import Allowance, Call, Dialect, Fault, Verdict
from connectors.http import Transport
from connectors.pace import Rate, Told
from connectors.records import Quota
from connectors.signing import Bearer, RenewedBearer
from connectors.tally import CallCounts
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import Answer, Script

GZIPPED = {"Content-Encoding": "gzip", "Sforce-Locator": "null", "Content-Type": "text/csv"}
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
TORN = Answer(b'{"ok": tr', headers=JSON)
SOUND = Answer({"ok": True}, headers=JSON)
SECRET = "planted-secret-7f3a"


def explain(reply: Reply) -> Fault:
    return Fault(reply.status, reply.headers.get("X-Code", ""))


def read_allowance(headers: Mapping[str, str]) -> Allowance:
    used, left = headers.get("X-Used", ""), headers.get("X-Left", "")
    return Allowance(
        Told(4, 10.0, int(left)) if left else None, Quota(100, int(used)) if used else None
    )


DIALECT = Dialect(
    "hubspot",
    lambda method, path: Call("read" if method == "GET" else "write", costs=path != "/token"),
    explain,
    verdicts={"DAY": Verdict(QuotaExhaustedError)},
    rates={"default": Rate(3, 10.0)},
    read_allowance=read_allowance,
)


class Tokens(RenewedBearer):
    """Hands out one token after another."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def ask(self) -> str:
        threading.Event().wait(0.01)  # as long as another thread needs to come in between
        self.given += 1
        return f"token-{self.given}"


class Key(Bearer):
    def authorization(self, refused: str = "") -> str:
        return "Bearer key"


class Client:
    """A transport whose waits pass at once."""

    def __init__(self, script: Script, bearer: Bearer | None = None) -> None:
        self.time = FakeTime()
        self.transport = Transport(DIALECT, waiting=self.time.waiting)
        self.transport.bearer = bearer or Key()
        self.url = f"{script.base_url}/x"

    @property
    def calls(self) -> CallCounts:
        return self.transport.calls

    def ask(self, method: str = "GET", body: bytes | None = None) -> Reply:
        return self.transport.exchange(method, self.url, body)


def run_together(work: Callable[[], object], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
