import errno
import os
import stat
from pathlib import Path

import pytest
from filelock import FileLock

from connectors.errors import AuthError, ConfigError, UnavailableError
from connectors.hubspot.answers import RecordPage
from connectors.hubspot.auth import AppLogin, KeyLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.tokens import TokenFile
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import OBJECTS
from tests.unit.connectors.scripted import Answer, Script
from tests.unit.connectors.tokens import TokensInMemory

NOTHING = Answer({"results": []})
TOKEN_PATH = "/oauth/v3/token"
ENDED = Answer({"category": "EXPIRED_AUTHENTICATION"}, status=401)


def grant(access: str, refresh: str) -> Answer:
    return Answer({"access_token": access, "refresh_token": refresh, "expires_in": 1800})


def connect(script: Script, tokens: TokensInMemory | TokenFile) -> HubSpotClient:
    login = AppLogin("app-1", "planted-secret-7f3a", tokens)
    return HubSpotClient.connect(script.base_url, login, waiting=FakeTime().waiting)


def ask(client: HubSpotClient) -> None:
    client.get(OBJECTS, {"limit": 1}, RecordPage)


def test_an_app_gets_its_token_when_it_first_calls(script: Script) -> None:
    script.on("POST", TOKEN_PATH, grant("access-1", "refresh-1"))
    script.on("GET", OBJECTS, NOTHING)
    client = connect(script, TokensInMemory("refresh-1"))
    assert script.asked == []
    ask(client), ask(client)
    [asked] = script.asked_for(TOKEN_PATH)
    assert asked.body == (
        "grant_type=refresh_token&client_id=app-1&client_secret=planted-secret-7f3a"
        "&refresh_token=refresh-1"
    )
    assert script.asked[-1].headers["Authorization"] == "Bearer access-1"


def test_an_ended_token_is_followed_by_another(script: Script) -> None:
    script.on("POST", TOKEN_PATH, grant("access-1", "refresh-1"), grant("access-2", "refresh-1"))
    script.on("GET", OBJECTS, ENDED, NOTHING)
    ask(connect(script, TokensInMemory("refresh-1")))
    assert script.asked[-1].headers["Authorization"] == "Bearer access-2"


def test_a_replaced_refresh_token_is_kept_before_the_access_token_is_used(script: Script) -> None:
    tokens = TokensInMemory("refresh-1")
    kept_when_used = []

    def answer(_asked: object) -> Answer:
        kept_when_used.append(list(tokens.kept))
        return NOTHING

    script.on("POST", TOKEN_PATH, grant("access-1", "refresh-2"))
    script.on("GET", OBJECTS, answer)
    ask(connect(script, tokens))
    assert kept_when_used == [["refresh-1", "refresh-2"]]


def test_a_refresh_token_that_another_process_was_given_is_used(script: Script) -> None:
    tokens = TokensInMemory("refresh-1")
    script.on("POST", TOKEN_PATH, grant("access-1", "refresh-1"))
    script.on("GET", OBJECTS, NOTHING, ENDED, NOTHING)
    client = connect(script, tokens)
    ask(client)
    tokens.keep("refresh-9")
    ask(client)
    assert "refresh_token=refresh-9" in script.asked_for(TOKEN_PATH)[-1].body


def test_a_token_service_that_fails_for_a_moment_is_asked_again(script: Script) -> None:
    script.on("POST", TOKEN_PATH, Answer({}, 500), grant("access-1", "refresh-1"))
    script.on("GET", OBJECTS, NOTHING)
    ask(connect(script, TokensInMemory("refresh-1")))
    assert len(script.asked_for(TOKEN_PATH)) == 2


def test_a_refused_refresh_token_says_what_to_do(script: Script) -> None:
    refusal = Answer({"status": "BAD_REFRESH_TOKEN", "message": "missing or invalid"}, 400)
    script.on("POST", TOKEN_PATH, refusal)
    with pytest.raises(AuthError, match="BAD_REFRESH_TOKEN -> connect the app") as caught:
        ask(connect(script, TokensInMemory("refresh-1")))
    assert "refresh-1" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["", "two words", "schlüssel"])
def test_an_apps_id_and_secret_are_needed(wrong: str) -> None:
    for parts in ((wrong, "secret"), ("app-1", wrong)):
        with pytest.raises(ConfigError, match="client_"):
            HubSpotClient.connect("https://h", AppLogin(*parts, TokensInMemory("r")))


def test_no_login_shows_its_secrets() -> None:
    logins = [KeyLogin("planted-7f3a"), AppLogin("app", "planted-7f3a", TokensInMemory("x"))]
    assert "planted" not in repr(logins)


def test_a_lock_between_processes_is_held_while_a_token_is_asked_for(
    script: Script, tmp_path: Path
) -> None:
    file = tmp_path / "locks" / "token.lock"
    login = AppLogin("app-1", "secret", TokensInMemory("refresh-1"), file)
    existed = []

    def answer(_asked: object) -> Answer:
        existed.append(file.exists())
        return grant("access-1", "refresh-1")

    script.on("POST", TOKEN_PATH, answer)
    script.on("GET", OBJECTS, NOTHING)
    ask(HubSpotClient.connect(script.base_url, login))
    assert existed == [True]


def test_a_file_begins_with_the_tokens_of_the_settings(tmp_path: Path) -> None:
    assert TokenFile(tmp_path / "t.json", "refresh-1").read() == "refresh-1"


def test_a_file_keeps_what_came_after_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "t.json"
    TokenFile(path, "refresh-1").keep("refresh-2")
    assert TokenFile(path, "refresh-1").read() == "refresh-2"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["t.json"]


def test_what_a_killed_process_left_half_written_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "t.json.new").write_text('{"refresh_token": "ref')
    TokenFile(tmp_path / "t.json", "refresh-1").keep("refresh-2")
    assert [file.name for file in tmp_path.iterdir()] == ["t.json"]
    assert TokenFile(tmp_path / "t.json", "refresh-1").read() == "refresh-2"


def test_a_token_and_its_name_are_on_the_disk_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: written.append(stat.S_ISDIR(os.fstat(handle)[0]))
    )
    TokenFile(tmp_path / "t.json", "refresh-1").keep("refresh-2")
    assert written == [False, True]


def test_a_new_token_in_the_settings_replaces_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    TokenFile(path, "refresh-1").keep("refresh-2")
    assert TokenFile(path, "refresh-5").read() == "refresh-5"


def test_a_file_that_is_no_tokens_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text("{", encoding="utf-8")
    assert TokenFile(path, "refresh-1").read() == "refresh-1"


def test_a_dated_version_gives_its_tokens_at_a_path_of_its_own(script: Script) -> None:
    script.on("POST", "/oauth/2026-03/token", grant("access-1", "refresh-1"))
    script.on("GET", OBJECTS, NOTHING)
    login = AppLogin("app-1", "secret", TokensInMemory("refresh-1"))
    ask(HubSpotClient.connect(script.base_url, login, "2026-03"))
    assert script.asked[-1].headers["Authorization"] == "Bearer access-1"


def test_a_lock_that_stays_held_is_a_crm_that_cannot_be_reached(tmp_path: Path) -> None:
    file = tmp_path / "token.lock"
    login = AppLogin("app-1", "secret", TokensInMemory("r"), file, lock_seconds=0.0)
    with FileLock(file), pytest.raises(UnavailableError, match=r"token\.lock"), login.lock():
        pass


def test_a_token_that_finds_no_room_on_the_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        TokenFile(tmp_path / "t.json", "refresh-1").keep("refresh-2")
    assert list(tmp_path.iterdir()) == []
