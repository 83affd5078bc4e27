"""Sending one request to the app and waiting for its answer, but not for long."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from urllib3.util import Url

TIMEOUT_SECONDS = 5.0
"""Real seconds from the first byte that is sent to the last header of the answer."""


def is_taken(address: Url, body: bytes, headers: Mapping[str, str]) -> bool:
    """Return whether the app answers with a 2xx in time; what else it says is not read."""
    https = address.scheme == "https"
    host = (address.host or "").strip("[]")
    connection = (HTTPSConnection if https else HTTPConnection)(
        host, address.port, timeout=TIMEOUT_SECONDS
    )
    try:
        connection.connect()
        return 200 <= _status(connection, address.request_uri, body, headers) < 300
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _status(connection: HTTPConnection, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Return the status that the app answers with.

    Raises:
        OSError, HTTPException: it gives none that can be understood, or none in time.
    """
    # The time-out of a socket is for its silence: one byte now and then would hold us for ever.
    end = threading.Timer(TIMEOUT_SECONDS, _hang_up, (connection.sock,))
    end.start()
    try:
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        end.cancel()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
