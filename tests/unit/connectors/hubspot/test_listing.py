"""How a list is divided among chains, over a list in memory."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from connectors.hubspot import listing
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.crew import HANDS, working_crew
from connectors.hubspot.insisting import ContradictionError
from connectors.hubspot.listing import Extent, Listing
from connectors.hubspot.pages import ListPage, PageReader
from connectors.hubspot.searches import Searcher
from connectors.hubspot.shapes import ShapedRecord, build_shape
from connectors.hubspot.spans import Place, Span
from connectors.hubspot.streams.people import CONTACTS
from connectors.hubspot.whole_list import WholeList
from tests.unit.connectors.hubspot.portal import OBJECTS, Portal, contact
from tests.unit.connectors.scripted import Answer, Asked, Script

PAGE = 10


@dataclass
class Pages:
    """A list of records in pages of ten."""

    ids: Sequence[int]
    instead: Callable[[int], Sequence[int] | None] = lambda _start: None
    """Records of a page that is given for another, once for each start."""
    is_stubborn: bool = False
    """Whether it is given again and again."""
    size: int = PAGE
    path: str = "list"
    asked: list[int] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    """Starts that no page had promised."""

    def read_from(self, start: int, is_promised: bool) -> ListPage:
        is_first = not is_promised and start not in self.begun
        wrong = self.instead(start) if is_first or self.is_stubborn else None
        self.asked.append(start)
        self.begun |= set() if is_promised else {start}
        behind = [one for one in self.ids if one >= start] if wrong is None else list(wrong)
        records = [ShapedRecord[Any](str(one), None) for one in behind[: self.size]]
        after = str(behind[self.size]) if len(behind) > self.size else None
        return ListPage(self.path, records, after)

    def lives(self, record_id: int) -> bool:
        return record_id in self.ids


def read(pages: Pages, total: int | None = None) -> Counter[int]:
    extent = Extent(max(pages.ids), len(pages.ids) if total is None else total)
    with working_crew() as crew:
        found = Listing(crew, cast("PageReader", pages), extent, [Span(min(pages.ids))]).read()
        return Counter(one for read in found for one in read.page.ids)


@pytest.fixture(autouse=True)
def _short_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGES_A_CHAIN", 5)


@pytest.mark.parametrize(
    "ids",
    [
        range(1000, 2000),
        [*range(100), *range(10**9, 10**9 + 500), *range(10**10, 10**10 + 300)],
        [n**3 for n in range(1, 700)],
        [7],
    ],
    ids=["even", "clusters", "ever sparser", "one"],
)
def test_each_record_comes_once_however_ids_are_spread(ids: Sequence[int]) -> None:
    pages = Pages(ids)
    assert read(pages) == Counter(ids)
    chains = 1 + len(ids) // PAGE // 5
    assert len(pages.asked) <= -(-len(ids) // PAGE) + 2 * chains


def test_a_chain_at_its_end_takes_over_half_of_what_is_left() -> None:
    pages = Pages([*range(100), *range(10_000, 10_900)])
    read(pages)
    assert len(pages.begun) > HANDS


def test_a_cluster_behind_a_wide_gap_is_divided_as_any_other_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "PAGES_A_CHAIN", 25)
    cluster = range(10**9, 10**9 + 4_000)
    pages = Pages([*range(10), *cluster])
    assert read(pages) == Counter(pages.ids)
    assert len([start for start in pages.begun if start in cluster]) >= HANDS - 1


def test_a_short_list_is_read_by_one_chain() -> None:
    pages = Pages(range(49))
    read(pages)
    assert pages.asked == [0, 10, 20, 30, 40]


def test_a_page_of_another_chain_is_no_proof_that_nothing_is_there() -> None:
    another = range(1900, 1911)
    pages = Pages(range(1000, 2000), lambda start: another if 1000 < start < 1800 else None)
    assert read(pages) == Counter(pages.ids)


def test_an_end_before_the_highest_record_is_asked_again() -> None:
    short = range(1000, 1003)
    pages = Pages(range(1000, 1100), lambda start: short if start == 1000 else None)
    assert read(pages, total=0) == Counter(pages.ids)


def test_a_list_that_ends_too_early_though_its_highest_record_is_there_is_an_error() -> None:
    pages = Pages(range(1000, 1100), lambda _start: [], is_stubborn=True)
    with pytest.raises(ContradictionError, match="ends before the record 1099"):
        read(pages)


@pytest.mark.parametrize("refusal", [True, False], ids=["refused", "from the beginning"])
def test_a_list_that_begins_only_where_a_page_has_said_is_followed_page_by_page(
    script: Script, client: HubSpotClient, refusal: bool
) -> None:
    portal = Portal([contact(number, 1) for number in range(1, 40)])
    named = {str(number) for number in range(3, 40, 2)}

    def answer(asked: Asked) -> Answer:
        if asked.query.get("after", "3") in named:
            return portal.list(asked)
        query = {name: value for name, value in asked.query.items() if name != "after"}
        return Answer({}, status=400) if refusal else portal.list(replace(asked, query=query))

    script.on("GET", OBJECTS, answer)
    portal.attach(script, lists=False)
    shape = build_shape(["lastmodifieddate"])
    whole = WholeList(PageReader(client, CONTACTS, shape), Searcher(client, CONTACTS))
    with working_crew() as crew:
        read_pages = whole.go_on(crew, Place((Span(4, 20), Span(20))), Extent(39, 10_000))
        assert {one for read in read_pages for one in read.page.ids} == set(range(1, 40))


def test_a_list_may_end_before_a_record_that_is_gone() -> None:
    pages = Pages(range(1000, 1100))
    extent = Extent(1500, 100)
    with working_crew() as crew:
        found = Listing(crew, cast("PageReader", pages), extent, [Span(1000)]).read()
        assert Counter(one for read in found for one in read.page.ids) == Counter(pages.ids)
