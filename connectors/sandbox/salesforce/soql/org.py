"""What a query sees of the org: its objects, the fields it may read, and the rows that show.

Sources: SOAP API Developer Guide, `queryAll()` (deleted and archived rows); Salesforce Help, "Field
History Tracking" (18 months, 24 by the API).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.compounds import compound_fields
from connectors.sandbox.salesforce.permissions import hidden_objects, readable_fields
from connectors.sandbox.salesforce.schema import Field, ObjectType, object_types
from connectors.sandbox.salesforce.soql.periods import add_months
from connectors.sandbox.salesforce.soql.sql import Sql, joined
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.salesforce.tracking import lines_shown

HISTORY_MONTHS, OLDEST_HISTORY_MONTHS = 18, 24
"""How long lines of history show in plain queries, and in those that show hidden rows."""


@dataclass(frozen=True)
class Org:
    """The org as of one request.

    Attributes:
        sandbox: Where it is kept.
        hidden_too: Whether deleted and archived rows show, as they do for queryAll.
        tooling: Whether the Tooling API asks, which has objects of its own.
        every_field: Whether objects and fields show that the API user may not read.
    """

    sandbox: Sandbox
    hidden_too: bool = False
    tooling: bool = False
    every_field: bool = False

    @property
    def now(self) -> datetime:
        """The moment from which relative dates and retention are counted."""
        return self.sandbox.clock.now

    @cached_property
    def objects(self) -> dict[str, ObjectType]:
        """Every object of the org, by name."""
        return object_types(self.sandbox.store)

    @cached_property
    def types(self) -> dict[str, ObjectType]:
        """Every object that this API shows, by name in lower case."""
        hidden = frozenset() if self.every_field else hidden_objects(self.sandbox, self.objects)
        return {
            known.name.lower(): known
            for known in self.objects.values()
            if known.tooling == self.tooling and known.name not in hidden
        }

    @cached_property
    def _fields(self) -> dict[str, dict[str, Field]]:
        return {}

    def fields_of(self, known: ObjectType) -> dict[str, Field]:
        """Return the fields that the API user may read, by name in lower case."""
        if known.name not in self._fields:
            granted = readable_fields(self.sandbox.store, known)
            readable = known.fields if self.every_field else granted
            compounds = compound_fields(known).values()
            listed = [*readable.values(), *compounds]
            self._fields[known.name] = {field.name.lower(): field for field in listed}
        return self._fields[known.name]

    def shown(self, known: ObjectType, alias: str) -> Sql:
        """Return the condition that rows of an object show at all."""
        parts = [] if self.hidden_too else _not_hidden(known, alias)
        owner = _owner_of_history(self.objects, known)
        if owner is not None:
            parts += lines_shown(self.sandbox.settings, owner, alias)
            months = OLDEST_HISTORY_MONTHS if self.hidden_too else HISTORY_MONTHS
            parts.append(Sql(f"{alias}.CreatedDate >= ?", (_months_ago(self.now, months),)))
        delay = self.sandbox.settings.salesforce_commit_delay_seconds
        if delay and "SystemModstamp" in known.fields:
            parts.append(self._committed(alias, delay))
        return joined(parts, "and")

    def _committed(self, alias: str, delay: int) -> Sql:
        # Each record takes its own time to become visible, drawn from its id and the seed.
        drawn = " + ".join(f"unicode(substr({alias}.Id, {place}, 1)) * ?" for place in (13, 14, 15))
        weights = tuple(int(self.sandbox.secret(f"commit {n}", 4), 16) for n in range(3))
        written = f"unixepoch(substr({alias}.SystemModstamp, 1, 19))"
        now = int(self.now.timestamp())
        return Sql(
            f"({alias}.SystemModstamp <= ? or {written} + ({drawn}) % ? <= ?)",
            (stamp(self.now - timedelta(seconds=delay)), *weights, delay + 1, now),
        )


def _not_hidden(known: ObjectType, alias: str) -> list[Sql]:
    flags = [name for name in ("IsDeleted", "IsArchived") if name in known.fields]
    return [Sql(f"not {alias}.{name}") for name in flags]


def _owner_of_history(types: dict[str, ObjectType], known: ObjectType) -> ObjectType | None:
    """Return the object whose tracked fields an object keeps the history of, if it does."""
    return next((owner for owner in types.values() if owner.history == known.name), None)


def _months_ago(now: datetime, months: int) -> str:
    day = add_months(now.date(), -months)
    return stamp(datetime.combine(day, now.timetz()))
