"""A folder is filled whole or not at all: a draft of the company gets its name when it is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from connectors.sandbox.company.seeding import Tell, seed_company
from connectors.sandbox.context import STATE_FILE, sandbox_in
from connectors.sandbox.store import Store

DRAFT = f"{STATE_FILE}.draft"
_LOCK = ".seeding.lock"


class BusyFolderError(OSError):
    """Another process is filling the folder: wait until it is done, or end it."""


def seed_folder(
    folder: Path, people: int, seed: int, create_tables: Callable[[Store], None], tell: Tell
) -> bool:
    """Fill a folder with a company, and return False where there is one already.

    What a killed seeding has left behind is thrown away.

    Raises:
        BusyFolderError: another process is filling the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / STATE_FILE).exists():
        return False
    with _alone_in(folder):
        # Somebody else may have filled it between the two looks.
        if (folder / STATE_FILE).exists():
            return False
        draft = folder / DRAFT
        draft.unlink(missing_ok=True)
        store = Store(draft, is_draft=True)
        create_tables(store)
        seed_company(sandbox_in(store, seed), people, tell)
        store.close()
        draft.rename(folder / STATE_FILE)
    return True


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / _LOCK, timeout=0):
            yield
    except Timeout:
        raise BusyFolderError(f"{folder} is being filled by another process") from None
