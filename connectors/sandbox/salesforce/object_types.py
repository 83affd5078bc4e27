"""What an object of the org is, and what a field of it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.sandbox.salesforce.formulas.compiler import column_sql
from connectors.sandbox.store import quoted

COLUMN_TYPES = {
    "boolean": "integer",
    "int": "integer",
    "double": "real",
    "currency": "real",
    "percent": "real",
    "anyType": "blob",
}
_EXACT = frozenset({"id", "reference", "datetime", "date"})


@dataclass(frozen=True)
class Field:
    """One field. Length counts characters; precision and scale count digits."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    custom: bool = False
    restricted: bool = False
    defaulted: bool = False
    default: str | None = None
    options: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    external_id: bool = False
    """Whether the field may say which record an upsert means."""
    unique: bool = False
    case_sensitive: bool = False
    tracked: bool = False
    """Whether a custom field's changes are kept in the object's history."""
    html: bool = False
    help: str | None = None
    relationship: str | None = None
    """What the record that a custom lookup leads to calls those that lead to it."""
    formula: str | None = None
    blanks_are_zero: bool = True
    expression: str = ""
    """What computes the field, such as its formula, as SQL; a field with one has no column."""
    requires: str = ""
    """The feature of the org without which the field does not exist."""
    numbered: str = ""
    """The format, such as {0000}, of the numbers that records get one after the other."""

    @property
    def column(self) -> str:
        """How the field is kept: text compares without regard to case, unless it is to count."""
        kind = COLUMN_TYPES.get(self.type, "text")
        folds = kind == "text" and self.type not in _EXACT and not self.case_sensitive
        fold = " collate nocase" if folds else ""
        return f"{quoted(self.name)} {kind}{fold}"


@dataclass(frozen=True)
class ObjectType:
    """One sObject type."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: Mapping[str, Field]
    history: str = ""
    """The object that keeps the history of the tracked fields."""
    tracked: tuple[str, ...] = ()
    mergeable: bool = False
    read_only: bool = False
    replicateable: bool = True
    """Whether getUpdated and getDeleted tell of it."""
    tooling: bool = False
    virtual: bool = False
    """Whether its records are made up whenever they are asked for."""
    has_pages: bool = False
    """Whether people see its records on pages of their own, though nobody owns them."""
    definition_id: str = ""
    """The id of a custom object's definition."""
    name_field: str = "Name"
    """The field by which people know a record."""
    requires: str = ""
    """The feature of the org without which the object does not exist."""

    @property
    def table(self) -> str:
        """The SQL table that keeps the records."""
        return quoted(self.alias)

    @property
    def alias(self) -> str:
        """The name of that table without quotes."""
        return f"salesforce_{self.name}"

    @property
    def kept_fields(self) -> tuple[Field, ...]:
        """The fields that have a column: all but formulas."""
        return tuple(field for field in self.fields.values() if not field.expression)

    def find(self, name: str) -> Field | None:
        """Return a field by its name in any case."""
        folded = name.lower()
        return next((f for f in self.fields.values() if f.name.lower() == folded), None)


def sql_of(field: Field, alias: str) -> str:
    """Return what reads a field in SQL, its formula if it has one.

    Args:
        field: Any field of an object.
        alias: What the statement calls the object's table, without quotes.
    """
    return column_sql(field, alias)
