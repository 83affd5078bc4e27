"""Signs of scopes: what the CRM said of a list when its members were last read whole.

While it says the same, they are not read again, but once in a while all the same (`members` in
`extract.yml`): should a sign stand still though a member left, the lake is wrong until then.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.records import Batch
from pipelines.reading.keeping import Keeper
from pipelines.reading.marks import MEMBERS, Mark


@dataclass(frozen=True)
class _Sign:
    text: str
    read_at: datetime
    """When what it stands for was read, by the CRM's clock (UTC)."""


class Signs:
    """The signs of one stream's scopes, kept in a mark."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        run, name = keeper.run, keeper.stream.name
        if run.orders.full_refresh:
            run.marks.forget(name, MEMBERS)
        mark = run.marks.past(name, MEMBERS, run.began)
        self._kept = _read(mark) if mark is not None else {}
        self._came: set[str] = set()
        """Scopes that came whole in this run."""

    def known(self) -> Mapping[str, str]:
        """Return, by scope, the signs of what need not be read while they stand."""
        run = self._keeper.run
        since = run.began - run.rules.every.interval(MEMBERS)
        return {scope: sign.text for scope, sign in self._kept.items() if sign.read_at > since}

    def let_go(self, batch: Batch) -> None:
        """Forget scopes that are gone, before their records are buried: they may come back."""
        if "" not in batch.whole:
            return
        gone = self._kept.keys() - self._came - set(batch.unmoved)
        for scope in gone:
            del self._kept[scope]
        if gone:
            self._note()

    def keep(self, batch: Batch) -> None:
        """Note what came whole, once all that the batch tells is kept."""
        began = self._keeper.run.began
        self._kept |= {scope: _Sign(text, began) for scope, text in batch.signs.items()}
        self._came |= batch.signs.keys()
        if batch.signs:
            self._note()

    def _note(self) -> None:
        run, kept = self._keeper.run, self._kept
        told = {scope: [sign.text, sign.read_at.isoformat()] for scope, sign in kept.items()}
        run.marks.note(self._keeper.stream.name, {MEMBERS: Mark(run.began, json.dumps(told))})


def _read(mark: Mark) -> dict[str, _Sign]:
    """Read what `Signs` noted."""
    told: dict[str, list[str]] = json.loads(mark.note)
    return {scope: _Sign(text, datetime.fromisoformat(at)) for scope, (text, at) in told.items()}
