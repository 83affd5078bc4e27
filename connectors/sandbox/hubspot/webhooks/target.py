"""Where the app wants its events delivered."""

from dataclasses import asdict, dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from connectors.sandbox.store import Store

_STATE = "hubspot webhook target"


@dataclass(frozen=True)
class Target:
    """The app's webhook settings. Times are milliseconds since 1970."""

    url: str
    most_at_once: int
    created_at: int
    updated_at: int

    @property
    def is_loopback(self) -> bool:
        """Whether it lies on this machine; the sandbox sends nowhere else."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:  # a name: it could lead anywhere
            return False


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
