"""Jobs and batches as rows of the store: a table for each dataclass, a column for each field."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Generic, TypeVar

from connectors.sandbox.salesforce.errors import not_found
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Kept:
    """What every row has. Stamps are text as Salesforce keeps it, in UTC."""

    id: str
    created_at: str
    changed_at: str


K = TypeVar("K", bound=Kept)


class Table(Generic[K]):
    """The rows of one dataclass, in a table of their own."""

    def __init__(self, name: str, kind: type[K]) -> None:
        self._name = name
        self._kind = kind

    def create(self, store: Store) -> None:
        """Create the table."""
        columns = ", ".join(f"{known.name} not null" for known in fields(self._kind))
        sql = f"create table if not exists {self._name} ({columns}, primary key (id));"
        store.create_tables(sql)

    def add(self, store: Store, entry: K) -> K:
        """Keep a new row."""
        marks = ", ".join("?" for _ in fields(self._kind))
        sql = f"insert into {self._name} values ({marks})"  # noqa: S608 - a name of ours
        store.run(sql, *asdict(entry).values())
        return entry

    def change(self, store: Store, entry: K, **changes: Any) -> K:
        """Change some columns of a row, whatever the others hold by now; return all of it.

        Raises:
            Refusal: NOT_FOUND, since it has been removed.
        """
        columns = ", ".join(f"{name} = ?" for name in changes)
        sql = f"update {self._name} set {columns} where id = ? returning *"  # noqa: S608 - names of ours
        row = store.row(sql, *changes.values(), entry.id)
        if row is None:
            raise not_found()
        return self._kind(**dict(row))

    def where(self, store: Store, condition: str, *values: Any) -> list[K]:
        """Return the rows that meet a condition in SQL, which may also say their order."""
        sql = f"select * from {self._name} where {condition}"  # noqa: S608 - a condition of ours
        return [self._kind(**dict(row)) for row in store.rows(sql, *values)]
