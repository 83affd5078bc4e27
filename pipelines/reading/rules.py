"""`revops/extract.yml`: what is read of each CRM and how often."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, get_args

from pydantic import Field

from connectors.records import Crm, Stream
from pipelines.rules.models import Strict
from pipelines.rules.problems import Problem, RulesError, nearest
from pipelines.rules.reading import Reader

FILE = "extract.yml"

Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=525_600)]


class StreamRules(Strict):
    """What is read of one stream."""

    include: frozenset[str] = frozenset()
    """If any: the only fields read, besides those that the models need."""
    exclude: frozenset[str] = frozenset()
    histories: tuple[str, ...] = ()
    """HubSpot properties whose past values are read, besides those that the models need."""


class CrmRules(Strict):
    """What is read of one CRM."""

    custom_objects: tuple[str, ...] = ()
    streams: Mapping[str, StreamRules] = Field(default_factory=dict)


class Every(Strict):
    """Minutes between two readings of a kind; 0 reads at every run."""

    settled: Minutes = 60
    deletions: Minutes = 60
    catalogs: Minutes = 60
    details: Minutes = 1440
    calculated: Minutes = 1440
    audit: Minutes = 1440
    uncounted: Minutes = 10_080
    members: Minutes = 10_080

    def interval(self, duty: str) -> timedelta:
        """Return how long after a reading the next one is due.

        A tenth less than said: runs that a schedule starts each hour are never an hour apart.
        """
        return timedelta(minutes=getattr(self, duty)) * 0.9


class Warn(Strict):
    """When a stream's check warns."""

    duplicate_rate: Share = 0.9
    null_rate: Share = 1.0
    from_rows: Annotated[int, Field(ge=1)] = 200


class ExtractRules(Strict):
    """The file; every key has a default."""

    reserve: Annotated[float, Field(ge=0, lt=1)] = 0.1
    every: Every = Every()
    warn: Warn = Warn()
    salesforce: CrmRules = CrmRules()
    hubspot: CrmRules = CrmRules()

    def of(self, crm: Crm) -> CrmRules:
        """Return the part about one CRM."""
        return self.salesforce if crm == "salesforce" else self.hubspot


def load_extract_rules(revops_dir: Path) -> ExtractRules:
    """Read the file; without one, every key has its default.

    Raises:
        RulesError: naming each wrong key with its line and what was perhaps meant.
    """
    if not (revops_dir / FILE).exists():
        return ExtractRules()
    reader = Reader(revops_dir)
    rules = reader.read_yaml(FILE, ExtractRules)
    if rules is None:
        raise RulesError([_with_keys(problem) for problem in reader.problems])
    return rules


def check_streams(rules: ExtractRules, streams: Mapping[Crm, tuple[Stream, ...]]) -> None:
    """See that it names streams that there are, histories where they can be, and objects once.

    Args:
        rules: The file.
        streams: What is read of each CRM by these rules, custom objects last, in their order.

    Raises:
        RulesError: as `load_extract_rules`.
    """
    problems = [
        problem
        for crm in get_args(Crm)
        for look in (_taken, _unfit)
        for problem in look(rules, crm, streams[crm])
    ]
    if problems:
        raise RulesError(problems)


def with_rules(stream: Stream, rules: CrmRules) -> Stream:
    """Return the stream with the fields that the file chooses for it."""
    own = rules.streams.get(stream.name)
    return replace(stream, included=own.include, excluded=own.exclude) if own else stream


def _taken(rules: ExtractRules, crm: Crm, streams: tuple[Stream, ...]) -> Iterator[Problem]:
    """Yield custom objects that another stream reads, or whose stream has the name of another's.

    In any case: Salesforce's names have none, and folders of the lake might be the same.
    """
    written = rules.of(crm).custom_objects
    first = len(streams) - len(written)
    taken = {name: stream.name for stream in streams[:first] for name in _names(stream)}
    for name, stream in zip(written, streams[first:], strict=True):
        if clash := _names(stream) & taken.keys():
            reason = f"is read already, as the stream {taken[min(clash)]}"
            yield Problem(FILE, 0, f"{crm}.custom_objects", name, reason)
        taken |= dict.fromkeys(_names(stream), stream.name)


def _names(stream: Stream) -> set[str]:
    return {name.lower() for name in (stream.name, stream.object_name, *stream.details)}


def _unfit(rules: ExtractRules, crm: Crm, streams: tuple[Stream, ...]) -> Iterator[Problem]:
    known = {stream.name: stream for stream in streams}
    for name, own in rules.of(crm).streams.items():
        place = f"{crm}.streams.{name}"
        if name not in known:
            reason = f"is no stream of {crm}"
            yield Problem(FILE, 0, place, name, reason, nearest(name, known))
        elif own.histories and not any("histories" in key for key in known[name].details):
            reason = "goes with streams whose past values can be read"
            yield Problem(FILE, 0, f"{place}.histories", "", reason)


def _with_keys(problem: Problem) -> Problem:
    """Name the key that was perhaps meant, where this one does not exist."""
    if "Extra inputs" not in problem.reason:
        return problem
    key = problem.column.rpartition(".")[2]
    return replace(problem, reason="is no key of this file", nearest=nearest(key, _keys()))


def _keys() -> set[str]:
    known = (ExtractRules, CrmRules, StreamRules, Every, Warn)
    return {name for each in known for name in each.model_fields}
