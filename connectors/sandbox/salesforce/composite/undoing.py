"""Work inside a request that is undone as a whole, and what is told of it all the same."""

from collections.abc import Sequence
from typing import Any


class UndoneError(Exception):
    """Something failed where all or nothing was wanted; raised to roll a savepoint back."""

    def __init__(self, results: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.results = list(results)
        """What was done until then, the failure last where the work stops at one."""
