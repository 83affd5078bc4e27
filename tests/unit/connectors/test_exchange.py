import contextlib
import gzip
import logging
import threading
from collections.abc import Callable

import msgspec
import pyarrow.csv
import pytest

from connectors.answers import decode
from connectors.errors import (
    AuthError,
    CrmError,
    QuotaExhaustedError,
    TooLongError,
    UnavailableError,
    UnreadableAnswerError,
)
from connectors.exchange import Reply, path_class
from connectors.faults import Allowance, Call, Dialect, Fault, Verdict
from connectors.http import Transport, open_session
from connectors.pace import Rate, Told
from connectors.records import CallCounts, Quota
from connectors.retries import RetryPolicy
from connectors.sharing import Sharing
from connectors.signing import Bearer, RenewedBearer
from connectors.tally import counting
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import Answer, Script

JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
TORN = Answer(b'{"ok": tr', headers=JSON)
SOUND = Answer({"ok": True}, headers=JSON)
SECRET = "planted-secret-7f3a"


def explain(reply: Reply) -> Fault:
    return Fault(reply.status, reply.headers.get("X-Code", ""))


def read_allowance(headers: object) -> Allowance:
    assert hasattr(headers, "get")
    used, left = headers.get("X-Used", ""), headers.get("X-Left", "")
    return Allowance(
        Told(4, 10.0, int(left)) if left else None, Quota(100, int(used)) if used else None
    )


DIALECT = Dialect(
    "hubspot",
    lambda method, path: Call("read" if method == "GET" else "write"),
    explain,
    verdicts={"BUSY": Verdict(CrmError)},
    rates={"default": Rate(3, 10.0)},
    read_allowance=read_allowance,
)


class Tokens(RenewedBearer):
    """Hands out one token after another."""

    def __init__(self) -> None:
        super().__init__()
        self.given = 0

    def ask(self) -> str:
        self.given += 1
        return f"token-{self.given}"


class Key(Bearer):
    def authorization(self, refused: str = "") -> str:
        return "Bearer key"


class Client:
    """A transport whose waits pass at once."""

    def __init__(self, script: Script, bearer: Bearer | None = None) -> None:
        self.time = FakeTime()
        self.transport = Transport(DIALECT, waiting=self.time.waiting)
        self.transport.bearer = bearer or Key()
        self.url = f"{script.base_url}/x"

    @property
    def calls(self) -> CallCounts:
        return self.transport.calls

    def ask(self, method: str = "GET", body: bytes | None = None) -> Reply:
        return self.transport.exchange(method, self.url, body)


@pytest.fixture
def client(script: Script) -> Client:
    return Client(script)


def test_an_answer_comes_whole_with_its_headers(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({"a": 1}, headers={"X-One": "1"}))
    reply = client.transport.exchange("GET", client.url + "?q=%41&r=b+c")
    assert (reply.status, reply.content, reply.headers["x-one"]) == (200, b'{"a": 1}', "1")
    [asked] = script.asked
    assert asked.query == {"q": "A", "r": "b c"}
    assert asked.headers["Authorization"] == "Bearer key"


def test_a_body_is_json_unless_it_says_otherwise(script: Script, client: Client) -> None:
    script.on("POST", "/x", SOUND)
    client.ask("POST", b'{"b": 2}')
    client.transport.exchange("POST", client.url, b"a,b", {"Content-Type": "text/csv"})
    assert [asked.headers["Content-Type"] for asked in script.asked] == [
        "application/json",
        "text/csv",
    ]
    assert script.asked[0].json() == {"b": 2}


def test_a_compressed_answer_is_decompressed(script: Script, client: Client) -> None:
    body = gzip.compress(b'{"ok": true}')
    script.on("GET", "/x", Answer(body, headers={**JSON, "Content-Encoding": "gzip"}))
    assert client.ask().content == b'{"ok": true}'
    assert script.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "broken",
    [
        TORN,
        Answer("<html>", headers=HTML),
        Answer(b"", headers=JSON),
        Answer(b"no gzip", headers={**JSON, "Content-Encoding": "gzip"}),
        Answer(gzip.compress(b"{}")[:9], headers={**JSON, "Content-Encoding": "gzip"}),
        Answer({"ok": True}, headers=JSON, promised_bytes=99),
    ],
)
def test_a_read_whose_body_is_broken_is_read_again(
    script: Script, client: Client, broken: Answer
) -> None:
    script.on("GET", "/x", broken, SOUND)
    assert client.ask().content == b'{"ok": true}'
    assert client.calls.retried == 1


@pytest.mark.parametrize("broken", [TORN, Answer("<html>", headers=HTML)])
def test_what_stays_broken_is_no_answer(script: Script, client: Client, broken: Answer) -> None:
    script.on("GET", "/x", broken)
    with pytest.raises(UnreadableAnswerError, match="/x"):
        client.ask()
    assert client.calls == CallCounts(read=3, retried=2, waited_seconds=1.5)


def test_an_sdk_too_never_sees_half_an_answer(script: Script, client: Client) -> None:
    session = open_session(client.transport, script.base_url)
    script.on("GET", "/x", TORN, Answer("<html>", headers=HTML), SOUND)
    assert session.get(client.url).json() == {"ok": True}


def test_a_write_is_never_repeated_for_its_answer(script: Script, client: Client) -> None:
    script.on("POST", "/x", TORN)
    with pytest.raises(UnreadableAnswerError):
        client.ask("POST", b"{}")
    assert len(script.asked) == 1


def test_what_a_reader_cannot_decode_is_read_again(script: Script, client: Client) -> None:
    class Shape(msgspec.Struct):
        ok: bool

    def read(reply: Reply) -> Shape:
        return decode("hubspot", reply, Shape)

    script.on("GET", "/x", Answer({"ok": "no"}), SOUND)
    assert client.transport.fetch("GET", client.url, read) == Shape(ok=True)


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_request_too_long_is_an_error_of_its_own(
    script: Script, client: Client, status: int
) -> None:
    script.on("GET", "/x", Answer("<html>", status))
    with pytest.raises(TooLongError):
        client.ask()
    assert len(script.asked) == 1


def test_an_ended_token_is_renewed_once_and_all_else_stays(script: Script) -> None:
    client = Client(script, Tokens())
    script.on("POST", "/x", Answer({}, 401), SOUND)
    client.transport.exchange("POST", client.url, b"{}", {"Sforce-Auto-Assign": "FALSE"})
    first, second = script.asked
    assert [asked.headers["Authorization"] for asked in script.asked] == [
        "Bearer token-1",
        "Bearer token-2",
    ]
    assert first.headers["Sforce-Auto-Assign"] == second.headers["Sforce-Auto-Assign"]
    assert client.time.waits == [0.0]


def test_an_sdks_ended_token_is_renewed_too(script: Script) -> None:
    client = Client(script, Tokens())
    session = open_session(client.transport, script.base_url)
    session.auth = client.transport.bearer
    script.on("GET", "/x", Answer({}, 401), SOUND)
    assert session.get(client.url).json() == {"ok": True}


def test_a_token_refused_twice_is_an_error(script: Script) -> None:
    client = Client(script, Tokens())
    script.on("GET", "/x", Answer({}, 401))
    with pytest.raises(AuthError):
        client.ask()
    assert len(script.asked) == 2


def test_a_key_refused_once_gets_a_second_try_after_a_second(
    script: Script, client: Client
) -> None:
    script.on("GET", "/x", Answer({}, 401), SOUND)
    client.ask()
    assert client.time.waits == [1.0]


def test_many_threads_meet_the_end_of_a_token_and_one_asks_for_another(script: Script) -> None:
    tokens = Tokens()
    client = Client(script, tokens)

    def answer(asked: object) -> Answer:
        ended = asked.headers["Authorization"] == "Bearer token-1"  # type: ignore[attr-defined]
        return Answer({}, 401) if ended else SOUND

    script.on("GET", "/x", answer)
    run_together(client.ask, 6)
    assert tokens.given == 2


def run_together(work: Callable[[], object], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_limit_makes_the_whole_lane_wait_and_is_counted(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({}, 429), SOUND)
    client.ask()
    expected = CallCounts(read=2, retried=1, waited_seconds=1.0, limited=1)
    assert client.calls == expected


def test_a_locked_record_holds_nobody_else_back(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({}, 423), SOUND)
    client.ask()
    assert (client.calls.limited, client.time.waits) == (0, [2.0])


def test_calls_wait_for_their_turn_and_answers_tell_how_many_there_are(
    script: Script, client: Client
) -> None:
    lefts = [Answer({}, headers={"X-Left": str(left)}) for left in (3, 2, 1, 0)]
    script.on("GET", "/x", *lefts)
    for _ in range(5):
        client.ask()
    assert client.time.waits == [10.0]


def test_two_transports_of_one_credential_share_its_window(script: Script, tmp_path) -> None:
    script.on("GET", "/x", SOUND)
    time = FakeTime()
    sharing = Sharing(tmp_path)
    both = [Transport(DIALECT, None, sharing, "k", time.waiting) for _ in range(2)]
    for transport in (*both, *both):
        transport.exchange("GET", f"{script.base_url}/x")
    assert time.waits == [10.0]
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["hubspot-k.sqlite"]


def test_a_read_that_would_touch_the_reserve_is_not_sent(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({}, headers={"X-Used": "90"}))
    script.on("POST", "/x", SOUND)
    client.ask()
    with pytest.raises(QuotaExhaustedError):
        client.ask()
    client.ask("POST")
    assert [asked.method for asked in script.asked] == ["GET", "POST"]
    assert client.transport.quota == Quota(limit=100, used=90)


def test_a_stretch_of_work_counts_its_own_calls(script: Script, client: Client) -> None:
    script.on("GET", "/x", SOUND)
    client.ask()
    with counting() as calls:
        client.ask()
    assert (calls.read, client.calls.read) == (1, 2)


def test_each_thread_has_the_date_of_its_own_latest_answer(script: Script, client: Client) -> None:
    dates = [Answer({}, headers={"Date": f"Sun, 22 Nov 2026 1{n}:00:00 GMT"}) for n in range(2)]
    script.on("GET", "/x", *dates)
    client.ask()
    run_together(client.ask, 1)
    assert client.transport.latest_date == "Sun, 22 Nov 2026 10:00:00 GMT"


def test_a_retry_is_logged_without_ids_or_values(
    script: Script, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"/crm/v3/objects/contacts/{SECRET}@example.com"
    script.on("GET", path, Answer(SECRET, 500), SOUND)
    with caplog.at_level(logging.INFO):
        client.transport.exchange("GET", f"{script.base_url}{path}?email={SECRET}")
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("conn")]
    assert line == (
        "hubspot GET /crm/v3/objects/contacts/*: UnavailableError HTTP 500; again in 1.0 s"
    )


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://h/crm/v3/objects/contacts/123?a=b", "/crm/v3/objects/contacts/*"),
        ("https://h/services/data/v66.0/query/0r8-2000", "/services/data/v66.0/query/*"),
        ("https://h/crm/objects/2026-09/contacts", "/crm/objects/2026-09/contacts"),
    ],
)
def test_a_path_is_told_without_what_may_be_an_id(url: str, shape: str) -> None:
    assert path_class(url) == shape


def test_a_body_is_read_while_it_arrives(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(gzip.compress(b"a,b\n1,2\n"), headers=GZIPPED))
    with client.transport.stream(client.url) as body:
        table = pyarrow.csv.read_csv(body)
    assert table.to_pydict() == {"a": [1], "b": [2]}
    assert body.headers["Sforce-Locator"] == "null"
    assert script.asked[0].headers["Accept"] == "text/csv"


GZIPPED = {"Content-Encoding": "gzip", "Sforce-Locator": "null", "Content-Type": "text/csv"}


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
    assert client.ask().content == b"b"


def test_a_stream_too_slow_runs_into_the_time_out(script: Script) -> None:
    transport = Transport(DIALECT, RetryPolicy(read_timeout=0.05, attempts=1))
    never = threading.Event()
    script.on("GET", "/x", lambda _: Answer({"waited": never.wait(0.2)}))
    with (
        pytest.raises(UnavailableError, match="ReadTimeoutError"),
        transport.stream(f"{script.base_url}/x"),
    ):
        pass


def test_a_proxy_of_the_environment_is_asked_for_the_whole_address(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", script.base_url)
    script.on("GET", "http://crm.example/x", SOUND)
    script.on("GET", "/x", SOUND)
    Transport(DIALECT).exchange("GET", "http://crm.example/x?a=b")
    assert script.asked[0].headers["Host"] == "crm.example"


def test_certificates_are_checked_by_the_environments_bundle(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with pytest.raises(OSError, match=r"missing\.pem"):
        Transport(DIALECT).exchange("GET", "https://crm.example/x")
