"""What is read from HubSpot. Data, no logic; one module for each family of objects."""

from collections.abc import Iterable, Mapping

from connectors.hubspot.streams.account import (
    FORM_SUBMISSIONS,
    FORMS,
    LIST_MEMBERSHIPS,
    LISTS,
    OWNERS,
    PIPELINES,
    PROPERTIES,
    TEAMS,
)
from connectors.hubspot.streams.activities import (
    CALLS,
    COMMUNICATIONS,
    EMAILS,
    MEETINGS,
    NOTES,
    TASKS,
)
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import COMPANIES, CONTACTS
from connectors.hubspot.streams.service import LEADS, TICKETS
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import Stream

OBJECTS: Mapping[str, ObjectStream] = {
    known.name: known
    for known in (
        *(CONTACTS, COMPANIES, DEALS, LEADS, TICKETS),
        *(CALLS, EMAILS, MEETINGS, NOTES, TASKS, COMMUNICATIONS),
    )
}
"""By stream: the objects that can be searched, in every account."""

CATALOGS: Mapping[str, Stream] = {
    known.name: known
    for known in (FORMS, OWNERS, TEAMS, PIPELINES, LISTS, LIST_MEMBERSHIPS, PROPERTIES)
}
"""By stream: what is read whole each time, as states."""


def streams_with(objects: Iterable[ObjectStream]) -> tuple[Stream, ...]:
    """Return the streams of every account as these objects have them, then custom objects'."""
    own = {known.name: known.stream for known in objects}
    common = tuple(own.pop(name) for name in OBJECTS if name in own)
    return (*common, FORM_SUBMISSIONS, *CATALOGS.values(), *own.values())


STREAMS = streams_with(OBJECTS.values())
