"""How a stream's fields differ from those of its last reading, and what a first reading notes.

Marks are of a lake: where it has nothing of a stream, nothing is known of the stream either.
"""

import json
from collections.abc import Mapping, Sequence

from connectors.records import Field, Stream
from pipelines.reading.extraction import HORIZONS, Extraction
from pipelines.reading.marks import CALCULATED, DETAILS, FIELDS, RETIRED, SETTLED, Mark, whole
from pipelines.reading.results import Drift


def forget_unread(run: Extraction, stream: Stream) -> None:
    """Let go of marks of what the lake has no load of: it was moved aside, or is another lake.

    A stream is then read, asked for removals from the beginning, and audited, as one never seen.
    """
    if not run.lake.paths(run.crm, stream.name):
        run.marks.forget_all(stream.name)
    for name in stream.details:
        if not run.lake.paths(run.crm, name):
            run.marks.forget(stream.name, whole(name))


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


def retired_fields(run: Extraction, stream: Stream, fields: Sequence[Field]) -> set[str]:
    """Return the fields that the CRM had at some reading, and has no longer."""
    kept = run.marks.get(stream.name, FIELDS), run.marks.get(stream.name, RETIRED)
    known = {name for mark in kept if mark for name in mark.noted()}
    return known - set(_types(fields))


def first_marks(run: Extraction, stream: Stream, fields: Sequence[Field]) -> Mapping[str, Mark]:
    """Return what holds before anything was kept: true of every record there is, and to come.

    A detail that does not come with a record is then taken off the list; see `Keeper`.
    """
    began = Mark(run.began)
    return {
        SETTLED: Mark(run.began - HORIZONS[stream.crm]),
        CALCULATED: began,
        DETAILS: began,
        **field_marks(run, stream, fields),
        **{whole(name): began for name in stream.details},
    }


def field_marks(run: Extraction, stream: Stream, fields: Sequence[Field]) -> dict[str, Mark]:
    """Return the marks that these fields have been read of every record, and which are gone."""
    retired = dict.fromkeys(sorted(retired_fields(run, stream, fields)))
    return {
        FIELDS: Mark(run.began, json.dumps(_types(fields))),
        RETIRED: Mark(run.began, json.dumps(retired)),
    }


def lost_marks(run: Extraction, stream: Stream, fields: Sequence[Field]) -> dict[str, Mark]:
    """Return the marks that must stand before a record is kept without a field it had before.

    Should the reading break off, and the field come back, it is then known to be unread.
    """
    gone = drift_of(run, stream, fields).gone
    mark = run.marks.get(stream.name, FIELDS)
    if mark is None or not gone:
        return {}
    left = {name: kind for name, kind in mark.noted().items() if name not in gone}
    retired = field_marks(run, stream, fields)[RETIRED]
    return {FIELDS: Mark(mark.at, json.dumps(left)), RETIRED: retired}


def _types(fields: Sequence[Field]) -> dict[str, object]:
    return {field.name: field.type for field in fields if field.exists}
