"""What requests to the sandbox's own API hold: their JSON bodies, typed.

A body that does not fit is refused before anything is done; fields that nothing reads are let be.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

RecordId = str | int
"""As the CRM writes it; HubSpot's may also come as numbers."""
UserNumber = Annotated[int, Meta(ge=0, le=1_000_000)]
"""The place of a user in the company: 0 runs sales operations."""
_LONGEST_WAIT = 10_000_000_000
"""Seconds, some 300 years; where the clock ends is the clock's to say."""


class Nothing(Struct, frozen=True):
    """A request that says all with its path."""


class ClockMove(Struct, frozen=True):
    """Where the clock moves (ISO 8601, UTC without a zone), or else by how many seconds."""

    now: str | None = None
    advance_seconds: Annotated[int, Meta(ge=0, le=_LONGEST_WAIT)] | None = None


class Days(Struct, frozen=True):
    """How many days the company lives."""

    days: int


class Edit(Struct, frozen=True):
    """New values of a record by name; without an `object` it is a Lead or a contact."""

    crm: str
    record_id: RecordId
    values: dict[str, Any]
    user: UserNumber
    object: str | None = None


class Merge(Struct, frozen=True):
    """Records of which one stays."""

    crm: str
    object: str
    winner: RecordId
    losers: list[RecordId]
    user: UserNumber = 0


class Restoration(Struct, frozen=True):
    """A record to take out of a recycle bin."""

    crm: str
    object: str
    record_id: RecordId


class Purge(Struct, frozen=True):
    """Records to take out of Salesforce's recycle bin for good."""

    object: str
    record_ids: list[RecordId]
    by_admin: bool = False
    """Whether they go with the whole bin, so that getDeleted looks back no further."""


class Conversion(Struct, frozen=True):
    """A Lead to convert, with an Opportunity or without."""

    lead_id: str
    opportunity: bool = False
    user: UserNumber = 0


class Usage(Struct, frozen=True):
    """How many requests of the day a CRM's client has left."""

    crm: str
    left: Annotated[int, Meta(ge=0)]


class EndOfSessions(Struct, frozen=True):
    """Whose sessions or tokens end."""

    crm: str


class Consent(Struct, frozen=True):
    """The app that a user lets in: where their browser goes, and the challenge to prove by."""

    redirect_uri: str
    code_challenge: str = ""


class Certificate(Struct, frozen=True):
    """A certificate in PEM."""

    certificate: str
