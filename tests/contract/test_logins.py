"""Every way to log in, against the sandbox, through the end of all sessions."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import AuthError
from connectors.hubspot.auth import AppLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.tokens import TokenFile
from connectors.salesforce.auth import JwtLogin, SecretLogin
from connectors.salesforce.client import SalesforceClient
from tests.contract.conftest import Sandbox
from tests.contract.tokens import connect_app
from tests.unit.connectors.tokens import TokensInMemory


@pytest.fixture
def rotating(clean_sandbox: Sandbox) -> Iterator[Sandbox]:
    """HubSpot gives a new refresh token with each access token; the old one is worth nothing."""
    clean_sandbox.order("settings", {"hubspot_rotates_refresh_tokens": True}, method="PATCH")
    yield clean_sandbox
    clean_sandbox.order("settings", {"hubspot_rotates_refresh_tokens": False}, method="PATCH")


@pytest.fixture
def tokens(sandbox: Sandbox, tmp_path: Path) -> TokenFile:
    """The refresh tokens of an app that has just been connected."""
    return TokenFile(tmp_path / "tokens" / "hubspot.json", connect_app(sandbox))


def app(sandbox: Sandbox, tokens: TokenFile | TokensInMemory, lock: Path | None) -> HubSpotClient:
    keys = sandbox.hubspot
    login = AppLogin(keys["client_id"], keys["client_secret"], tokens, lock)
    return HubSpotClient.connect(keys["base_url"], login)


def end_sessions(sandbox: Sandbox, crm: str) -> None:
    sandbox.order("sessions/end", {"crm": crm})


@pytest.mark.parametrize("kind", ["secret", "jwt"])
def test_salesforce_goes_on_after_all_sessions_end(clean_sandbox: Sandbox, kind: str) -> None:
    org = clean_sandbox.salesforce
    key = Path(org["private_key_file"]).read_text(encoding="utf-8")
    login = {
        "secret": SecretLogin(org["client_id"], org["client_secret"]),
        "jwt": JwtLogin(org["client_id"], org["username"], key),
    }[kind]
    client = SalesforceClient.log_in(org["base_url"], login)
    before = client.now()
    end_sessions(clean_sandbox, "salesforce")
    assert client.now() >= before


def test_an_app_goes_on_with_each_new_refresh_token(rotating: Sandbox, tokens: TokenFile) -> None:
    client, held = app(rotating, tokens, None), []
    for _ in range(3):
        client.now()
        held.append(tokens.read())
        end_sessions(rotating, "hubspot")
    assert len(set(held)) == 3


def test_two_processes_never_use_one_refresh_token_twice(
    rotating: Sandbox, tokens: TokenFile, tmp_path: Path
) -> None:
    both = [app(rotating, tokens, tmp_path / "token.lock") for _ in range(2)]
    answered: list[object] = []
    for _ in range(3):
        end_sessions(rotating, "hubspot")
        asking = [threading.Thread(target=lambda c=c: answered.append(c.now())) for c in both]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert len(answered) == 6


def test_an_app_that_was_taken_away_is_told_so(clean_sandbox: Sandbox) -> None:
    with pytest.raises(AuthError, match=r"BAD_REFRESH_TOKEN .* -> connect the app"):
        app(clean_sandbox, TokensInMemory("long-gone"), None).now()
