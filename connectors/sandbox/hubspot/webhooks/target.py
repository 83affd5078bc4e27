"""Where the app wants its events delivered."""

from dataclasses import asdict, dataclass

from connectors.sandbox.store import Store

_STATE = "hubspot webhook target"


@dataclass(frozen=True)
class Target:
    """The app's webhook settings. Times are milliseconds since 1970."""

    url: str
    most_at_once: int
    """Requests that the app takes at once; one at a time is within whatever it says."""
    created_at: int
    updated_at: int


def target_of(store: Store) -> Target | None:
    """Return the settings, or None when the app has none."""
    kept = store.read_state(_STATE)
    return None if kept is None else Target(**kept)


def keep_target(store: Store, target: Target) -> None:
    """Keep new settings."""
    store.keep_state(_STATE, asdict(target))


def forget_target(store: Store) -> None:
    """Forget the settings."""
    store.keep_state(_STATE, None)
