"""How the calls of one credential are shared: with our other processes, and with other apps."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Sharing:
    """What we leave to others."""

    folder: Path | None = None
    """Where all processes of this machine note the calls they make; None: each for itself."""
    reserve: float = 0.10
    """Share of the day's calls, from 0 to 1, that is left to other apps. Of who asks, and not of
    what is asked: a plan that is carried out reads, too, and leaves none."""


def credential_key(base_url: str, *credential: str) -> str:
    """Return a name for a credential at a host, from which nobody can tell what it is."""
    parts = (urlsplit(base_url).netloc, *credential)
    # The lengths keep ("ab", "c") and ("a", "bc") apart.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
