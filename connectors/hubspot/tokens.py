"""An app's refresh token in a file: HubSpot may replace it whenever it is used."""

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec


class _Kept(msgspec.Struct):
    refresh_token: str
    after: str
    """Hash of the token in the settings that this one came after."""


class TokenFile:
    """Keeps the latest refresh token beside the one that the settings began with.

    A new one in the settings, after the app was connected again, replaces what the file holds.
    """

    def __init__(self, path: Path, first: str) -> None:
        self._path = path
        self._first = first.strip()

    def read(self) -> str:
        """Return the token to use now."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except (FileNotFoundError, msgspec.DecodeError):
            return self._first
        return kept.refresh_token if kept.after == self._origin() else self._first

    def keep(self, token: str) -> None:
        """Write the token to the disk, whole or not at all, for its owner's eyes only."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.encode(_Kept(token, self._origin()))
        # Temporary files are made readable for their owner alone.
        handle, name = tempfile.mkstemp(dir=self._path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self._path)

    def _origin(self) -> str:
        return hashlib.sha256(self._first.encode()).hexdigest()
