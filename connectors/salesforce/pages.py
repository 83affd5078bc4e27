"""Pages of a query's answer over REST.

Source: REST API Developer Guide, "Query" and "QueryAll".
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from connectors.answers import read_by, read_clock
from connectors.errors import UnreadableAnswerError
from connectors.exchange import Reply

_PLACE = re.compile(r"-(\d+)$")


class QueryPage(msgspec.Struct, rename="camel"):
    """One page of a query's answer."""

    total_size: int
    done: bool
    records: list[dict[str, Any]]
    """Numbers with a fraction are texts, as they came: no digit is lost."""
    next_records_url: str | None = None

    @property
    def place(self) -> int | None:
        """How many records come before the next page, where its address tells: `0r8...-2000`."""
        found = _PLACE.search(self.next_records_url or "")
        return int(found.group(1)) if found else None


@dataclass(frozen=True)
class Answered:
    """A page, and Salesforce's time when it was asked (UTC, whole seconds, one too late at most).

    Salesforce tells when it answered. A query may take it two minutes, and how long it took is
    known by our clock.
    """

    page: QueryPage
    at: datetime


_DECODER = msgspec.json.Decoder(QueryPage, float_hook=str)


def read_page(reply: Reply) -> Answered:
    """Return the page that an answer holds.

    Raises:
        UnreadableAnswerError: for anything but a page.
    """
    page = read_by("salesforce", _DECODER, reply)
    if not page.done and not page.next_records_url:
        what = "an unfinished query has no next page"
        raise UnreadableAnswerError("salesforce", reply.where, what)
    return Answered(page, read_clock("salesforce", reply.headers.get("Date", "")))
