"""Whether the state in a folder has the tables and indexes that this version works on."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.sandbox.store import Store

CreateTables = Callable[[Store], None]


class OutdatedFolderError(OSError):
    """Another version of the sandbox has filled the folder: name an empty one, or remove it."""


def check_layout(store: Store, create_tables: CreateTables) -> None:
    """Refuse a state whose tables lack columns, or that has other indexes under the same names.

    A table or an index that is missing will be created.

    Raises:
        OutdatedFolderError: something is not as this version needs it.
    """
    wanted, held = _wanted(create_tables), _layout(store)
    for table, columns in wanted.columns.items():
        missing = columns - held.columns.get(table, columns)
        if missing:
            raise _outdated(store, f"{table} lacks {min(missing)}")
    for index, definition in wanted.indexes.items():
        if held.indexes.get(index, definition) != definition:
            raise _outdated(store, f"the index {index} is another one")


def _outdated(store: Store, why: str) -> OutdatedFolderError:
    return OutdatedFolderError(
        f"{store.folder} was filled by another version of the sandbox ({why}): "
        "name an empty folder, or remove this one and what was read from it "
        "(make clean, for the demo)"
    )


@dataclass(frozen=True)
class _Layout:
    """The columns of tables, and the definitions of indexes."""

    columns: Mapping[str, set[str]]
    indexes: Mapping[str, str]


def _layout(store: Store) -> _Layout:
    # Definitions are kept as they were written, and how they are laid out says nothing.
    indexes = {name: " ".join(sql.split()) for name, sql in store.indexes().items()}
    return _Layout(store.columns(), indexes)


@cache
def _wanted(create_tables: CreateTables) -> _Layout:
    with closing(Store(Path(":memory:"))) as empty:
        create_tables(empty)
        return _layout(empty)
