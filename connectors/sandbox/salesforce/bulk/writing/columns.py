"""What the columns of an upload mean, and what its cells say.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.bulk.writing.outcomes import Outcome
from connectors.sandbox.salesforce.bulk.writing.rows import Writer, find_reference
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.schema import Field


@dataclass(frozen=True)
class Columns:
    """The columns of an upload and the writer of its rows."""

    writer: Writer
    names: Sequence[str]
    fields: Sequence[Field | None]
    """The field of each column; None for a reference by key."""
    null: str
    """The cell that empties a field."""

    def write(self, rows: Iterable[Sequence[str]]) -> list[Outcome]:
        """Carry out rows that go together."""
        return self.writer.write([self.values(cells) for cells in rows])

    def values(self, cells: Sequence[str]) -> dict[str, Any]:
        """Return what a row sets, by field; an empty cell leaves its field alone."""
        return {
            name: self._value(field, cell)
            for name, field, cell in zip(self.names, self.fields, cells, strict=True)
            if cell != ""
        }

    def _value(self, field: Field | None, cell: str) -> Any:
        if cell == self.null:
            return None
        if field is not None and field.type == "boolean":
            return _BOOLEANS.get(cell.strip().lower(), cell)
        return cell


_BOOLEANS: Mapping[str, bool] = {"true": True, "1": True, "yes": True} | {
    "false": False,
    "0": False,
    "no": False,
}


def columns_of(writer: Writer, header: Sequence[str]) -> Columns:
    """Return what the columns of an upload mean.

    Raises:
        BadUploadError: a name that no visible field has.
    """
    readable = readable_fields(writer.sandbox.store, writer.known)
    by_name = {name.lower(): field for name, field in readable.items()}
    fields: list[Field | None] = []
    for name in header:
        field = by_name.get(name.lower())
        if field is None and not _is_reference(writer, name):
            raise BadUploadError(f"InvalidBatch : Field name not found : {name}")
        fields.append(field)
    null = writer.sandbox.settings.salesforce_bulk_null
    return Columns(writer, header, fields, null)


def _is_reference(writer: Writer, name: str) -> bool:
    try:
        find_reference(writer.sandbox, writer.known, name)
    except Refusal:
        return False
    return True
