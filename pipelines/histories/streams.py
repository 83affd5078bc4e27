"""The general door's streams: what any history must say to go through the engine."""

from collections.abc import Mapping

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID, FieldType

SYSTEM = "imported"
"""First folder of the streams in the lake, and of their tables in base."""

STREAMS: Mapping[str, Mapping[str, FieldType]] = {
    "events": {
        "case_id": "string",
        "activity": "string",
        "occurred_at": "datetime",
        "event_id": "string",
        "resource": "string",
        "source": "string",
        "place": "string",
    },
    "records": {
        "case_id": "string",
        "stage": "string",
        "changed_at": "datetime",
        "source": "string",
    },
    "unusable_rows": {
        "source": "string",
        "file_name": "string",
        "stream": "string",
        "file_path": "string",
        "row_number": "integer",
        "reason": "string",
        "case_text": "string",
        "stage_text": "string",
        "time_text": "string",
    },
}
"""Fields of each stream's rows, by name and type; docs/importing-histories.md is their contract."""


def schema_of(stream: str) -> pa.Schema:
    """Return the columns of a stream's rows as the lake takes them: RECORD_COLUMNS in front."""
    lead = {
        RECORD_ID: pa.string(),
        MODIFIED_AT: ARROW_TYPES["datetime"],
        IS_DELETED: pa.bool_(),
    }
    fields = {name: ARROW_TYPES[kind] for name, kind in STREAMS[stream].items()}
    return pa.schema(list((lead | fields).items()))
