"""The shapes of HubSpot's answers, as far as we read them. Anything else is no answer.

Source: developers.hubspot.com, API reference (CRM objects, associations, properties, pipelines,
owners, forms).
"""

from typing import Any

import msgspec


class HistoryEntry(msgspec.Struct, rename="camel"):
    """One value a property has had."""

    timestamp: str
    value: str | None = None
    source_type: str | None = None
    source_id: str | None = None


class Record(msgspec.Struct):
    """One record of an object as searches and batches show it; for lists, see `shapes`."""

    id: str
    properties: dict[str, str | None]


class Next(msgspec.Struct):
    """Where the next page begins."""

    after: str


class Paging(msgspec.Struct):
    """Present unless this is the last page."""

    next: Next | None = None


class RecordPage(msgspec.Struct):
    """A page of a list."""

    results: list[Record]
    paging: Paging | None = None


class SearchPage(msgspec.Struct):
    """A page of a search, and how many records the whole search finds."""

    total: int
    results: list[Record]


class BatchError(msgspec.Struct, rename="camel"):
    """What became of some inputs of a batch."""

    category: str = ""
    sub_category: str | None = None
    context: dict[str, list[str]] = {}


class BatchAnswer(msgspec.Struct):
    """A batch's results, in no order, and its errors."""

    results: list[Record]
    errors: list[BatchError] = []


class RecordReference(msgspec.Struct, gc=False):
    """A record, named by id."""

    id: str | int


class AssociationType(msgspec.Struct, rename="camel", gc=False):
    """What two records are to each other."""

    category: str
    type_id: int
    label: str | None = None


class AssociatedRecord(msgspec.Struct, rename="camel", gc=False):
    """The other end of a pair."""

    to_object_id: str | int
    association_types: list[AssociationType]


class AssociationSet(msgspec.Struct, gc=False):
    """The records that one record belongs together with, or a page of them."""

    from_record: RecordReference = msgspec.field(name="from")
    to: list[AssociatedRecord]
    paging: Paging | None = None


class AssociationAnswer(msgspec.Struct):
    """The associations of many records. Those without any are named by errors."""

    results: list[AssociationSet]
    errors: list[BatchError] = []


class Option(msgspec.Struct, rename="camel"):
    """A choice of a property."""

    value: str
    display_order: int = 0


class Modification(msgspec.Struct, rename="camel"):
    """What may be done to a property."""

    read_only_value: bool = False


class Property(msgspec.Struct, rename="camel"):
    """A property of an object."""

    name: str
    type: str
    label: str | None = None
    field_type: str | None = None
    group_name: str | None = None
    calculated: bool = False
    hidden: bool = False
    external_options: bool = False
    options: list[Option] = []
    modification_metadata: Modification = msgspec.field(default_factory=Modification)


class PropertyList(msgspec.Struct):
    """Every property of an object."""

    results: list[Property]


class Group(msgspec.Struct):
    """A group of properties."""

    name: str


class GroupList(msgspec.Struct):
    """Every group of properties of an object."""

    results: list[Group]


class Form(msgspec.Struct, rename="camel"):
    """A form."""

    id: str
    name: str | None = None
    form_type: str | None = None
    archived: bool = False
    created_at: str | None = None
    updated_at: str | None = None


class FormPage(msgspec.Struct):
    """A page of forms."""

    results: list[Form]
    paging: Paging | None = None


class FormValue(msgspec.Struct):
    """One value that a visitor entered."""

    name: str
    value: str | None = None


class Submission(msgspec.Struct, rename="camel"):
    """A form as one visitor submitted it."""

    conversion_id: str
    submitted_at: int
    """Epoch milliseconds."""
    values: list[FormValue]
    page_url: str | None = None


class SubmissionPage(msgspec.Struct):
    """A page of submissions, newest first."""

    results: list[Submission]
    paging: Paging | None = None


class Team(msgspec.Struct):
    """A team that an owner belongs to."""

    id: str
    name: str
    primary: bool = False


class Owner(msgspec.Struct, rename="camel"):
    """Someone whom records may belong to. Those who have left have no user id of their own."""

    id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    user_id: int | None = None
    user_id_including_inactive: int | None = None
    archived: bool = False
    teams: list[Team] = []
    created_at: str | None = None
    updated_at: str | None = None


class OwnerPage(msgspec.Struct):
    """A page of owners."""

    results: list[Owner]
    paging: Paging | None = None


class PipelineStage(msgspec.Struct, rename="camel"):
    """A stage of a pipeline; what its metadata holds depends on the object."""

    id: str
    label: str
    display_order: int
    metadata: dict[str, Any] = {}
    updated_at: str | None = None


class Pipeline(msgspec.Struct):
    """A pipeline."""

    id: str
    label: str
    stages: list[PipelineStage]


class PipelineList(msgspec.Struct):
    """Every pipeline of an object."""

    results: list[Pipeline]


class Created(msgspec.Struct):
    """What HubSpot says of something it has just made."""

    name: str


def next_after(paging: Paging | None) -> str | None:
    """Return where the next page begins, or None after the last one."""
    return paging.next.after if paging and paging.next else None
