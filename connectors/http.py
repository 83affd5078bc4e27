"""One transport for every CRM: time-outs, rates, quota, retries, counts and honest errors.

A vendor's SDK does its calls through a `requests` session whose adapter is a `Transport`, so that
every request, whoever made it, follows one policy. Where requests are many, `exchange`, `fetch`
and `stream` go the same way without an SDK and without `requests`: 0.30 ms of CPU for a page in
place of 0.53 (November 2026, against the sandbox).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connectionpool import HTTPConnectionPool

from connectors.answers import check_sound
from connectors.delivery import Delivery, Waiting
from connectors.errors import ConfigError
from connectors.exchange import Body, Outgoing, Reply
from connectors.faults import CHECK_BASE_URL, Dialect
from connectors.records import Crm, Quota
from connectors.retries import RetryPolicy
from connectors.sharing import Sharing
from connectors.signing import Bearer

Answer = TypeVar("Answer")
CONNECTIONS = 16
"""Kept open to a host; threads beyond them open more."""

_LEAN_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "leadcycle"}


class Transport(HTTPAdapter):
    """A `requests` adapter that sends by one policy and counts what it sends; for many threads.

    Reads are repeated after any passing fault. A write is repeated only where the CRM cannot have
    acted (nothing was sent, or it answered that it did nothing); otherwise `UnavailableError` is
    raised and the caller reads back what happened.
    """

    def __init__(
        self,
        dialect: Dialect,
        policy: RetryPolicy | None = None,
        sharing: Sharing | None = None,
        key: str = "alone",
        waiting: Waiting | None = None,
    ) -> None:
        """Prepare, as `Delivery`; nothing is sent yet."""
        super().__init__(pool_maxsize=CONNECTIONS)
        self._crm = dialect.crm
        self._delivery = Delivery(dialect, policy, sharing, key, waiting)
        self.calls = self._delivery.calls
        self._routes: dict[str, tuple[HTTPConnectionPool, bool]] = {}

    @property
    def bearer(self) -> Bearer | None:
        """Signs the calls made without an SDK, and renews what any call's 401 says has ended."""
        return self._delivery.bearer

    @bearer.setter
    def bearer(self, bearer: Bearer) -> None:
        self._delivery.bearer = bearer

    @property
    def latest_date(self) -> str:
        """The Date header of the latest answer to this thread: the CRM's own clock."""
        return self._delivery.latest_date

    @property
    def quota(self) -> Quota | None:
        """The day's calls as the latest answer told; None before the first that did."""
        return self._delivery.quota

    def ask_quota_anew(self) -> None:
        """Let the next call pass, whatever the latest answer told of the day's calls.

        For the first call of a reading: since the last one the day may have ended.
        """
        self._delivery.ask_quota_anew()

    def pause(self, seconds: float) -> None:
        """Wait before something is asked again, by the clock of all waiting."""
        self._delivery.pause(seconds)

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        """Send an SDK's request until it is answered, refused for good or not worth another try.

        Raises:
            CrmError: for whatever is not an answer.
        """
        pool, target = self._connections(request, options)
        method, headers = request.method or "GET", dict(request.headers)
        outgoing = Outgoing(method, str(request.url), headers, request.body, pool, target)

        def build(raw: BaseHTTPResponse) -> requests.Response:
            reply = self._delivery.read(outgoing, raw)
            if self._delivery.classify(outgoing).purpose == "read":
                check_sound(self._crm, reply)
            response = self.build_response(request, raw)
            # Read here, where a torn one is retried; `requests` has no public way to say so.
            response._content = reply.content  # noqa: SLF001
            return response

        return self._delivery.deliver(outgoing, build)

    def exchange(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a signed request without `requests` and return the whole answer.

        Args:
            method: Such as "GET".
            url: The whole address, its query encoded.
            body: Taken for JSON where no Content-Type says otherwise.
            headers: Beside those of the transport, which accept gzip and JSON.

        Raises:
            UnreadableAnswerError: a read was answered, again and again, by torn JSON or by HTML.
            CrmError: otherwise for whatever is not an answer.
        """

        def check(reply: Reply) -> Reply:
            return check_sound(self._crm, reply)

        return self.fetch(method, url, check, body, headers)

    def fetch(
        self,
        method: str,
        url: str,
        decode: Callable[[Reply], Answer],
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Do as `exchange`, and return what `decode` makes of the answer.

        Where that raises UnreadableAnswerError, a read is repeated as after any other fault.
        """
        outgoing = self._outgoing(method, url, body, headers)
        return self._delivery.deliver(
            outgoing, lambda raw: decode(self._delivery.read(outgoing, raw))
        )

    @contextmanager
    def stream(
        self, url: str, headers: Mapping[str, str] | None = None, accept: str = "text/csv"
    ) -> Iterator[Body]:
        """Yield the body of a GET as a file that is read while it arrives.

        Faults before its first byte are retried as in `exchange`; a later one is raised by the
        body's `read`, and the caller asks anew from where the last whole page ended.
        """
        outgoing = self._outgoing("GET", url, None, {"Accept": accept, **(headers or {})})

        def hand_over(raw: BaseHTTPResponse) -> Body:
            if "html" in raw.headers.get("Content-Type", ""):
                check_sound(self._crm, self._delivery.read(outgoing, raw))
            return Body(self._crm, outgoing.place, self._delivery.arrival(raw))

        with self._delivery.deliver(outgoing, hand_over) as body:
            yield body

    def _outgoing(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None
    ) -> Outgoing:
        pool, whole = self._route(url)
        parts = urlsplit(url)
        target = url if whole else parts._replace(scheme="", netloc="").geturl()
        sent = {**_LEAN_HEADERS, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        if self.bearer is not None:
            sent["Authorization"] = self.bearer.authorization()
        return Outgoing(method, url, sent, body, pool, target)

    def _route(self, url: str) -> tuple[HTTPConnectionPool, bool]:
        """Return the connections to a host, and whether a proxy wants the whole address."""
        origin = "://".join(urlsplit(url)[:2])
        if origin not in self._routes:
            session = requests.Session()
            session.trust_env = not _is_loopback(url)
            chosen = session.merge_environment_settings(url, {}, False, None, None)
            pool, target = self._connections(requests.Request("GET", url).prepare(), chosen)
            self._routes[origin] = pool, "://" in target.partition("?")[0]
        return self._routes[origin]

    def _connections(
        self, request: requests.PreparedRequest, options: Mapping[str, Any]
    ) -> tuple[HTTPConnectionPool, str]:
        """Return the connections that the options of a session lead to, and the request's target.

        As `HTTPAdapter.send` does it, which would also send.
        """
        verify, cert = options.get("verify", True), options.get("cert")
        proxies = options.get("proxies")
        pool = self.get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        self.cert_verify(pool, request.url, verify, cert)  # type: ignore[no-untyped-call]
        return cast("HTTPConnectionPool", pool), self.request_url(request, proxies)


def open_session(
    transport: Transport, base_url: str, session: requests.Session | None = None
) -> requests.Session:
    """Let a session send through the transport, which raises our errors for refusals."""
    session = session or requests.Session()
    session.mount("https://", transport)
    session.mount("http://", transport)
    # A proxy of the environment cannot reach a sandbox on this machine.
    session.trust_env = not _is_loopback(base_url)
    # Or else `requests` signs with what ~/.netrc has for the host, or for any host.
    session.auth = session.auth or _sign_nothing
    return session


def _sign_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request as it is: one for a token is signed by its form, or not at all."""
    return request


def check_base_url(crm: Crm, base_url: str) -> str:
    """Return the address without a trailing slash.

    Raises:
        ConfigError: where it is not an http or https address of a host, or holds a user's name.
    """
    parts = urlsplit(base_url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(crm, "base_url", "not an http or https address", CHECK_BASE_URL)
    if "@" in parts.netloc:
        # Errors show the address, and nothing would sign with it.
        what = "a user's name or password stands in the address"
        raise ConfigError(
            crm, "base_url", what, "leave them out: logins have settings of their own"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
