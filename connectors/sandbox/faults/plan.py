"""Faults on order: which request each one strikes, and when it has struck enough."""

import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from random import Random
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, structs

from connectors.sandbox.clock import parse_instant
from connectors.sandbox.faults.asked import read_asked

FaultKind = Literal[
    "answer",
    "drop",
    "after",
    "delay",
    "slow",
    "stall",
    "cut",
    "torn",
    "lost",
    "partly",
    "repeat",
    "stale",
    "skew",
    "meanwhile",
]
"""What a fault does to the request that it strikes; docs/sandbox.md tells of each."""
REMEMBERING: frozenset[FaultKind] = frozenset({"repeat", "stale"})
"""Kinds that need earlier answers, which are kept with such a fault while it is on order."""


_Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_LONGEST = 3_600
"""Seconds that an answer may be held back; a `Date` header may be further off."""
_FURTHEST = 1_000_000_000
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
"""Headers that say where a body ends, which is for the server to say."""


class Fault(Struct, forbid_unknown_fields=True, eq=False, dict=True):
    """One fault: lets `skip` matching requests pass, then strikes `count` times.

    It may be narrowed to requests of a method, to paths that begin with `path_prefix` and match
    `path` (with * for anything), to a share of them (`probability`, drawn from the sandbox's seed)
    and to a span of the sandbox's clock. Times are ISO 8601, UTC without a zone.
    """

    kind: FaultKind = "answer"
    path_prefix: str = "/"
    path: str = "*"
    method: str = ""
    skip: _Count = 0
    count: _Count = 1
    probability: _Share = 1.0
    not_before: str = ""
    not_after: str = ""
    status: Annotated[int, Meta(ge=200, le=599)] = 503
    body: Any = None
    headers: dict[str, str] = {}
    seconds: float = 0.0
    """How long a `delay` or `stall` lasts, or by how much a `skew` moves the Date header."""
    keep: _Share = 0.5
    """Share of the body that comes through, for `cut`, `torn` and `stall`."""
    at_line: bool = False
    """Whether a `torn` body ends where a line does, so that nothing in it looks torn."""
    bytes_per_second: Annotated[int, Meta(ge=1, le=1_000_000_000)] = 1_000
    requests: list[dict[str, Any]] = []
    """What others ask of the sandbox `meanwhile`: method, path and body of each."""

    def __post_init__(self) -> None:
        """Refuse what types and ranges of the fields let through."""
        least, most = (-_FURTHEST, _FURTHEST) if self.kind == "skew" else (0, _LONGEST)
        if not least <= self.seconds <= most:
            raise ValueError(f"the seconds of a {self.kind} are from {least} to {most}")
        for entry in self.requests:
            read_asked(entry)
        for name, text in self.headers.items():
            _check_header(name, text)
        self._span = tuple(_moment(text) for text in (self.not_before, self.not_after))
        self.memory: dict[Any, Any] = {}
        """Answers since the order, which `connectors.sandbox.faults.bodies` keeps for it."""

    def concerns(self, method: str, path: str) -> bool:
        """Return whether this fault is about such a request, whenever it comes."""
        return (
            self.method.upper() in ("", method)
            and path.startswith(self.path_prefix)
            and fnmatchcase(path, self.path)
        )

    def matches(self, method: str, path: str, now: datetime) -> bool:
        """Return whether this fault is about such a request now and has strikes left."""
        first, last = self._span
        return (
            self.count > 0
            and self.concerns(method, path)
            and (first is None or now >= first)
            and (last is None or now <= last)
        )


def _check_header(name: str, text: str) -> None:
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
        raise ValueError(f"a fault's answer can't bear a header {name!r}")
    if not (text.isascii() and text.isprintable() and text == text.strip()):
        raise ValueError(f"the header {name} of a fault is one line of printable ASCII")


def _moment(text: str) -> datetime | None:
    return parse_instant(text) if text else None


class FaultPlan:
    """The faults still to come; which of them strike by chance depends on the seed alone."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._chance = Random(seed)  # noqa: S311 - repeatable chance, not a secret

    def order(self, faults: Sequence[Fault]) -> None:
        """Add faults to those still to come."""
        with self._lock:
            self._faults = [*self._faults, *(fault for fault in faults if fault.count > 0)]

    def clear(self) -> None:
        """Forget every fault, and begin with chance anew."""
        with self._lock:
            self._faults = []
            self._chance.seed(self._seed)

    def listed(self) -> list[Mapping[str, Any]]:
        """Return the faults that have strikes left, as they stand."""
        with self._lock:
            return [structs.asdict(fault) for fault in self._faults]

    def remembering(self, method: str, path: str) -> list[Fault]:
        """Return the faults on order that need the answer to such a request later on.

        The pages of a list may lie below it: a fault of theirs needs what the list answers, too.
        """
        return [
            fault
            for fault in self._faults
            if fault.kind in REMEMBERING
            and (fault.concerns(method, path) or fault.concerns(method, f"{path}/"))
        ]

    def strike(self, method: str, path: str, now: datetime) -> Fault | None:
        """Return the fault that strikes this request at this moment (UTC), if one does."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.matches(method, path, now) and self._strikes(fault):
                    self._faults = [kept for kept in self._faults if kept.count > 0]
                    return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if fault.probability < 1 and self._chance.random() >= fault.probability:
            return False
        if fault.skip > 0:
            fault.skip -= 1
            return False
        fault.count -= 1
        return True
