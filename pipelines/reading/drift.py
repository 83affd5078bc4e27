"""How a stream's fields differ from those of its last reading, and what a first reading notes."""

import json
from collections.abc import Mapping, Sequence

from connectors.records import Field, Stream
from pipelines.reading.extraction import HORIZONS, Extraction
from pipelines.reading.marks import CALCULATED, DETAILS, FIELDS, SETTLED, Mark, whole
from pipelines.reading.results import Drift


def drift_of(run: Extraction, stream: Stream, fields: Sequence[Field]) -> Drift:
    """Compare the fields with those of the last reading; none is new where that is not known."""
    mark = run.marks.get(stream.name, FIELDS)
    if mark is None:
        return Drift()
    before, now = mark.noted(), _types(fields)
    return Drift(
        tuple(sorted(now.keys() - before.keys())),
        tuple(sorted(before.keys() - now.keys())),
        tuple(sorted(name for name in now.keys() & before.keys() if now[name] != before[name])),
    )


def unread_fields(run: Extraction, stream: Stream, fields: Sequence[Field]) -> set[str]:
    """Return the fields that have not been read of every record, as far as is known.

    A field that was gone for a while is one of them.
    """
    mark = run.marks.get(stream.name, FIELDS)
    return set(_types(fields)) - set(mark.noted() if mark else ())


def first_marks(run: Extraction, stream: Stream, fields: Sequence[Field]) -> Mapping[str, Mark]:
    """Return what holds before anything was kept: true of every record there is, and to come.

    A detail that does not come with a record is then taken off the list; see `Keeper`.
    """
    began = Mark(run.began)
    return {
        SETTLED: Mark(run.began - HORIZONS[stream.crm]),
        CALCULATED: began,
        DETAILS: began,
        FIELDS: fields_mark(run, fields),
        **{whole(name): began for name in stream.details},
    }


def fields_mark(run: Extraction, fields: Sequence[Field]) -> Mark:
    """Return the mark that these fields have been read of every record."""
    return Mark(run.began, json.dumps(_types(fields)))


def _types(fields: Sequence[Field]) -> dict[str, object]:
    return {field.name: field.type for field in fields if field.exists}
