"""Whether the state in a folder has the tables that this version of the sandbox works on."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from connectors.sandbox.store import Store

CreateTables = Callable[[Store], None]


class OutdatedFolderError(OSError):
    """Another version of the sandbox has filled the folder: name an empty one, or remove it."""


def check_layout(store: Store, create_tables: CreateTables) -> None:
    """Refuse a state whose tables lack columns; a table that is missing will be created.

    Raises:
        OutdatedFolderError: a column is missing.
    """
    held = store.columns()
    for table, wanted in _wanted_columns(create_tables).items():
        missing = wanted - held.get(table, wanted)
        if missing:
            raise OutdatedFolderError(
                f"{store.folder} was filled by another version of the sandbox ({table} lacks "
                f"{min(missing)}): name an empty folder, or remove this one"
            )


@cache
def _wanted_columns(create_tables: CreateTables) -> Mapping[str, set[str]]:
    empty = Store(Path(":memory:"))
    create_tables(empty)
    columns = empty.columns()
    empty.close()
    return columns
