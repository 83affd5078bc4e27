"""A server that does nothing but send the same bytes: how fast any server could be here."""

import sys
import time
from pathlib import Path

from starlette.types import Receive, Scope, Send

from connectors.sandbox.server import running_app


class SameBytes:
    """Answers everything with the same body."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._headers = [(b"content-length", str(len(body)).encode())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send the body without having read the request."""
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


def main() -> None:
    with running_app(SameBytes(Path(sys.argv[1]).read_bytes())) as url:
        print(url.rpartition(":")[2], flush=True)
        time.sleep(3600)


if __name__ == "__main__":
    main()
