"""A folder with two full CRMs, filled over their own APIs once and kept for later runs.

Measured 2026-11-22: 2,400 contacts a second by batches of 100, 2,300 Leads a second by Bulk 2.0
ingest, so that 100,000 and 200,000 take two minutes; one connection each, since the sandbox works
off one request at a time.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from bench import contacts, leads
from bench.client import Connection
from bench.processes import Served, seed, served
from bench.requests import Doors, open_doors

_PEOPLE = 300
"""A small company besides, so that every stream of both CRMs has something to show."""
_DAYS = 2
"""How long ago everything was filled in: no look-back of an increment reaches it."""
_SANDBOX = Path(__file__).parent.parent / "connectors" / "sandbox"

Tell = Callable[[str], None]
"""Called with what is being done."""


def filled_folder(root: Path, rows: int, tell: Tell) -> Path:
    """Return a folder with so many contacts of the benchmark, and twice as many Leads.

    It is filled where it is not there yet, or was filled with something else; what is out of date
    is removed. A filling that was killed leaves nothing that a later run would take for whole.
    """
    folder = root / f"{rows}-{_version()}"
    if folder.exists():
        return folder
    for outdated in root.glob(f"{rows}-*"):
        shutil.rmtree(outdated)
    draft = root / f"draft-{rows}"
    shutil.rmtree(draft, ignore_errors=True)
    seed(draft, _PEOPLE)
    with served(draft) as running:
        _fill(running, rows, tell)
    return draft.rename(folder)


def _version() -> str:
    """Return what tells apart fillings of different contents, or for different sandboxes."""
    written = [Path(module.__file__ or "") for module in (contacts, leads)]
    layout = sorted((*_SANDBOX.rglob("tables.py"), *_SANDBOX.rglob("schema/*.yaml")))
    digest = hashlib.sha256()
    for file in (*written, Path(__file__), *layout):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _fill(running: Served, rows: int, tell: Tell) -> None:
    """Fill both CRMs, Salesforce first: its session ends while time passes in the other one."""
    doors = open_doors(running)
    with closing(doors.salesforce()) as connection:
        leads.create_fields(connection)
        written = leads.create_leads(connection, partial(_uploads, doors), 2 * rows)
        _write("Leads", written, running, tell)
    with closing(doors.hubspot()) as connection:
        contacts.create_properties(connection)
        _write("contacts", contacts.create_contacts(connection, rows), running, tell)
    running.admin("POST", "clock", {"advance_seconds": _DAYS * 86_400})


def _write(what: str, written: Iterator[int], running: Served, tell: Tell) -> None:
    """Write records, and let time pass between batches, so that stamps are not all the same."""
    for count in written:
        running.admin("POST", "clock", {"advance_seconds": 2})
        if count % 10_000 == 0:
            tell(f"{count:,} {what} written")


def _uploads(doors: Doors) -> Connection:
    headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {doors.salesforce_token}"}
    return Connection(doors.port, headers)
