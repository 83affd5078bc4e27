"""Where imported histories are kept, and which tables a reader is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.histories.errors import HistoryHomeError
from pipelines.histories.notes import NOTE, add_note, read_note
from pipelines.publish import NothingPublishedError, Snapshot, read_current
from pipelines.settings import Settings

Subject = Literal["person", "case"]
_SUFFIXES = re.compile(r"(\.csv|\.tsv|\.txt)?(\.gz)?$", re.IGNORECASE)
_ODD = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Published:
    """Published timelines: of people of the CRMs, or of cases of an imported history."""

    subject: Subject
    folder: Path
    snapshot: Snapshot

    @property
    def table(self) -> str:
        """Name of the published table of stays."""
        return "marts.stage_stints" if self.subject == "person" else "marts.case_stints"

    @property
    def key(self) -> str:
        """Its column that names whose timeline it is."""
        return f"{self.subject}_id"


def history_settings(settings: Settings, folder: Path) -> Settings:
    """Return settings whose home is a history's, made if need be; its lake lies there, too.

    Raises:
        HistoryHomeError: the folder is the home of CRMs.
    """
    if is_crm_home(folder) or folder.resolve() == settings.home.resolve():
        raise HistoryHomeError(
            f"{folder} is the home of your CRMs' tables: give --into a folder of its own"
        )
    folder.mkdir(parents=True, exist_ok=True)
    return settings.model_copy(update={"home": folder, "lake": None})


def is_crm_home(folder: Path) -> bool:
    """Tell whether a folder holds what was read of CRMs or built of them."""
    raw = folder / "lake" / "raw"
    return (folder / "build.json").exists() or any(
        (raw / crm).exists() for crm in ("salesforce", "hubspot")
    )


def default_folder(settings: Settings, file: Path) -> Path:
    """Return the folder of a file's history where none is named: by the file's name.

    Raises:
        HistoryHomeError: it is that of another file, which has the same name elsewhere.
    """
    stem = _ODD.sub("-", _SUFFIXES.sub("", file.name)).strip("-.") or "history"
    folder = settings.home / "histories" / stem
    other = read_note(folder).get("file")
    if other not in (None, str(file.resolve())):
        raise HistoryHomeError(
            f"{folder} has the history of {other}: give --into that folder if {file} tells more of"
            " it, else --into another one"
        )
    return folder


def take_folder(folder: Path, file: Path) -> None:
    """Note that a folder is the default one of this file, and of none of the same name."""
    add_note(folder, {"file": str(file.resolve())})


def published_by(settings: Settings, named: str | None) -> list[Published]:
    """Return what a reader may mean: what is named, else the CRMs' tables, then each history.

    Args:
        settings: Of the CRMs' home.
        named: A folder, or the name of one under `histories`.

    Raises:
        NothingPublishedError: neither CRMs nor a history have published anything.
        HistoryHomeError: what is named is no history.
    """
    if named is not None:
        return [_named(settings, named)]
    found = [*_crms(settings), *_histories(settings)]
    if not found:
        raise NothingPublishedError(
            "Nothing has been published yet: run `leadcycle run`, or import a history"
            " (`leadcycle import-history`)"
        )
    return found


def _named(settings: Settings, named: str) -> Published:
    for folder in (Path(named), settings.home / "histories" / named):
        if (folder / NOTE).exists() and (folder / "published").exists():
            return Published("case", folder, read_current(folder / "published"))
        if (folder / "build.json").exists():
            return Published("person", folder, read_current(folder / "published"))
    known = ", ".join(one.folder.name for one in _histories(settings)) or "none yet"
    raise HistoryHomeError(f"{named} holds no imported history; known: {known}")


def _crms(settings: Settings) -> Iterator[Published]:
    if (settings.published_dir / "CURRENT.json").exists():
        subject: Subject = "case" if (settings.home / NOTE).exists() else "person"
        yield Published(subject, settings.home, read_current(settings.published_dir))


def _histories(settings: Settings) -> Iterator[Published]:
    for note in sorted(settings.home.glob(f"histories/*/{NOTE}")):
        if (note.parent / "published" / "CURRENT.json").exists():
            yield Published("case", note.parent, read_current(note.parent / "published"))
