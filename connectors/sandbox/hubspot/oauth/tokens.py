"""What an OAuth app of the account holds: codes, refresh tokens and access tokens.

HubSpot's documentation ("Working with OAuth"): access tokens live for 30 minutes; a refresh token
stays the same and lives until it is deleted or the app is removed.
"""

from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.clock import from_ms
from connectors.sandbox.context import Sandbox
from connectors.sandbox.store import Store

Kind = Literal["code", "refresh", "access"]


@dataclass(frozen=True)
class Token:
    """A code or token; times are milliseconds since 1970, 0 for one that does not end."""

    text: str
    kind: Kind
    ends_at: int
    redirect_uri: str = ""


def create_tables(store: Store) -> None:
    """Create the table of codes and tokens."""
    store.create_tables(
        "create table if not exists hubspot_tokens (token text primary key, kind text not null, "
        "ends_at integer not null, redirect_uri text not null, revoked integer not null default 0);"
    )


def issue(sandbox: Sandbox, kind: Kind, seconds: int = 0, redirect_uri: str = "") -> Token:
    """Issue a code or a token that ends after so many seconds of the sandbox's; 0 for never."""
    number = sandbox.store.next_number(f"hubspot {kind} tokens")
    ends_at = sandbox.clock.now_ms + 1000 * seconds if seconds else 0
    made = Token(_spelt(sandbox, kind, number), kind, ends_at, redirect_uri)
    sandbox.store.run(
        "insert into hubspot_tokens (token, kind, ends_at, redirect_uri) values (?, ?, ?, ?)",
        made.text,
        kind,
        ends_at,
        redirect_uri,
    )
    return made


def _spelt(sandbox: Sandbox, kind: Kind, number: int) -> str:
    digits = sandbox.secret(f"{kind} {number}", 64)
    if kind == "access":
        return f"CJ{digits.upper()}"
    return f"na1-{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:24]}"


def find_token(sandbox: Sandbox, kind: Kind, text: str) -> Token | None:
    """Return a code or token that was issued and not revoked, also one that has ended."""
    row = sandbox.store.row(
        "select * from hubspot_tokens where token = ? and kind = ? and not revoked", text, kind
    )
    if row is not None:
        return Token(text, kind, row["ends_at"], row["redirect_uri"])
    is_first = kind == "refresh" and text == sandbox.hubspot_refresh_token
    return Token(text, kind, 0) if is_first and not _is_revoked(sandbox.store, text) else None


def _is_revoked(store: Store, text: str) -> bool:
    return bool(store.value("select revoked from hubspot_tokens where token = ?", text))


def revoke(store: Store, token: Token) -> None:
    """Make a code or token worthless from now on."""
    store.run(
        "insert into hubspot_tokens values (?, ?, ?, ?, 1) "
        "on conflict (token) do update set revoked = 1",
        token.text,
        token.kind,
        token.ends_at,
        token.redirect_uri,
    )


def end_access_tokens(sandbox: Sandbox) -> int:
    """End every access token now, and return how many were good until then."""
    now = sandbox.clock.now_ms
    sql = "update hubspot_tokens set ends_at = ? where kind = 'access' and ends_at > ?"
    return sandbox.store.run(sql, now, now)


def seconds_left(sandbox: Sandbox, token: Token) -> int:
    """Return for how many seconds a token is good yet; less than 1 when it has ended."""
    return int((from_ms(token.ends_at) - sandbox.clock.now).total_seconds())
