"""Rows of a batch that writes, and its results, in the three formats of the older Bulk API.

Source: Bulk API Developer Guide, "Prepare Data Files" and "Get Batch Results": results come in the
order of the rows.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.classic.batches import Batch, result_of
from connectors.sandbox.salesforce.bulk.classic.markup import (
    INSTANCE,
    NAMESPACE,
    PROLOGUE,
    element,
    read_objects,
)
from connectors.sandbox.salesforce.bulk.dialect import CsvFormat
from connectors.sandbox.salesforce.bulk.files import draft_of
from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.bulk.writing.columns import Columns, columns_of
from connectors.sandbox.salesforce.bulk.writing.outcomes import Outcome, outcomes_between
from connectors.sandbox.salesforce.bulk.writing.rows import Writer
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError, reader_of
from connectors.sandbox.salesforce.errors import Refusal

_UNREADABLE = "InvalidBatch : Failed to parse the data of the batch"


def rows_of(writer: Writer, data: bytes, content_type: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a batch: what is to be set, by field.

    Raises:
        BadUploadError: the data can't be read, or name a field that is not there.
    """
    try:
        if content_type == "CSV":
            return list(_csv_rows(writer, data))
        rows = json.loads(data) if content_type == "JSON" else list(read_objects(data))
    except (ValueError, csv.Error, Refusal):
        raise BadUploadError(_UNREADABLE) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadUploadError(_UNREADABLE)
    flat = [_flat(row) for row in rows]
    columns_of(writer, sorted({name for row in flat for name in row}))
    return flat


def _csv_rows(writer: Writer, data: bytes) -> Iterator[Mapping[str, Any]]:
    dialect: CsvFormat = {"delimiter": ",", "lineterminator": "\n"}
    lines = reader_of(io.StringIO(data.decode(), newline=""), dialect)
    columns: Columns | None = None
    for cells in filter(None, lines):
        if columns is None:
            columns = columns_of(writer, cells)
        elif len(cells) != len(columns.names):
            raise BadUploadError(_UNREADABLE)
        else:
            yield columns.values(cells)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row whose references by key are written as in a header: `Account.Key__c`."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name == "attributes":
            continue
        if isinstance(value, Mapping):
            flat |= {f"{name}.{key}": inner for key, inner in value.items() if key != "attributes"}
        else:
            flat[name] = value
    return flat


def written_results(sandbox: Sandbox, job: Job, batch: Batch) -> Path:
    """Return the file that tells what became of the rows of a batch, made now if need be."""
    path = result_of(sandbox, batch)
    if not path.exists():
        outcomes = outcomes_between(sandbox.store, batch.id, 0, batch.processed)
        with draft_of(path) as draft:
            draft.write_text(_results(outcomes, job.content_type), "utf-8")
            draft.replace(path)
    return path


def _results(outcomes: Sequence[Outcome], content_type: str) -> str:
    if content_type == "JSON":
        return json.dumps([_json_result(made) for made in outcomes])
    if content_type == "XML":
        inner = "".join(element("result", _xml_result(made)) for made in outcomes)
        return f'{PROLOGUE}<results xmlns="{NAMESPACE}" xmlns:xsi="{INSTANCE}">{inner}</results>'
    file = io.StringIO()
    table = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    table.writerow(["Id", "Success", "Created", "Error"])
    for made in outcomes:
        flags = (str(not made.error).lower(), str(made.created).lower())
        table.writerow([made.record_id, *flags, made.error])
    return file.getvalue()


def _json_result(made: Outcome) -> dict[str, Any]:
    errors = [{**_error(made), "extendedErrorDetails": None}] if made.error else []
    return {
        "success": not made.error,
        "created": made.created,
        "id": made.record_id or None,
        "errors": errors,
    }


def _xml_result(made: Outcome) -> dict[str, Any]:
    errors = {"errors": _error(made)} if made.error else {}
    named = {"id": made.record_id} if made.record_id else {}
    return {**errors, **named, "success": not made.error, "created": made.created}


def _error(made: Outcome) -> dict[str, Any]:
    """Return the parts of an error cell such as `CODE:message:Name, Email --`."""
    code, _, rest = made.error.partition(":")
    message, _, fields = rest.removesuffix("--").rpartition(":")
    listed = [name.strip() for name in fields.split(",") if name.strip()]
    return {"statusCode": code, "message": message, "fields": listed}
