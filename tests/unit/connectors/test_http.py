import threading
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from connectors.errors import (
    AuthError,
    ConfigError,
    CrmError,
    QuotaExhaustedError,
    RateLimitedError,
    UnavailableError,
    UnreadableAnswerError,
)
from connectors.exchange import Reply
from connectors.faults import Call, Dialect, Fault, Verdict, read_retry_after
from connectors.http import Transport, check_base_url, open_session
from connectors.pace import Rate
from connectors.retries import RetryPolicy
from connectors.tally import CallCounts
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import Answer, Script

SECRET = "planted-secret-7f3a"


def classify(method: str, path: str) -> Call:
    return Call("read" if method == "GET" else "write", "slow" if path == "/slow" else "default")


def explain(reply: Reply) -> Fault:
    code, heard = reply.headers.get("X-Code", ""), "X-Unheard" not in reply.headers
    return Fault(reply.status, code, retry_after=read_retry_after(reply), heard=heard)


DIALECT = Dialect(
    "hubspot",
    classify,
    explain,
    verdicts={
        "DAILY": Verdict(QuotaExhaustedError),
        "SLOWLY": Verdict(RateLimitedError, first_wait=8),
    },
    rates={"slow": Rate(1, 0.05)},
)


class Client:
    """A session whose waits are recorded instead of slept."""

    def __init__(self) -> None:
        time = FakeTime()
        self.waits = time.waits
        self.transport = Transport(DIALECT, waiting=time.waiting)
        self.session = open_session(self.transport, "http://127.0.0.1")

    def ask(self, script: Script, method: str = "GET", path: str = "/x") -> requests.Response:
        return self.session.request(method, script.base_url + path)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize("status", [408, 423, 429, 500, 502, 503, 504, 522])
def test_a_read_is_repeated_until_a_passing_fault_has_passed(
    script: Script, client: Client, status: int
) -> None:
    script.on("GET", "/x", Answer(status=status), Answer({"ok": True}))
    assert client.ask(script).json() == {"ok": True}
    assert client.transport.calls.retried == 1


@pytest.mark.parametrize(("status", "sent"), [(423, 2), (429, 2), (503, 2), (500, 1), (504, 1)])
def test_a_write_is_repeated_only_where_the_crm_did_not_act(
    script: Script, client: Client, status: int, sent: int
) -> None:
    script.on("POST", "/x", Answer(status=status), Answer({}))
    with suppress(UnavailableError):
        client.ask(script, "POST")
    assert len(script.asked) == sent


def test_waits_double_and_then_the_error_is_raised(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(status=500))
    with pytest.raises(UnavailableError):
        client.ask(script)
    assert client.waits == [1.0, 2.0, 4.0, 8.0]
    assert client.transport.calls == CallCounts(read=5, retried=4, waited_seconds=15.0)


@pytest.mark.parametrize(
    ("asked", "rests"),
    [
        ("3", 3.0),
        ("2.5", 2.5),
        ("90", 60.0),
        ("86400", 60.0),
        ("Sun, 22 Nov 2026 10:00:40 GMT", 40.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 1.0),
        ("0", 1.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 60.0),
        ("soon", 1.0),
        ("\u00b2", 1.0),
    ],
)
def test_what_retry_after_says_is_done_up_to_a_minute(
    script: Script, client: Client, asked: str, rests: float
) -> None:
    script.on("GET", "/x", Answer(status=429, headers={"Retry-After": asked}), Answer({}))
    client.ask(script)
    assert client.waits == [rests]


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_from_something_on_the_way_is_not_the_crms_word(
    script: Script, client: Client, status: int
) -> None:
    page = Answer("<html>", status, {"X-Unheard": "yes"})
    script.on("GET", "/x", page, Answer({"ok": True}))
    assert client.ask(script).json() == {"ok": True}
    script.on("POST", "/x", page)
    with pytest.raises(UnreadableAnswerError, match=f"HTTP {status} came from something on the"):
        client.ask(script, "POST")
    assert client.waits == [0.5]


def test_the_crms_own_code_chooses_the_wait(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(status=429, headers={"X-Code": "SLOWLY"}), Answer({}))
    client.ask(script)
    assert client.waits == [8.0]


def test_a_daily_limit_stops_at_once(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(status=429, headers={"X-Code": "DAILY"}))
    with pytest.raises(QuotaExhaustedError):
        client.ask(script)
    assert client.waits == []


def test_a_torn_answer_is_read_again(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({"ok": 1}, promised_bytes=999), Answer({"ok": 2}))
    assert client.ask(script).json() == {"ok": 2}


def test_a_torn_answer_to_a_write_is_not_sent_again(script: Script, client: Client) -> None:
    script.on("POST", "/x", Answer({"ok": 1}, promised_bytes=999))
    with pytest.raises(UnavailableError):
        client.ask(script, "POST")
    assert client.transport.calls == CallCounts(write=1)


def test_an_address_where_nothing_answers_is_named_soon(client: Client) -> None:
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:9/x.*nothing answers.*base_url"):
        client.session.post("http://127.0.0.1:9/x")
    assert client.waits == [0.5, 1.0]


def test_a_slow_answer_runs_into_the_time_out(script: Script) -> None:
    policy = RetryPolicy(read_timeout=0.05, attempts=1)
    session = open_session(Transport(DIALECT, policy), script.base_url)
    never = threading.Event()
    script.on("GET", "/x", lambda _: Answer({"waited": never.wait(0.3)}))
    with pytest.raises(UnavailableError, match="came too late \\(ReadTimeoutError\\)"):
        session.get(script.base_url + "/x")


def test_a_rate_holds_calls_back(script: Script) -> None:
    transport = Transport(DIALECT)
    session = open_session(transport, script.base_url)
    script.on("GET", "/slow", Answer({}))
    for _ in range(3):
        session.get(script.base_url + "/slow")
    assert transport.calls.waited_seconds >= 0.05


def test_a_redirect_is_a_wrong_address(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(status=302, headers={"Location": "/login"}))
    with pytest.raises(ConfigError, match="base_url"):
        client.ask(script)


@pytest.mark.parametrize("answer", [Answer(SECRET, status=s) for s in (400, 401, 403, 404, 500)])
def test_no_error_holds_a_secret_a_query_or_a_body(
    script: Script, client: Client, answer: Answer
) -> None:
    script.on("POST", "/x", answer)
    with pytest.raises(CrmError) as caught:
        client.session.post(
            f"{script.base_url}/x?email={SECRET}",
            headers={"Authorization": f"Bearer {SECRET}"},
            json={"email": SECRET},
        )
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_an_unreachable_address_leaks_no_query(client: Client) -> None:
    with pytest.raises(UnavailableError) as caught:
        client.session.get(f"http://127.0.0.1:9/x?q={SECRET}")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_refused_credential_says_what_to_do(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer(status=401))
    with pytest.raises(AuthError, match="check the credentials"):
        client.ask(script)


def test_a_base_url_loses_its_last_slash() -> None:
    assert check_base_url("hubspot", " https://api.example.com/ ") == "https://api.example.com"


@pytest.mark.parametrize("address", ["", "api.example.com", "ftp://example.com", "https://"])
def test_a_base_url_must_be_an_address(address: str) -> None:
    with pytest.raises(ConfigError):
        check_base_url("hubspot", address)


def test_a_base_url_with_a_password_is_refused_and_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        check_base_url("hubspot", f"https://me:{SECRET}@example.com")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(host: str) -> None:
    assert not open_session(Transport(DIALECT), f"http://{host}:80").trust_env


@pytest.mark.parametrize("entry", ["default", "machine 127.1"])
def test_no_request_carries_a_password_of_netrc(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    file = tmp_path / "netrc"
    file.write_text(f"{entry} login somebody password {SECRET}\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    monkeypatch.setenv("NO_PROXY", "127.1")
    # Another spelling of loopback, for which the environment is asked as for any host.
    address = script.base_url.replace("127.0.0.1", "127.1")
    script.on("POST", "/token", Answer({}))
    session = open_session(Transport(DIALECT), address)
    assert session.trust_env
    session.post(f"{address}/token", data={"grant_type": "client_credentials"})
    assert "Authorization" not in script.asked[0].headers


def test_a_proxy_of_the_environment_is_used_otherwise() -> None:
    assert open_session(Transport(DIALECT), "https://api.example.com").trust_env
