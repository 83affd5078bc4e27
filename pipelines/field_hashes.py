"""The values of many fields as one number for each row, so that to compare them takes little room.

Two rows that differ share a number once in 2**64, as with the hashes of rows in the lake.
"""

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from connectors.records import Field, FieldType

FIELDS_HASH = "_fields_hash"
_AS: Mapping[FieldType, str] = {
    "string": "try_cast({0} as varchar)",
    "integer": "try_cast({0} as bigint)",
    # DuckDB (2.0) hashes -0.000000001 as it does 0.
    "decimal": "cast(try_cast({0} as decimal(38, 9)) as varchar)",
    "boolean": "try_cast({0} as boolean)",
    "date": "try_cast({0} as date)",
    "datetime": "try_cast({0} as timestamptz)",
    # It hashes a list without values as it does NULL.
    "list": "try_cast({0} as varchar[]), len(try_cast({0} as varchar[]))",
}


def fields_hash(fields: Sequence[Field], held: Collection[str]) -> str:
    """Return SQL for the hash of these fields in a table of `numbered` columns.

    Values are hashed as what the field is now, whatever their column's type: those that are not of
    it are NULL.

    Args:
        fields: In the same order wherever their hashes are compared.
        held: Names of the fields that the table has: the others are NULL.
    """
    values = [
        _AS[field.type].format(_column(at) if field.name in held else "null")
        for at, field in enumerate(fields)
    ]
    return f"hash({', '.join(values)})" if values else "0::ubigint"


def numbered(fields: Sequence[Field], table: pa.Table) -> pa.Table:
    """Return the table, its fields named by their places: no name of a CRM comes into SQL."""
    columns = {field.name: _column(at) for at, field in enumerate(fields)}
    return table.rename_columns([columns.get(name, name) for name in table.column_names])


def _column(at: int) -> str:
    return f"field_{at}"
