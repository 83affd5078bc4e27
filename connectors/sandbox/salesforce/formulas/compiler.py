"""Formulas into SQL: computed whenever a record is read, never kept.

Source: Salesforce Help, "Formula Operators and Functions" and "Tips for Working with Formulas": per
cents count as fractions, text compares by case, blank numbers are zero unless the field says not.
"""

from contextlib import closing
from dataclasses import dataclass
from math import isinf
from sqlite3 import OperationalError, connect
from typing import TypeGuard

from connectors.sandbox.salesforce.formulas.functions import call_function, choose
from connectors.sandbox.salesforce.formulas.operators import apply_operator
from connectors.sandbox.salesforce.formulas.parser import parse_formula
from connectors.sandbox.salesforce.formulas.pieces import ROW, Column, Kind, Piece, Table, Tables
from connectors.sandbox.salesforce.formulas.syntax import (
    Constant,
    Expression,
    FormulaError,
    FunctionCall,
    Operation,
    Reference,
    too_complex,
)
from connectors.sandbox.store import is_too_complex

LONGEST, LONGEST_COMPILED = 3_900, 15_000
"""Characters of a formula, and of what it is compiled to with the formulas that it reads."""
_MARGIN = 20
"""How many parentheses deeper a query may put a formula."""
_IF_PARTS = 3
_LONGEST_PATH = 11
"""A field of a record that is ten references up."""

_KINDS: dict[str, Kind] = {
    "double": "Number",
    "currency": "Number",
    "percent": "Number",
    "int": "Number",
    "boolean": "Boolean",
    "date": "Date",
    "datetime": "DateTime",
    "picklist": "Picklist",
    "multipicklist": "Picklist",
}
_NOT_IN_FORMULAS = frozenset({"textarea", "address", "anyType"})
_EXPECTED: dict[str, Kind] = {**_KINDS, "string": "Text"}


@dataclass(frozen=True)
class Formula:
    """A formula as its field defines it."""

    text: str
    result: str
    """The type of its field, as describe names it."""
    scale: int = 0
    """Digits behind the point of a number."""
    blanks_are_zero: bool = True


def compile_formula(formula: Formula, table: Table, tables: Tables) -> str:
    """Return the formula as SQL over a row whose alias `ROW` stands for.

    Args:
        formula: What to compile.
        table: The object the field is of.
        tables: Every object, for what lies further up.

    Raises:
        FormulaError: Salesforce would not save it.
    """
    if len(formula.text) > LONGEST:
        raise FormulaError(f"Formula is too long ({len(formula.text)} characters).")
    compiler = _Compiler(table, tables, formula.blanks_are_zero)
    piece = compiler.piece(parse_formula(formula.text))
    if piece.kind not in (_EXPECTED[formula.result], "Null"):
        kind = "Text" if piece.kind == "Picklist" else piece.kind
        raise FormulaError(
            f"Formula result is data type ({kind}), "
            f"incompatible with expected data type ({_EXPECTED[formula.result]})."
        )
    return _runnable(_finished(piece, formula))


def _checked(piece: Piece) -> Piece:
    """Return a piece that is not too long: functions that say their parameters twice add up."""
    if len(piece.sql) > LONGEST_COMPILED:
        raise FormulaError(
            f"Compiled formula is too big to execute ({len(piece.sql):,} characters). "
            f"Maximum size is {LONGEST_COMPILED:,} characters"
        )
    return piece


def _runnable(sql: str) -> str:
    """Return SQL that the store can read, also where a query wraps it in a few things more."""
    wrapped = f"select {'(' * _MARGIN}{sql}{')' * _MARGIN}"
    with closing(connect(":memory:")) as empty:
        try:
            empty.execute(wrapped)
        except OperationalError as error:
            # Of course nothing that it names is there; all that matters is whether it is read.
            if is_too_complex(error):
                raise too_complex() from None
    return sql


def _finished(piece: Piece, formula: Formula) -> str:
    if formula.result == "percent":
        return f"round({_finite(f'{piece.sql} * 100')}, {formula.scale})"
    if formula.result in ("double", "currency"):
        return f"round({_finite(piece.sql)}, {formula.scale})"
    return f"nullif({piece.sql}, '')" if formula.result == "string" else piece.sql


def _finite(sql: str) -> str:
    """Return SQL of a number that is null where the store's arithmetic has overflowed."""
    return f"nullif(nullif({sql}, 9e999), -9e999)"


class _Compiler:
    def __init__(self, table: Table, tables: Tables, blanks_are_zero: bool) -> None:
        self._table = table
        self._tables = tables
        self._blanks_are_zero = blanks_are_zero

    def piece(self, expression: Expression) -> Piece:
        if isinstance(expression, Constant):
            return _constant(expression)
        if isinstance(expression, Reference):
            return self._field(expression)
        parts = [self.piece(part) for part in _flat(expression)]
        if isinstance(expression, Operation):
            return _checked(apply_operator(expression, parts))
        if len(parts) > len(expression.parts):
            return _checked(choose(parts))
        return _checked(call_function(expression.name, parts))

    def _field(self, reference: Reference) -> Piece:
        if reference.path[0].startswith("$") or len(reference.path) > _LONGEST_PATH:
            raise FormulaError(f"Field {reference} does not exist. Check spelling.")
        sql, column = self._climb(reference, self._table, ROW, reference.path)
        if column.type in _NOT_IN_FORMULAS:
            raise FormulaError(f"You referenced an unsupported field type: {column.name}.")
        kind = _KINDS.get(column.type, "Text")
        if kind == "Number" and self._blanks_are_zero:
            sql = f"coalesce({sql}, 0)"
        if column.type == "percent":
            sql = f"({sql} / 100.0)"
        return Piece(sql, kind)

    def _climb(
        self, reference: Reference, table: Table, row: str, path: tuple[str, ...]
    ) -> tuple[str, Column]:
        """Return the SQL of a field, selected from as many records up as the path says."""
        if len(path) == 1:
            column = _known(reference, table.find(path[0]))
            return column_sql(column, row), column
        link, parent = self._parent(reference, table, path[0])
        above = f"{row}>{link.name}"
        inner, column = self._climb(reference, parent, above, path[1:])
        where = f'"{above}"."Id" = {column_sql(link, row)}'
        sql = f'(select {inner} from {parent.table} as "{above}" where {where})'  # noqa: S608 - names of our schema
        return sql, column

    def _parent(self, reference: Reference, table: Table, step: str) -> tuple[Column, Table]:
        name, _, wanted = step.partition(":")
        field_name = f"{name[:-3]}__c" if name.lower().endswith("__r") else f"{name}Id"
        link = _known(reference, table.find(field_name))
        targets = [name for name in link.refers_to if wanted.lower() in ("", name.lower())]
        if len(targets) != 1:
            raise FormulaError(f"Field {reference} does not exist. Check spelling.")
        return link, self._tables[targets[0]]


def _flat(expression: Operation | FunctionCall) -> tuple[Expression, ...]:
    """Return what an expression is made of; for IF, also what IFs in its last place are made of."""
    parts = expression.parts
    while _is_if(expression) and _is_if(parts[-1]):
        parts = (*parts[:-1], *parts[-1].parts)
    return parts


def _is_if(expression: Expression) -> TypeGuard[FunctionCall]:
    if not isinstance(expression, FunctionCall):
        return False
    return expression.name == "IF" and len(expression.parts) == _IF_PARTS


def column_sql(column: Column, alias: str) -> str:
    """Return what reads a field of the row with an alias: its column, or its formula."""
    if column.expression:
        return f"({column.expression.replace(ROW, alias)})"
    return f'"{alias}"."{column.name}"'


def _known(reference: Reference, column: Column | None) -> Column:
    if column is None:
        raise FormulaError(f"Field {reference} does not exist. Check spelling.")
    return column


def _constant(constant: Constant) -> Piece:
    if constant.kind == "number":
        number = float(constant.value)
        if isinf(number):
            raise FormulaError(f"Number is too large: {constant.value[:20]}...")
        return Piece(str(number), "Number")
    if constant.kind == "boolean":
        return Piece(str(int(constant.value == "TRUE")), "Boolean")
    if constant.kind == "null":
        return Piece("null", "Null")
    return Piece("'" + constant.value.replace("'", "''") + "'", "Text")
