import dataclasses

import pytest

from connectors.errors import (
    AuthError,
    QuotaExhaustedError,
)
from connectors.http import Transport, open_session
from connectors.records import Quota
from connectors.sharing import Sharing
from connectors.tally import CallCounts
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.lean import DIALECT, SOUND, Client, Tokens, run_together
from tests.unit.connectors.scripted import Answer, Script


@pytest.fixture
def client(script: Script) -> Client:
    return Client(script)


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


def test_a_limit_met_by_one_process_holds_the_others_too(script: Script, tmp_path) -> None:
    script.on("GET", "/x", Answer({}, 429), SOUND)
    time, sharing, waits = FakeTime(), Sharing(tmp_path), []
    other = Transport(DIALECT, None, sharing, "k", time.waiting)

    def sleep(seconds: float) -> None:
        waits.append(other._delivery._pace.take("default"))
        time.sleep(seconds)

    waiting = dataclasses.replace(time.waiting, sleep=sleep)
    Transport(DIALECT, None, sharing, "k", waiting).exchange("GET", f"{script.base_url}/x")
    assert waits == [1.0]


def test_a_refusal_says_nothing_of_who_else_calls(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({}, 500, {"X-Left": "0"}), SOUND)
    client.ask()
    assert client.time.waits == [1.0]


def test_two_transports_of_one_credential_share_its_window(script: Script, tmp_path) -> None:
    script.on("GET", "/x", SOUND)
    time = FakeTime()
    sharing = Sharing(tmp_path)
    both = [Transport(DIALECT, None, sharing, "k", time.waiting) for _ in range(2)]
    for transport in (*both, *both):
        transport.exchange("GET", f"{script.base_url}/x")
    assert time.waits == [10.0]
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["hubspot-k.sqlite"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_leaves_a_reserve_sends_nothing_that_would_touch_it(
    script: Script, client: Client, method: str
) -> None:
    script.on("GET", "/x", Answer({}, headers={"X-Used": "90"}))
    client.ask()
    with pytest.raises(QuotaExhaustedError):
        client.ask(method)
    assert len(script.asked) == 1
    assert client.transport.quota == Quota(limit=100, used=90)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_leaves_none_reads_and_writes_to_the_last_call(
    script: Script, client: Client, method: str
) -> None:
    transport = Transport(DIALECT, sharing=Sharing(reserve=0.0), waiting=client.time.waiting)
    last = Answer({}, headers={"X-Used": "99"})
    script.on("GET", "/x", last)
    script.on("POST", "/x", last)
    transport.exchange("GET", client.url)
    assert transport.exchange(method, client.url).status == 200


def test_a_call_that_costs_nothing_passes_when_the_day_is_over(
    script: Script, client: Client
) -> None:
    script.on("GET", "/x", Answer({}, headers={"X-Used": "100"}))
    script.on("GET", "/token", SOUND)
    client.ask()
    token = client.transport.exchange("GET", f"{script.base_url}/token")
    assert token.content == b'{"ok": true}'


def test_the_days_end_is_heard_once_by_all_threads(script: Script, client: Client) -> None:
    script.on("GET", "/x", Answer({}, headers={"X-Used": "1"}), Answer({}, 429, {"X-Code": "DAY"}))
    client.ask()
    for _ in range(3):
        with pytest.raises(QuotaExhaustedError):
            client.ask()
    assert len(script.asked) == 2
    client.transport.ask_quota_anew()
    with pytest.raises(QuotaExhaustedError):
        client.ask()
    assert len(script.asked) == 3
