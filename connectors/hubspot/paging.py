"""Lists that come in pages."""

from collections.abc import Iterator
from typing import Protocol, TypeVar

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import Paging, next_after
from connectors.hubspot.client import HubSpotClient, Params


class Page(Protocol):
    """A page of any list."""

    @property
    def paging(self) -> Paging | None:
        """Where the next page begins; None on the last one."""


PageShape = TypeVar("PageShape", bound=Page)


def read_pages(
    client: HubSpotClient,
    path: str,
    params: Params,
    shape: type[PageShape],
    after: str | None = None,
) -> Iterator[PageShape]:
    """Yield the pages of a list, from `after` on.

    Raises:
        UnreadableAnswerError: a page begins where another one did.
    """
    begun = {after}
    while True:
        page = client.get(path, params if after is None else {**params, "after": after}, shape)
        yield page
        following = next_after(page.paging)
        if following is None:
            return
        if following in begun:
            what = "the next page begins where another one did"
            raise UnreadableAnswerError("hubspot", path, what)
        begun.add(following)
        after = following
