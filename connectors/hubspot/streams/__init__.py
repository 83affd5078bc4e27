"""What is read from HubSpot. Data, no logic; one module for each family of objects."""

from collections.abc import Mapping

from connectors.hubspot.streams.account import FORM_SUBMISSIONS, FORMS, OWNERS, PIPELINES
from connectors.hubspot.streams.activities import CALLS, EMAILS, MEETINGS, NOTES, TASKS
from connectors.hubspot.streams.deals import DEALS
from connectors.hubspot.streams.people import COMPANIES, CONTACTS
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import Stream

OBJECTS: Mapping[str, ObjectStream] = {
    known.name: known
    for known in (CONTACTS, COMPANIES, DEALS, CALLS, EMAILS, MEETINGS, NOTES, TASKS)
}
"""By stream: the objects that can be searched."""

STREAMS: tuple[Stream, ...] = (
    *(known.stream for known in OBJECTS.values()),
    FORMS,
    FORM_SUBMISSIONS,
    OWNERS,
    PIPELINES,
)
