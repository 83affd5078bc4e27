"""A folder is filled whole or not at all: a draft of the company gets its name when it is done."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from connectors.sandbox.company.seeding import Tell, seed_company
from connectors.sandbox.context import STATE_FILE, sandbox_in
from connectors.sandbox.store import Store

DRAFT = f"{STATE_FILE}.draft"


def seed_folder(
    folder: Path, people: int, seed: int, create_tables: Callable[[Store], None], tell: Tell
) -> bool:
    """Fill a folder with a company, and return False where there is one already.

    The caller holds the folder. What a killed seeding has left behind is thrown away.
    """
    if (folder / STATE_FILE).exists():
        return False
    draft = folder / DRAFT
    draft.unlink(missing_ok=True)
    with closing(Store(draft, is_draft=True)) as store:
        create_tables(store)
        seed_company(sandbox_in(store, seed), people, tell)
    draft.rename(folder / STATE_FILE)
    return True
