"""Faults on order: what a client must survive, at the request where a test wants it."""

import threading
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

FaultKind = Literal["answer", "drop", "delay", "after"]
"""answer: this one instead; drop: none, nothing done; delay: a late one; after: done, but none."""


@dataclass
class Fault:
    """One fault: lets `skip` matching requests pass, then strikes `count` times."""

    kind: FaultKind = "answer"
    path_prefix: str = "/"
    method: str = ""
    skip: int = 0
    count: int = 1
    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a kind that does not exist."""
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"a fault's kind is one of {', '.join(get_args(FaultKind))}")
        if not isinstance(self.method, str) or not isinstance(self.path_prefix, str):
            raise ValueError("a fault's method and path_prefix are texts")

    def matches(self, method: str, path: str) -> bool:
        """Return whether this fault is about such a request and has strikes left."""
        wanted = self.method.upper() in ("", method)
        return self.count > 0 and wanted and path.startswith(self.path_prefix)


class FaultPlan:
    """The faults still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def order(self, faults: list[Fault]) -> None:
        """Add faults to those still to come."""
        with self._lock:
            self._faults.extend(faults)

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._faults.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, if one does."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.count -= 1
                return fault
        return None
