"""Beside a history's lake: how its files were told and what its warehouse was last built with."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from connectors.records import IS_DELETED
from pipelines.histories.encodings import codec_of
from pipelines.histories.errors import HistoryFileError
from pipelines.histories.files import FileForm
from pipelines.histories.streams import SYSTEM
from pipelines.lake import Lake

NOTE = "history.json"
"""It tells a history's home."""
_READ_BY = ("case", "stage", "at", "id", "resource", "ties", "time_zone", "time_format", "encoding")
"""Told otherwise, the same row is another event."""


def read_note(home: Path) -> dict[str, Any]:
    """Return what is noted of a history; nothing before the first import."""
    path = home / NOTE
    noted: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return noted


def add_note(home: Path, facts: dict[str, Any]) -> None:
    """Note facts in place of those of the same name."""
    told = read_note(home) | facts
    aside = home / f"{NOTE}.new"
    aside.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    aside.replace(home / NOTE)


def note_form(home: Path, stream: str, form: FileForm) -> None:
    """Note how the files of a source are told from now on."""
    forms = read_note(home).get("forms", {})
    of_source = forms.get(form.source, {}) | {stream: _told(form)}
    add_note(home, {"forms": forms | {form.source: of_source}})


def check_form(home: Path, lake: Lake, stream: str, form: FileForm) -> None:
    """Refuse a form that is not that of the source's rows in the lake.

    Raises:
        HistoryFileError: rows that are there already would stay beside the same rows told anew.
    """
    noted = read_note(home).get("forms", {}).get(form.source, {}).get(stream)
    told = _told(form)
    if noted in (None, told) or not _has_living(lake, stream, form.source):
        return
    changed = [name for name in _READ_BY if noted.get(name) != told[name]]
    ways = "; ".join(
        f"{name.replace('_', '-')} was {noted.get(name)!r}, now {told[name]!r}" for name in changed
    )
    raise HistoryFileError(
        f"the {stream} of source {form.source!r} in {home} were told otherwise ({ways}), and would"
        " stay beside the same rows told anew. Tell them as before; or give --replace if that was"
        " wrong; or --source another name, or --into another folder, if these are others."
    )


def _told(form: FileForm) -> dict[str, Any]:
    told = asdict(form) | {"encoding": codec_of(form.encoding)}
    return {name: value for name, value in told.items() if name in _READ_BY}


def _has_living(lake: Lake, stream: str, source: str) -> bool:
    rows = lake.current(SYSTEM, stream, ["source"])
    if not rows.num_rows:
        return False
    is_of_source = pc.and_(pc.invert(rows[IS_DELETED]), pc.equal(rows["source"], source))
    return bool(pc.any(is_of_source).as_py())
