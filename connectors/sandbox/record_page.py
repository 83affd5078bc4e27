"""What a record's page shows, whichever CRM it is in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PathState = Literal["past", "now", "ahead"]
Crm = Literal["salesforce", "hubspot"]
EventKind = Literal[
    "change", "ours", "form", "call", "email", "meeting", "note", "task", "campaign"
]


@dataclass(frozen=True)
class PathStep:
    """One status along the path at the top of the page."""

    label: str
    state: PathState


@dataclass(frozen=True)
class Shown:
    """A label and a value, both as people read them, and where the value leads."""

    label: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class Related:
    """One line of a list of related records."""

    name: str
    detail: str
    link: str = ""


@dataclass(frozen=True)
class RelatedList:
    """A titled list of records that belong to this one."""

    title: str
    records: tuple[Related, ...]


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    at: datetime
    kind: EventKind
    title: str
    detail: str
    author: str


@dataclass(frozen=True)
class RecordPage:
    """One record as a salesperson sees it."""

    crm: Crm
    kind: str
    record_id: str
    name: str
    subtitle: str
    notes: tuple[str, ...]
    """Warnings about the record: deleted, converted."""
    path: tuple[PathStep, ...]
    fields: tuple[Shown, ...]
    own_fields: tuple[Shown, ...]
    """The fields of ours that the schema has."""
    events: tuple[Event, ...]
    """Newest first."""
    related: tuple[RelatedList, ...] = ()


@dataclass(frozen=True)
class ListedRecord:
    """One line of the list of records."""

    crm: Crm
    record_id: str
    name: str
    company: str
    email: str
    status: str
    modified_at: datetime
    kind: str = ""
    """The object; empty for the one that people are in: Lead or contacts."""

    @property
    def link(self) -> str:
        """The address of the record's page."""
        people = "Lead" if self.crm == "salesforce" else "contacts"
        return page_link(self.crm, self.kind or people, self.record_id)


def page_link(crm: Crm, kind: str, record_id: str) -> str:
    """Return the address of a record's page; kind is the object's name in paths."""
    return f"/ui/{crm}/{kind}/{record_id}"


def path_of(labels: list[str], current: str) -> tuple[PathStep, ...]:
    """Return the path; a status off the path ends it as a step of its own."""
    if current not in labels:
        ahead = [PathStep(label, "ahead") for label in labels]
        return (*ahead, PathStep(current, "now")) if current else tuple(ahead)
    place = labels.index(current)
    return tuple(PathStep(label, _state(n, place)) for n, label in enumerate(labels))


def _state(number: int, place: int) -> PathState:
    if number == place:
        return "now"
    return "past" if number < place else "ahead"


def read_time(moment: datetime) -> str:
    """Return a moment as the pages write it (UTC)."""
    return moment.strftime("%d %b %Y, %H:%M")
