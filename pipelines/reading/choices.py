"""Values kept that are not among the choices the CRM itself lists for their field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import IS_DELETED, Crm, Stream
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction
from pipelines.reading.results import StreamResult

LISTS: Mapping[Crm, tuple[str, str]] = {
    "salesforce": ("fields", "field_name"),
    "hubspot": ("properties", "property_name"),
}
"""By CRM: the stream that lists all fields with their choices, and its column of names."""

Choices = Mapping[str, pa.Array]
"""By field: the values that the CRM lists."""


def count_unknown_choices(
    run: Extraction, streams: Sequence[Stream], results: Sequence[StreamResult]
) -> tuple[StreamResult, ...]:
    """Return the results with the unlisted values among the rows that were kept."""
    kept = {result.stream: result.kept_loads for result in results if result.kept_loads}
    if not kept:
        return tuple(results)
    listed = choices_of(run.lake, run.crm)
    objects = {stream.name: stream.object_name for stream in streams}
    return tuple(
        replace(result, unknown_choices=_unknown(run.lake, result.kept_loads, listed[name]))
        if result.kept_loads and (name := objects.get(result.stream, "")) in listed
        else result
        for result in results
    )


def choices_of(lake: Lake, crm: Crm) -> Mapping[str, Choices]:
    """Return the choices of every field that has some, by object, as the lake last saw them."""
    stream, column = LISTS[crm]
    if not lake.paths(crm, stream):
        return {}
    table = lake.current(crm, stream, ("object_name", column, "options"))
    table = table.filter(pc.invert(table[IS_DELETED]))
    table = table.filter(pc.greater(pc.list_value_length(table["options"]), 0))
    found: dict[str, dict[str, pa.Array]] = {}
    for row in table.select(["object_name", column, "options"]).to_pylist():
        options = pa.array(row["options"], pa.string())
        found.setdefault(row["object_name"], {})[row[column]] = options
    return found


def _unknown(lake: Lake, loads: Sequence[str], choices: Choices) -> dict[str, int]:
    """Count, by field, the rows of these loads whose value the CRM does not list."""
    counts: dict[str, int] = {}
    for path in loads:
        table = lake.read(path, choices.keys())
        for name in table.column_names:
            if count := _unlisted(table[name], choices[name]):
                counts[name] = counts.get(name, 0) + count
    return counts


def _unlisted(column: pa.ChunkedArray, options: pa.Array) -> int:
    if pa.types.is_list(column.type):
        column = pc.list_flatten(column)
    if not pa.types.is_string(column.type):
        return 0
    values = column.drop_null()
    return len(values) - int(pc.sum(pc.is_in(values, value_set=options)).as_py() or 0)
