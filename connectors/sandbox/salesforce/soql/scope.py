"""Field paths such as `Account.Owner.Name` into columns of joined tables."""

from dataclasses import dataclass

from connectors.sandbox.salesforce.compounds import address_sql
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.relationships import reference_of, relationship_of
from connectors.sandbox.salesforce.schema import Field, ObjectType, sql_of
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.sql import Typed
from connectors.sandbox.salesforce.soql.syntax import Path
from connectors.sandbox.salesforce.soql.tokens import malformed

_ADVICE = (
    " If you are attempting to use a custom {what}, be sure to append the '__{ending}' after the "
    "{noun} name. Please reference your WSDL or the describe call for the appropriate names."
)
DEPTH_LIMIT = 5
"""How many references up a path may go."""


@dataclass(frozen=True)
class Table:
    """A joined table, or several of which each row has at most one: who or what owns a Task."""

    sources: tuple[tuple[ObjectType, str], ...]
    """Objects and the aliases of their tables."""
    way: tuple[str, ...] = ()
    """Names of the relationships that lead here."""

    @property
    def type_name(self) -> str:
        """What a record of it says it is."""
        return self.sources[0][0].name if len(self.sources) == 1 else "Name"

    @property
    def id_sql(self) -> str:
        """SQL for the id of the row; null when there is none."""
        return _either([f"{alias}.Id" for _, alias in self.sources])


class Scope:
    """The object that a query reads, and the parents that its paths lead to."""

    def __init__(self, org: Org, soql: str, known: ObjectType, alias: str, name: str = "") -> None:
        self.org = org
        self.soql = soql
        self.known = known
        self.alias = alias
        self.root = Table(((known, alias),))
        self._own_names = {known.name.lower(), name.lower()} - {""}
        self._parents: dict[tuple[str, ...], Table] = {}
        self._joins: list[str] = []
        self._inner = 0
        self.aggregates = False
        """Whether aggregate functions make sense where an expression is compiled next."""

    def inner(self, source: Path, name: str) -> "Scope":
        """Return the scope of a query within this one.

        Raises:
            Refusal: INVALID_TYPE.
        """
        self._inner += 1
        known = find_object(self.org, self.soql, source)
        return Scope(self.org, self.soql, known, f"{self.alias}_q{self._inner}", name)

    def table_of(self, way: tuple[str, ...]) -> Table:
        """Return the table that some path already resolved led through."""
        return self._parents[way]

    @property
    def source(self) -> str:
        """The FROM clause, with the joins that the paths resolved so far need."""
        return " ".join([f"{self.known.table} as {self.alias}", *self._joins])

    def column(self, path: Path) -> Typed:
        """Return the column of a path.

        Raises:
            Refusal: an unknown relationship, or a field that is unknown or hidden.
        """
        table, name = self.locate(path)
        return self.column_of(table, name, path)

    def locate(self, path: Path) -> tuple[Table, str]:
        """Return the table that a path leads to, and the name of the field there.

        Raises:
            Refusal: an unknown relationship.
        """
        *steps, name = path.text.split(".")
        if (
            steps
            and steps[0].lower() in self._own_names
            and not self._reference(self.root, steps[0])
        ):
            del steps[0]
        table = self.root
        for step in steps:
            table = self._parent(table, step, path)
        return table, name

    def column_of(self, table: Table, name: str, path: Path) -> Typed:
        """Return a column of a table by its name in any case.

        Raises:
            Refusal: there is none, or it is hidden.
        """
        if len(table.sources) > 1:
            return self._shared_column(table, name, path)
        [(known, alias)] = table.sources
        field = self.org.fields_of(known).get(name.lower())
        if field is None:
            raise self.refused(path, _no_column(name, known.name))
        return Typed(column_sql(known, field, alias), field)

    def refused(self, path: Path, what: str, code: str = "INVALID_FIELD") -> Refusal:
        """Return the refusal of the query for what is written at a place."""
        return malformed(self.soql, path.start, what, code)

    def _shared_column(self, table: Table, name: str, path: Path) -> Typed:
        if name.lower() == "type":
            return Typed(_kind_sql(table), Field("Type", "Type", "string", length=40))
        if name.lower() not in _NAME_FIELDS:
            raise self.refused(path, _no_column(name, "Name"))
        found = [
            (field, column_sql(known, field, alias))
            for known, alias in table.sources
            if (field := self.org.fields_of(known).get(name.lower()))
        ]
        if not found:
            raise self.refused(path, _no_column(name, "Name"))
        field = found[0][0]
        fold = " collate nocase" if field.column.endswith("nocase") else ""
        return Typed(_either([sql for _, sql in found]) + fold, field)

    def _parent(self, table: Table, step: str, path: Path) -> Table:
        reference = self._reference(table, step)
        if reference is None or len(table.way) == DEPTH_LIMIT:
            advice = _ADVICE.format(what="relationship", ending="r", noun="custom relationship")
            what = f"Didn't understand relationship '{step}' in field path.{advice}"
            raise self.refused(path, what)
        way = (*table.way, relationship_of(reference) or "")
        if way not in self._parents:
            self._parents[way] = self._joined(table, reference, way)
        return self._parents[way]

    def _reference(self, table: Table, step: str) -> Field | None:
        if len(table.sources) > 1:
            return None
        return reference_of(self.org.fields_of(table.sources[0][0]).values(), step)

    def _joined(self, table: Table, reference: Field, way: tuple[str, ...]) -> Table:
        [(_, child)] = table.sources
        sources = []
        for name in reference.refers_to:
            known, alias = self.org.objects[name], f"{self.alias}_{len(self._joins) + 1}"
            link = sql_of(reference, child)
            self._joins.append(f"left join {known.table} as {alias} on {alias}.Id = {link}")
            sources.append((known, alias))
        return Table(tuple(sources), way)


_NAME_FIELDS = frozenset(
    {"id", "name", "firstname", "lastname", "email", "phone", "title", "username", "isactive"}
)
"""Fields that whoever a polymorphic reference points to may have."""
_KINDS = {"Group": "Queue"}
"""What `Type` calls an object where its own name does not do."""


def find_object(org: Org, soql: str, source: Path) -> ObjectType:
    """Return the object of a name in any case.

    Raises:
        Refusal: INVALID_TYPE.
    """
    known = org.types.get(source.text.lower())
    if known is not None:
        return known
    what = (
        f"sObject type '{source.text}' is not supported. If you are attempting to use a "
        "custom object, be sure to append the '__c' after the entity name. Please reference your "
        "WSDL or the describe call for the appropriate names."
    )
    raise malformed(soql, source.start, what, code="INVALID_TYPE")


def _kind_sql(table: Table) -> str:
    kinds = " ".join(
        f"when {alias}.Id is not null then '{_KINDS.get(known.name, known.name)}'"
        for known, alias in table.sources
    )
    return f"case {kinds} end"


def column_sql(known: ObjectType, field: Field, alias: str) -> str:
    """Return SQL for a field of the table of an alias."""
    if field.type == "address":
        return address_sql(known, field, alias)
    if field.requires and field.default:
        # Records older than the feature have what new ones are given.
        return f"coalesce({sql_of(field, alias)}, '{field.default}') collate nocase"
    return sql_of(field, alias)


def _either(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


def _no_column(name: str, object_name: str) -> str:
    advice = _ADVICE.format(what="field", ending="c", noun="custom field")
    return f"No such column '{name}' on entity '{object_name}'.{advice}"
