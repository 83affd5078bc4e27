"""An app's refresh token in a file: HubSpot may replace it whenever it is used."""

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import msgspec


class _Kept(msgspec.Struct):
    refresh_token: str
    after: str
    """Hash of the token in the settings that this one came after."""


@dataclass(frozen=True)
class TokenFile:
    """Keeps the latest refresh token beside the one that the settings began with.

    A new one in the settings, after the app was connected again, replaces what the file holds.
    """

    path: Path
    first: str = field(repr=False)

    def read(self) -> str:
        """Return the token to use now."""
        try:
            kept = msgspec.json.decode(self.path.read_bytes(), type=_Kept)
        except (FileNotFoundError, msgspec.DecodeError):
            return self.first.strip()
        return kept.refresh_token if kept.after == self._origin() else self.first.strip()

    def keep(self, token: str) -> None:
        """Write the token to the disk, whole or not at all, for its owner's eyes only."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.encode(_Kept(token, self._origin()))
        # Temporary files are made readable for their owner alone.
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self.path)

    def _origin(self) -> str:
        return hashlib.sha256(self.first.strip().encode()).hexdigest()
