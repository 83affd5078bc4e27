"""Reading an object's list by several chains of pages at once.

The ids are divided into spans, each read by a chain, since a page says where the next one begins.
A chain that has come to its end takes over half of the widest span that is left, but not for
nothing: most chains cost one request more than a single one would.
"""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from connectors.hubspot.crew import HANDS, Crew
from connectors.hubspot.insisting import ContradictionError
from connectors.hubspot.pages import ListPage, PageReader
from connectors.hubspot.spans import Place, Span, divide, subtract

PAGES_A_CHAIN = 25
"""Pages for each chain: its further request is then at most 4 % of what is needed anyway."""
LEAST_PAGES = 4
"""Pages that a span must be worth to be cut in two."""


@dataclass(frozen=True)
class Extent:
    """What is known of a list before it is read."""

    highest: int = 0
    """An id that is in it; 0 where none is known."""
    total: int = 0
    """About how many records it has."""


@dataclass(frozen=True)
class Read:
    """A page, and where the list goes on once its records are kept."""

    page: ListPage
    place: Place


@dataclass
class _Chain:
    """Pages of one span, one after the other."""

    start: int
    end: int | None
    is_promised: bool = False
    """Whether a page has said that there is a record at its start."""
    was_empty: bool = False
    """Whether nothing was found at a start that nobody had promised."""
    doubts: int = 0
    """How often the list has ended here before a record that it is known to hold."""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass
class Listing:
    """Reads what is left of a list, a page of each chain at a time."""

    crew: Crew
    pages: PageReader
    extent: Extent
    left: list[Span]
    """What has not been read yet."""
    _chains: int = 0
    _seen: int = 0
    _under_way: dict["Future[ListPage]", _Chain] = field(default_factory=dict)

    def read(self, is_promised: bool = False) -> Iterator[Read]:
        """Yield pages as they come.

        Args:
            is_promised: Whether a page has said that there is a record at the first span's start.

        Raises:
            ContradictionError: the list ends before a record that it is known to hold.
            NoIdsError: the list does not go by ids.
        """
        waiting = [_Chain(span.start, span.end) for span in self._spans_to_begin_with()]
        waiting[0].is_promised = is_promised
        while waiting or self._under_way:
            while waiting and len(self._under_way) < HANDS:
                self._ask(waiting.pop(0))
            for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                yield self._take(self._under_way.pop(future), future.result())
                if not waiting and len(self._under_way) < HANDS:
                    waiting = self._split()

    def _spans_to_begin_with(self) -> list[Span]:
        """Divide what is left while there are fewer spans than chains that pay."""
        spans = sorted(self.left, key=lambda span: span.start)
        lacking = min(HANDS, self._chains_that_pay()) - len(spans)
        if lacking > 0:
            widest = max(spans, key=self._width)
            at = spans.index(widest)
            spans[at : at + 1] = divide(widest, self.extent.highest, lacking + 1)
        self._chains = len(spans)
        return spans

    def _chains_that_pay(self) -> int:
        return 1 + self.extent.total // self.pages.size // PAGES_A_CHAIN

    def _width(self, span: Span) -> int:
        end = self.extent.highest + 1 if span.end is None else span.end
        return max(0, end - span.start)

    def _ask(self, chain: _Chain) -> None:
        asked = self.crew.start(self.pages.read_from, chain.start, chain.is_promised)
        self._under_way[asked] = chain

    def _take(self, chain: _Chain, page: ListPage) -> Read:
        """Take what belongs to the chain's span, and ask for the page behind it."""
        ids, following = page.ids, page.following
        is_promised = following is not None
        if following is None and self._ends_too_early(chain, ids):
            following = ids[-1] + 1 if ids else chain.start
        mine, read = page.below(chain.end), Span(chain.start, following).until(chain.end)
        if following is not None and not mine.records and self._asks_twice(chain):
            # It may be another chain's page that a cache gave out again.
            return Read(mine, Place(tuple(self.left)))
        if following is not None and (chain.end is None or following < chain.end):
            chain.start, chain.is_promised = following, is_promised
            self._ask(chain)
        self.left = subtract(self.left, read)
        self._seen += len(mine.records)
        return Read(mine, Place(tuple(self.left)))

    def _asks_twice(self, chain: _Chain) -> bool:
        if chain.is_promised or chain.was_empty:
            return False
        chain.was_empty = True
        self._ask(chain)
        return True

    def _ends_too_early(self, chain: _Chain, ids: list[int]) -> bool:
        """Tell whether to ask again, since the list ends before a record that it should hold."""
        highest = self.extent.highest
        if highest <= (ids[-1] if ids else chain.start - 1):
            return False
        chain.doubts += 1
        if chain.doubts > 1 and self.pages.lives(highest):
            what = f"the list ends before the record {highest}, which is there"
            raise ContradictionError("hubspot", self.pages.path, what)
        return chain.doubts == 1

    def _split(self) -> list[_Chain]:
        """Cut the widest span known to hold records in two, if both halves are worth a chain.

        Ids come in clusters: those of an account's oldest contacts are some 10**10 below the rest.
        A gap would be cut again and again, until no further chain pays (100,000 contacts: 64 s by
        the one chain that was left, 2026-11-22).
        """
        known = [chain for chain in self._under_way.values() if chain.is_promised]
        if self._chains >= self._chains_that_pay() or not known:
            return []
        widest = max(known, key=lambda chain: self._width(chain.span))
        if self._records_in(widest.span) < LEAST_PAGES * self.pages.size:
            return []
        near, *far = divide(widest.span, self.extent.highest, 2)
        widest.end = near.end
        self._chains += len(far)
        return [_Chain(span.start, span.end) for span in far]

    def _records_in(self, span: Span) -> float:
        """Return about how many records a span holds, were they spread evenly."""
        ids_left = sum(self._width(left) for left in self.left)
        return self._width(span) * (self.extent.total - self._seen) / max(1, ids_left)
