"""The shapes of HubSpot's answers about teams, and about lists of records.

Source: developers.hubspot.com, API reference (lists, user provisioning).
"""

import msgspec

from connectors.hubspot.answers import Paging


class UserTeam(msgspec.Struct, rename="camel"):
    """A team, with the ids of its users."""

    id: str
    name: str
    user_ids: list[str] = []
    secondary_user_ids: list[str] = []


class UserTeamList(msgspec.Struct):
    """Every team."""

    results: list[UserTeam]


class RecordList(msgspec.Struct, rename="camel"):
    """A list of records; its size and stamps (ms since 1970) come as text among the others."""

    list_id: str
    name: str
    object_type_id: str
    processing_type: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    filters_updated_at: str | None = None
    additional_properties: dict[str, str | None] = {}


class ListPage(msgspec.Struct, rename="camel"):
    """A page of a search for lists, how many it finds, and where the next page begins."""

    lists: list[RecordList]
    has_more: bool
    offset: int
    total: int


class Membership(msgspec.Struct, rename="camel"):
    """A record on a list."""

    record_id: str
    membership_timestamp: str | None = None


class MembershipPage(msgspec.Struct):
    """A page of a list's records, in order of id, and how many are on the list."""

    results: list[Membership]
    total: int | None = None
    paging: Paging | None = None
