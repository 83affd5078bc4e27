import gzip
import logging

import msgspec
import pytest

from connectors.answers import decode
from connectors.errors import (
    ConfigError,
    TooLongError,
    UnavailableError,
    UnreadableAnswerError,
)
from connectors.exchange import Reply, path_class
from connectors.http import Transport, open_session
from connectors.tally import CallCounts, counting
from tests.unit.connectors.encrypted import Encrypted, Fault
from tests.unit.connectors.lean import (
    DIALECT,
    HTML,
    JSON,
    SECRET,
    SOUND,
    TORN,
    Client,
    run_together,
)
from tests.unit.connectors.scripted import Answer, Script


@pytest.fixture
def client(script: Script) -> Client:
    return Client(script)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Encrypted:
    return Encrypted(tmp_path_factory.mktemp("encrypted"))


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


def test_a_server_that_speaks_no_tls_is_a_wrong_address(script: Script, client: Client) -> None:
    with pytest.raises(ConfigError, match=r"no secure connection \(SSLError\).*base_url"):
        client.transport.exchange("GET", client.url.replace("http://", "https://"))


@pytest.mark.parametrize("when", ["handshake", "before-the-answer", "in-the-answer"])
@pytest.mark.parametrize(("method", "sent"), [("GET", 5), ("PATCH", 1)])
def test_a_fault_of_tls_that_may_pass_is_no_wrong_address(
    client: Client, encrypted: Encrypted, when: Fault, method: str, sent: int
) -> None:
    with encrypted.serve(when) as url:
        encrypted.trust(client.transport, url)
        with pytest.raises(UnavailableError, match=r"broke off .* \(SSLError\)"):
            client.transport.exchange(method, url)
    assert client.calls.read + client.calls.write == sent


def test_a_certificate_that_nobody_trusts_is_a_wrong_address(
    client: Client, encrypted: Encrypted
) -> None:
    with encrypted.serve("none") as url, pytest.raises(ConfigError, match=r"no secure connection"):
        client.transport.exchange("GET", url)
    assert client.calls.read == 1


def test_a_proxy_that_forgets_its_tls_for_a_moment_is_asked_again(
    script: Script, client: Client
) -> None:
    with pytest.raises(ConfigError):
        client.transport.exchange("GET", client.url.replace("http://", "https://"))
    assert client.time.waits == [0.5, 1.0]
    with pytest.raises(UnavailableError):
        client.transport.exchange("POST", client.url.replace("http://", "https://"), b"{}")


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
