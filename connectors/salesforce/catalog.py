"""The fields of every object that is read, as rows: from the descriptions we have anyway."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from connectors.arrow import Row, build_table
from connectors.records import Field
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.description import Description


def read_catalog(
    client: SalesforceClient, objects: Sequence[str], fields: Sequence[Field]
) -> pa.Table:
    """Return a row for each field, stamped with the time of its object's description (UTC).

    An object that the org lacks or hides has no fields.
    """
    rows: list[Row] = []
    for object_name, description in client.describe_all(objects).items():
        rows += _rows_of(object_name, description)
    return build_table(fields, rows)


def _rows_of(object_name: str, description: Description) -> Iterator[Row]:
    for field in description.fields:
        values = {
            "object_name": object_name,
            "field_name": field.name,
            "label": field.label,
            "field_type": field.type,
            "is_calculated": field.calculated,
            "is_custom": field.custom,
            "options": field.options or None,
            "default_value": field.default,
        }
        record_id = f"{object_name}.{field.name}"
        yield Row(record_id, description.described_at, is_deleted=False, values=values)
