import contextlib
import gzip
import threading

import pyarrow.csv
import pytest

from connectors.delivery import Waiting
from connectors.errors import (
    UnavailableError,
)
from connectors.exchange import Arrival, Slowness
from connectors.http import Transport
from connectors.retries import RetryPolicy
from tests.unit.connectors.lean import (
    DIALECT,
    GZIPPED,
    HTML,
    Client,
)
from tests.unit.connectors.scripted import Answer, Script


@pytest.fixture
def client(script: Script) -> Client:
    return Client(script)


def test_a_body_is_read_while_it_arrives(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(gzip.compress(b"a,b\n1,2\n"), headers=GZIPPED))
    with client.transport.stream(client.url) as body:
        table = pyarrow.csv.read_csv(body)
    assert table.to_pydict() == {"a": [1], "b": [2]}
    assert body.headers["Sforce-Locator"] == "null"
    assert script.asked[0].headers["Accept"] == "text/csv"


def test_faults_before_the_body_are_retried(script: Script, client: Client) -> None:
    page = Answer("<html>", headers=HTML)
    script.on("GET", "/x", Answer({}, 503), page, Answer("a\n1\n"))
    with client.transport.stream(client.url) as body:
        assert body.read(2) + body.read() == b"a\n1\n"


@pytest.mark.parametrize(
    "broken",
    [
        Answer("a\n1\n", promised_bytes=99),
        Answer(gzip.compress(b"a\n1\n" * 9)[:-9], headers=GZIPPED),
    ],
)
def test_a_body_that_breaks_off_says_so(script: Script, client: Client, broken: Answer) -> None:
    script.on("GET", "/x", broken)
    with (
        client.transport.stream(client.url) as body,
        pytest.raises(UnavailableError, match="broke off"),
    ):
        list(iter(lambda: body.read(4), b""))


def test_a_body_left_half_read_holds_no_connection(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer("a" * 9_999), Answer("b"))
    with contextlib.suppress(KeyError), client.transport.stream(client.url) as body:
        assert body.read(1) == b"a"
        raise KeyError
    assert body.closed
    assert body._raw.closed
    assert client.ask().content == b"b"


SLOW = RetryPolicy(read_timeout=1.0, least_rate=100.0, attempts=1)


class Hours:
    """A clock by which an hour passes whenever somebody looks."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 3_600.0
        return self.now


@pytest.fixture
def hours(script: Script) -> Transport:
    script.on("GET", "/x", Answer("a" * 9_999), Answer("b"))
    return Transport(DIALECT, SLOW, waiting=Waiting(clock=Hours()))


def test_a_page_that_hardly_comes_is_given_up(script: Script, hours: Transport) -> None:
    with pytest.raises(UnavailableError, match=r"too late \(TimeoutError\)"):
        hours.exchange("GET", f"{script.base_url}/x")


def test_a_body_that_hardly_comes_is_given_up(script: Script, hours: Transport) -> None:
    with (
        hours.stream(f"{script.base_url}/x") as body,
        pytest.raises(UnavailableError, match=r"too late \(TimeoutError\)"),
    ):
        body.read(1)
    assert body._raw.closed


def test_an_answer_may_take_as_long_as_its_length_earns(script: Script) -> None:
    halves = Slowness(seconds=1.0, least_rate=1e-9, clock=Hours())
    transport = Transport(DIALECT)
    script.on("GET", "/x", Answer(b"a" * 600_000))
    raw = transport._outgoing("GET", f"{script.base_url}/x", None, None).pool.request(
        "GET", "/x", preload_content=False
    )
    assert len(Arrival(raw, halves).read()) == 600_000


def test_what_a_file_is_asked_for_comes_whole_however_it_arrives(
    script: Script, client: Client
) -> None:
    script.on("GET", "/x", Answer(b"abc" * 300_000))
    with client.transport.stream(client.url) as body:
        assert (len(body.read(700_000)), len(body.read(700_000))) == (700_000, 200_000)
        assert body.read(1) == b""


def test_a_stream_too_slow_runs_into_the_time_out(script: Script) -> None:
    transport = Transport(DIALECT, RetryPolicy(read_timeout=0.05, attempts=1))
    never = threading.Event()
    script.on("GET", "/x", lambda _: Answer({"waited": never.wait(0.2)}))
    with (
        pytest.raises(UnavailableError, match="ReadTimeoutError"),
        transport.stream(f"{script.base_url}/x"),
    ):
        pass
