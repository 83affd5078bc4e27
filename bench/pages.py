"""The answers of a full read as they come, and how fast the leanest client gets them."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from bench.client import Connection
from bench.contacts import CONTACT_PROPERTIES
from bench.leads import LEAD_FIELDS
from bench.requests import Doors

_CONTACTS_ASKED = f"/crm/v3/objects/contacts?limit=100&properties={','.join(CONTACT_PROPERTIES)}"
_JOBS = "/services/data/v66.0/jobs/query"
_LEADS_A_PAGE = 20_000
"""About 16 MB of CSV."""
_AFTER = re.compile(rb'"after":"(\d+)"')
_LOCATOR = re.compile(rb"(?i)\r\nsforce-locator: *(?!null)(\S+)")


@dataclass(frozen=True)
class Pages:
    """A full read: what was asked over which connections, and a folder with the answers."""

    connect: Callable[[], Connection]
    paths: Sequence[str]
    folder: Path
    made_in: float = 0.0
    """Seconds until the answers were there to be fetched, where a job made them."""

    @property
    def size(self) -> int:
        """Bytes of all answers."""
        return sum(file.stat().st_size for file in self.folder.iterdir())

    def fetch(self, connections: int) -> float:
        """Ask for the same pages once more, over so many connections, and return the seconds.

        Nothing is looked at: no client with as many connections can be faster here.
        """

        def ask(paths: Sequence[str]) -> None:
            with closing(self.connect()) as connection:
                for path in paths:
                    connection.send("GET", path)

        began = time.perf_counter()
        with ThreadPoolExecutor(connections) as pool:
            shares = [self.paths[start::connections] for start in range(connections)]
            list(pool.map(ask, shares))
        return time.perf_counter() - began


def contact_pages(doors: Doors, folder: Path) -> Pages:
    """Read every contact, page after page."""

    def following(connection: Connection) -> str | None:
        found = _AFTER.search(connection.body, max(0, len(connection.body) - 4_000))
        return f"{_CONTACTS_ASKED}&after={found[1].decode()}" if found else None

    return _read(doors.hubspot, _CONTACTS_ASKED, following, folder)


def lead_pages(doors: Doors, folder: Path) -> Pages:
    """Read every Lead by a job of Bulk API 2.0, whose results stay to be fetched once more."""
    soql = f"SELECT {','.join(LEAD_FIELDS)} FROM Lead"
    began = time.perf_counter()
    with closing(doors.salesforce()) as connection:
        job = connection.json("POST", _JOBS, {"operation": "queryAll", "query": soql})
        path = f"{_JOBS}/{job['id']}"
        while connection.json("GET", path)["state"] != "JobComplete":
            pass
    made_in = time.perf_counter() - began
    asked = f"{path}/results?maxRecords={_LEADS_A_PAGE}"

    def following(connection: Connection) -> str | None:
        found = _LOCATOR.search(connection.head)
        return f"{asked}&locator={found[1].decode()}" if found else None

    return replace(_read(doors.salesforce, asked, following, folder), made_in=made_in)


def _read(
    connect: Callable[[], Connection],
    first: str,
    following: Callable[[Connection], str | None],
    folder: Path,
) -> Pages:
    folder.mkdir(parents=True)
    paths: list[str] = []
    with closing(connect()) as connection:
        for path in _follow(connection, first, following):
            (folder / f"{len(paths):06}").write_bytes(connection.body)
            paths.append(path)
    return Pages(connect, paths, folder)


def _follow(
    connection: Connection, first: str, following: Callable[[Connection], str | None]
) -> Iterator[str]:
    """Ask for a page and the ones behind it, and yield the path of each once it is answered."""
    path: str | None = first
    while path is not None:
        connection.send("GET", path)
        yield path
        path = following(connection)
