"""What goes out and what comes back, on the road without an SDK."""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from connectors.errors import UnavailableError
from connectors.records import Crm

_PIECE = 1 << 18
"""Bytes to ask a socket for at once."""


@dataclass
class Outgoing:
    """A request, and the pool of connections that it goes through."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any
    pool: HTTPConnectionPool
    target: str
    """What the request line asks for: path and query, or the whole address for a proxy."""
    signed_anew: bool = False
    """Whether it has been signed a second time."""
    signing_wait: float = 0.0
    """Seconds to wait before it goes out with its second signature."""

    @property
    def place(self) -> str:
        """Method, host and path."""
        return whereabouts(self.method, self.url)


@dataclass(frozen=True)
class Reply:
    """An answer, read to its end and decompressed."""

    status: int
    headers: Mapping[str, str]
    """Found whatever the case of their names."""
    content: bytes
    where: str = ""
    """Method, host and path of the request."""


@dataclass(frozen=True)
class Slowness:
    """How slowly an answer may come. The time-out of a socket knows of silence only."""

    seconds: float
    """Always allowed, waiting for bytes alone."""
    least_rate: float
    """Bytes on the wire that earn one more second."""
    clock: Callable[[], float]


class Arrival:
    """An answer while it arrives; one that hardly does is given up."""

    def __init__(self, raw: BaseHTTPResponse, slowness: Slowness) -> None:
        self.raw = raw
        self._slowness = slowness
        self._waited = 0.0

    def read(self) -> bytes:
        """Return all of it, decompressed.

        Raises:
            TimeoutError: it comes too slowly.
            HTTPError: it breaks off, or can't be decompressed.
        """
        return b"".join(iter(lambda: self._next(_PIECE, decode=True), b""))

    def read_raw(self, size: int = -1) -> bytes:
        """Return so many bytes as they are on the wire, fewer at the end; raises as `read`."""
        pieces, left = [], size
        while left and (piece := self._next(left if left > 0 else _PIECE, decode=False)):
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def _next(self, size: int, *, decode: bool) -> bytes:
        clock = self._slowness.clock
        began = clock()
        piece = self.raw.read1(size, decode_content=decode)
        self._waited += clock() - began
        if self._waited > self._slowness.seconds + self.raw.tell() / self._slowness.least_rate:
            self.raw.close()
            raise TimeoutError
        # Nothing at all comes of an answer that has no body.
        return piece or b""


class _Wire:
    """The bytes of an answer as a file, compressed or not."""

    def __init__(self, arrival: Arrival) -> None:
        self.read = arrival.read_raw


class Body(io.RawIOBase):
    """The body of an answer as a file that is read while it arrives, decompressed.

    What was read before an error is what the CRM sent; the caller may ask again for the rest.
    """

    def __init__(self, crm: Crm, where: str, arrival: Arrival) -> None:
        self.headers: Mapping[str, str] = arrival.raw.headers
        self.where = where
        self._crm = crm
        self._raw = arrival.raw
        compressed = self.headers.get("Content-Encoding", "") == "gzip"
        # urllib3 takes the end of the bytes for the end of the gzip; the standard library looks.
        wire = cast("BinaryIO", _Wire(arrival))
        self._content = gzip.GzipFile(fileobj=wire) if compressed else wire

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return up to `size` bytes, or all that are left; none at the end.

        Raises:
            UnavailableError: the answer broke off, came too late or can't be decompressed.
        """
        try:
            return self._content.read(-1 if size is None else size)
        except (HTTPError, OSError, EOFError, zlib.error) as fault:
            what = f"the answer broke off or came too late ({type(fault).__name__})"
            raise UnavailableError(self._crm, self.where, what) from None

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as `read` would and return how many bytes came."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Give the connection back, or end it where the answer was not read to its end."""
        self._raw.close()
        super().close()


def whereabouts(method: str | None, url: str | None) -> str:
    """Return method, host and path. Query values may hold personal data and are left out."""
    address = (url or "").partition("?")[0]
    return f"{method} {address.partition('://')[2] or address}"


_NAMES = re.compile(r"[A-Za-z_]+|v\d+(\.\d)?|\d{4}-\d{2}")


def path_class(url: str) -> str:
    """Return a path with a star for each part that may be an id or a value."""
    parts = urlsplit(url).path.split("/")
    return "/".join(part if not part or _NAMES.fullmatch(part) else "*" for part in parts)
