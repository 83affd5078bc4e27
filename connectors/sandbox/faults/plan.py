"""Faults on order: which request each one strikes, and when it has struck enough."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from fnmatch import fnmatchcase
from random import Random
from typing import Any, Literal, get_args

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
    "repeat",
    "stale",
    "skew",
    "meanwhile",
]
"""What a fault does to the request that it strikes; docs/sandbox.md tells of each."""
REMEMBERING: frozenset[FaultKind] = frozenset({"repeat", "stale"})
"""Kinds that need earlier answers, which are kept with such a fault while it is on order."""


@dataclass
class Fault:
    """One fault: lets `skip` matching requests pass, then strikes `count` times.

    It may be narrowed to requests of a method, to paths that begin with `path_prefix` and match
    `path` (with * for anything), to a share of them (`probability`, drawn from the sandbox's seed)
    and to a span of the sandbox's clock. Times are ISO 8601, UTC without a zone.
    """

    kind: FaultKind = "answer"
    path_prefix: str = "/"
    path: str = "*"
    method: str = ""
    skip: int = 0
    count: int = 1
    probability: float = 1.0
    not_before: str = ""
    not_after: str = ""
    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long a `delay` or `stall` lasts, or by how much a `skew` moves the Date header."""
    keep: float = 0.5
    """Share of the body that comes through, for `cut`, `torn` and `stall`."""
    at_line: bool = False
    """Whether a `torn` body ends where a line does, so that nothing in it looks torn."""
    bytes_per_second: int = 1_000
    requests: list[dict[str, Any]] = field(default_factory=list)
    """What others ask of the sandbox `meanwhile`: method, path and body of each."""

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist, and values of another type than the default's."""
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"a fault's kind is one of {', '.join(get_args(FaultKind))}")
        for known in fields(self):
            wanted, given = known.type, getattr(self, known.name)
            if wanted is str and not isinstance(given, str):
                raise ValueError(f"a fault's {known.name} is a text")
            if wanted in (int, float) and not isinstance(given, int | float):
                raise ValueError(f"a fault's {known.name} is a number")
        if not 200 <= self.status <= 599:
            raise ValueError("a fault's status is from 200 to 599")
        self._check_lists()
        self._span = tuple(_moment(text) for text in (self.not_before, self.not_after))
        self.memory: dict[Any, Any] = {}
        """Answers since the order, which `connectors.sandbox.faults.bodies` keeps for it."""

    def _check_lists(self) -> None:
        if not isinstance(self.requests, list):
            raise ValueError("a fault's requests are a list")
        for entry in self.requests:
            read_asked(entry)
        if not isinstance(self.headers, dict) or not all(map(_is_line, self.headers.values())):
            raise ValueError("a fault's headers are an object of texts of one line")

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


def _is_line(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and (text.isprintable() or not text)


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
            known = [field.name for field in fields(Fault)]
            return [{name: getattr(fault, name) for name in known} for fault in self._faults]

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
