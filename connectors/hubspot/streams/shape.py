"""How an object of HubSpot is read: its properties, and what its answers hold besides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.records import Field, FieldType, Stream

ASSOCIATION_FIELDS = (
    Field("from_type", "string"),
    Field("from_id", "string"),
    Field("to_type", "string"),
    Field("associations", "string"),
)
"""A row says with which records of one far object a record is associated, and how.

Types are object names as in paths ("contacts"). `associations` is a JSON list of {"to_id",
"type_id", "category", "label"} in a fixed order, one entry for each label of each pair; "[]" where
there is none, so that losing the last one is a change like any other.
"""
NO_ASSOCIATIONS = {"associations": "[]"}


@dataclass(frozen=True)
class ObjectStream:
    """An object with the details that are read along with it."""

    stream: Stream
    singular: str
    modified: str
    """The property that moves whenever a record changes (UTC)."""
    histories: tuple[str, ...] = ()
    """Properties whose every past value is read."""
    associated: tuple[str, ...] = ()
    """Objects whose associations with this one are read."""
    has_stages: bool = False
    """Whether its records may go through the stages of pipelines."""

    @property
    def name(self) -> str:
        """The object's name in paths, which is also its stream's."""
        return self.stream.name

    @property
    def history_stream(self) -> str:
        """Name of the stream of past values."""
        return f"{self.singular}_histories"

    @property
    def association_stream(self) -> str:
        """Name of the stream of associations."""
        return f"{self.singular}_associations"

    @property
    def history_fields(self) -> tuple[Field, ...]:
        """Fields of the stream of past values."""
        return history_fields(self.singular)


def read_object(
    name: str,
    singular: str,
    required_fields: Mapping[str, FieldType],
    *,
    modified: str = "hs_lastmodifieddate",
    histories: Sequence[str] = (),
    associated: Sequence[str] = (),
    left_out: re.Pattern[str] | None = None,
    has_stages: bool = False,
) -> ObjectStream:
    """Describe an object whose stream has the object's name."""
    details: dict[str, tuple[Field, ...]] = {}
    if histories:
        details[f"{singular}_histories"] = history_fields(singular)
    if associated:
        details[f"{singular}_associations"] = ASSOCIATION_FIELDS
    states = frozenset({f"{singular}_associations"} & details.keys())
    stream = Stream(
        "hubspot",
        name,
        name,
        required_fields,
        details,
        left_out,
        details_keep_states=states,
        blank_states=dict.fromkeys(states, NO_ASSOCIATIONS),
    )
    return ObjectStream(stream, singular, modified, tuple(histories), tuple(associated), has_stages)


def with_histories(known: ObjectStream, further: Sequence[str]) -> ObjectStream:
    """Return the object with the past values of further properties, named in any case.

    HubSpot's names are in lower case, and an answer passes over one that is written otherwise.
    """
    details = {**known.stream.details, known.history_stream: known.history_fields}
    histories = tuple(dict.fromkeys((*known.histories, *map(str.lower, further))))
    if not histories:
        return known
    return replace(known, stream=replace(known.stream, details=details), histories=histories)


def history_fields(singular: str) -> tuple[Field, ...]:
    """Return the fields of an object's past values."""
    return (
        Field(f"{singular}_id", "string"),
        Field("property", "string"),
        Field("value", "string"),
        Field("changed_at", "datetime"),
        Field("source_type", "string"),
        Field("source_id", "string"),
    )
