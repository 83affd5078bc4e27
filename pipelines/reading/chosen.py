"""Fields that `extract.yml` names, and the CRM does not: mistyped, most likely.

One that is mistyped under `exclude` is read after all, one under `include` or `histories` is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow.compute as pc

from connectors.interfaces import Source
from connectors.records import IS_DELETED, Stream, in_lower_case
from pipelines.reading.choices import LISTS
from pipelines.reading.extraction import Extraction
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import CrmRules


def unknown_to(source: Source, stream: Stream, rules: CrmRules) -> tuple[str, ...]:
    """Ask the CRM, and return the names it does not know, as they are written.

    Costs a request where the rules name fields of the stream. Raises as `Source.fields`.
    """
    if not (named := _named(rules, stream)):
        return ()
    # Whatever is named is chosen: what does not come then is not there, or is hidden from us.
    probe = replace(stream, included=named, excluded=frozenset(), left_out=None)
    return _unknown(named, [found.name for found in source.fields(probe) if found.exists])


def note_unknown_fields(
    run: Extraction, streams: Sequence[Stream], results: Sequence[StreamResult]
) -> tuple[StreamResult, ...]:
    """Return the results with the names that the CRM's list of all fields, as last read, lacks."""
    rules = run.rules.of(run.crm)
    named = {stream.name: (stream, _named(rules, stream)) for stream in streams}
    if not any(names for _, names in named.values()):
        return tuple(results)
    listed = _listed(run)
    noted = list(results)
    for place, result in enumerate(results):
        stream, names = named.get(result.stream, (None, frozenset()))
        if stream is not None and stream.object_name in listed:
            unknown = _unknown(names, listed[stream.object_name])
            noted[place] = replace(result, unknown_fields=unknown)
    return tuple(noted)


def _named(rules: CrmRules, stream: Stream) -> frozenset[str]:
    own = rules.streams.get(stream.name)
    return own.include.union(own.exclude, own.histories) if own else frozenset()


def _unknown(named: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    folded = in_lower_case(frozenset(known))
    return tuple(sorted(name for name in named if name.lower() not in folded))


def _listed(run: Extraction) -> dict[str, list[str]]:
    """Return the names of all fields by object; no object where the lake has no list yet."""
    stream, column = LISTS[run.crm]
    if not run.lake.paths(run.crm, stream):
        return {}
    table = run.lake.current(run.crm, stream, ("object_name", column))
    table = table.filter(pc.invert(table[IS_DELETED]))
    found: dict[str, list[str]] = {}
    for row in table.select(["object_name", column]).to_pylist():
        found.setdefault(row["object_name"], []).append(row[column])
    return found
