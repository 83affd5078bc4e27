"""The sandbox's clock: it stands still until someone moves it, and never goes back."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache, partial

from connectors.sandbox.store import Store

START = datetime(2026, 6, 30, 12, tzinfo=UTC)
"""What a freshly seeded sandbox shows."""
LAST_YEAR = 2200
"""As far as the clock goes: times computed from it, in any zone, are those of a calendar still."""

SQL_NOW = (
    "coalesce((select substr(value, 2, 19) from state where name = 'clock'), "  # noqa: S608 - a constant
    f"'{START:%Y-%m-%dT%H:%M:%S}')"
)
"""The present moment as SQL text in UTC, for what is computed where records are read."""


class Clock:
    """UTC, in whole seconds, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.read_state("clock")
        self._now = START if kept is None else datetime.fromisoformat(kept)

    @property
    def now(self) -> datetime:
        """The present moment of both CRMs."""
        return self._now

    @property
    def now_ms(self) -> int:
        """The present moment in milliseconds since 1970."""
        return to_ms(self._now)

    def advance_to(self, moment: datetime) -> None:
        """Move the clock; it moves back should the transaction under way be undone.

        Raises:
            ValueError: the moment lies before the present one, or after the last year.
        """
        moment = moment.astimezone(UTC).replace(microsecond=0)
        if moment < self._now:
            raise ValueError(f"the clock shows {instant(self._now)} and does not go back")
        if moment.year > LAST_YEAR:
            raise ValueError(f"the clock goes to the end of {LAST_YEAR}, and no further")
        self._store.keep_state("clock", moment.isoformat())
        self._store.on_rollback(partial(self._show, self._now))
        self._show(moment)

    def _show(self, moment: datetime) -> None:
        self._now = moment

    def advance_by(self, seconds: int) -> None:
        """Move the clock on by whole seconds."""
        self.advance_to(self._now + timedelta(seconds=seconds))

    def http_date(self, skew_seconds: float = 0.0) -> str:
        """Return the present moment, or one so many seconds later, as an HTTP `Date` header."""
        return format_datetime(self._now + timedelta(seconds=skew_seconds), usegmt=True)


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Return the UTC moment so many milliseconds after 1970."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def instant(moment: datetime) -> str:
    """Return ISO 8601 with a Z; milliseconds only where there are some, as HubSpot writes it."""
    detail = "milliseconds" if moment.microsecond >= 1000 else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=detail) + "Z"


@lru_cache(maxsize=1 << 14)
def instant_of(milliseconds: int) -> str:
    """Return the moment so many milliseconds after 1970 as `instant` writes it."""
    return instant(from_ms(milliseconds))


def parse_instant(text: str) -> datetime:
    """Read ISO 8601; a moment without a zone is UTC.

    Raises:
        ValueError: the text is no moment, or one outside the years 1 to 9999 in UTC.
    """
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error
