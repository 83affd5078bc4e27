"""An app's refresh token in a file: HubSpot may replace it whenever it is used."""

import hashlib
import os
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
        """Write the token to the disk, whole or not at all, for its owner's eyes only.

        Called by one process at a time: what a killed one left half-way is written over.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = msgspec.json.encode(_Kept(token, self._origin()))
        aside = self.path.with_name(f"{self.path.name}.new")
        try:
            with open(aside, "wb", opener=_for_owner_only) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.path)
        finally:
            # Half a token on a full disk: nobody reads it, and it is a secret.
            aside.unlink(missing_ok=True)
        # A name, too, is on the disk only when its folder is.
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _origin(self) -> str:
        return hashlib.sha256(self.first.strip().encode()).hexdigest()


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
