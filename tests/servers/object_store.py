"""A server that speaks S3 over HTTP (moto's), for lakes on object storage."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

import boto3
import botocore.exceptions
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from pipelines.lake import Lake

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class ObjectStore:
    """The server: its address, and what its requests go through.

    moto looks whether an object is there and then makes it, in as many threads as it has requests:
    real stores do both at once. So do we, by a lock around each request.
    """

    def __init__(self) -> None:
        self._moto: Application = DomainDispatcherApplication(create_backend_app)
        self._turn = Lock()
        self.ignores_conditions = False
        """Speak S3 as stores do that know no conditional writes."""
        self.loses_next_answer = False
        """Do what the next PUT asks for, then answer that the service is unavailable."""
        self.requests: list[tuple[str, str]] = []
        """Method and path of each."""
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def bucket(self) -> str:
        """Make a bucket; return its name."""
        name = f"lake-{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return name

    def client(self) -> Any:
        """Return Amazon's own client of this server."""
        return boto3.client("s3", endpoint_url=self.url, region_name="us-east-1")

    def lake(self, bucket: str, scratch: Any = None) -> Lake:
        """Return a lake in a bucket."""
        return Lake(f"s3://{bucket}/lake", scratch, {"endpoint_url": self.url})

    def _serve(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if self.ignores_conditions:
            environ.pop("HTTP_IF_NONE_MATCH", None)
        with self._turn:
            self.requests.append((method, environ["PATH_INFO"]))
            lost = self.loses_next_answer and method == "PUT"
            if not lost:
                return list(self._moto(environ, start))
            self.loses_next_answer = False
            list(self._moto(environ, lambda *_: lambda _: None))
        start("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b""]

    @contextmanager
    def running(self) -> Iterator["ObjectStore"]:
        """Serve until the block ends."""
        thread = Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


REFUSED = botocore.exceptions.ClientError
"""What Amazon's client raises where the server says no."""
