"""How a value looks in a cell of a result, said in SQL, where formatting is quickest.

Source: Bulk API 2.0 Developer Guide and results seen: datetimes as 2023-10-22T06:25:12.000Z,
booleans as true and false, large numbers as Java writes them.
"""

import sqlite3

from connectors.sandbox.salesforce.soql.sql import Typed

_FLOATING = frozenset({"double", "currency", "percent"})
_NOT_TEXT = _FLOATING | {"int", "anyType"}
_LARGE = 10_000_000


def add_functions(connection: sqlite3.Connection) -> None:
    """Teach a connection what cells need beyond plain SQL."""
    connection.create_function("scientific", 1, scientific, deterministic=True)


def cell_sql(value: Typed, scientific_numbers: bool) -> str:
    """Return the SQL of a column's cells: text, or null where the cell stays empty."""
    kind, text = value.field.type, value.text
    if kind == "boolean":
        return f"case {text} when 1 then 'true' when 0 then 'false' end"
    if kind == "datetime":
        return f"substr({text}, 1, 23) || 'Z'"
    if kind in _FLOATING and scientific_numbers:
        return f"iif(abs({text}) >= {_LARGE}, scientific({text}), cast({text} as text))"
    return f"cast({text} as text)" if kind in _NOT_TEXT else text


def scientific(number: float) -> str:
    """Return a large number as Java's Double.toString does: 12500000.0 as 1.25E7."""
    digits, _, exponent = f"{number:.16e}".partition("e")
    shortest = repr(float(digits))
    return f"{shortest}E{int(exponent)}"
