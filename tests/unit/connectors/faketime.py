"""Time that passes at once."""

import threading

from connectors.delivery import Waiting


class FakeTime:
    """A clock that moves only when somebody sleeps by it, and remembers how long."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.waits: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.sleep, lambda: self.now, jitter=lambda: 0.0)
