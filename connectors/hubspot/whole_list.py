"""Everything that an object's list shows, in as few requests and as little time as it takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.hubspot.crew import Crew
from connectors.hubspot.insisting import ContradictionError
from connectors.hubspot.listing import PAGES_A_CHAIN, Extent, Listing, Read
from connectors.hubspot.pages import ListPage, NoIdsError, PageReader
from connectors.hubspot.searches import Searcher
from connectors.hubspot.spans import Place, Span

SHORT = 2 * PAGES_A_CHAIN
"""Pages of a list that one chain reads as well as two, which would need a search beforehand."""


@dataclass(frozen=True)
class WholeList:
    """Reads one object's list from its beginning, or from where a reading broke off."""

    pages: PageReader
    searcher: Searcher

    def begin(self) -> Read:
        """Return the first page, and where the list goes on behind it."""
        return self._followed(self.pages.read(None))

    def extent(self, total: int | None = None) -> Extent:
        """Return what is worth knowing of the list before it is read.

        Args:
            total: About how many records it has, if that is known.
        """
        if total is not None and total < SHORT * self.pages.size:
            return Extent(total=total)
        return Extent(*self.searcher.highest())

    def go_on(
        self, crew: Crew, place: Place, extent: Extent, is_promised: bool = False
    ) -> Iterator[Read]:
        """Yield what is left behind a place.

        Args:
            crew: Who reads.
            place: Where the list goes on.
            extent: What is known of the list.
            is_promised: Whether a page has just said that there is a record at the place.
        """
        if place.is_end:
            return
        if place.after is not None:
            yield from self._one_by_one(place.after)
            return
        try:
            listing = Listing(crew, self.pages, extent, list(place.spans))
            yield from listing.read(is_promised)
        except NoIdsError:
            yield from self._one_by_one()

    def read(self, crew: Crew, extent: Extent | None = None) -> Iterator[Read]:
        """Yield everything; without an extent, one is asked for if there are several pages."""
        first = self.begin()
        yield first
        if not first.place.is_end:
            yield from self.go_on(crew, first.place, extent or self.extent(), is_promised=True)

    def _one_by_one(self, after: str | None = None) -> Iterator[Read]:
        """Yield one page after the other by HubSpot's own `after`, whatever it is."""
        begun: set[str | None] = set()
        while after not in begun:
            begun.add(after)
            page = self.pages.read(after)
            yield Read(page, Place(after=page.after))
            if page.after is None:
                return
            after = page.after
        raise ContradictionError("hubspot", self.pages.path, "the list turns in circles")

    def _followed(self, page: ListPage) -> Read:
        try:
            following = page.following
        except NoIdsError:
            return Read(page, Place(after=page.after))
        return Read(page, Place() if following is None else Place((Span(following),)))
