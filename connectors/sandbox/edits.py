"""What people do on the pages of both CRMs: edits, merges and conversions.

A write-back must respect it all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal as HubSpotRefusal
from connectors.sandbox.hubspot.merges import merge_contacts
from connectors.sandbox.hubspot.object_types import CONTACTS, object_type_named
from connectors.sandbox.hubspot.records import Source, find_record
from connectors.sandbox.hubspot.writes import change_record, check_values
from connectors.sandbox.salesforce.conversions import convert_lead
from connectors.sandbox.salesforce.errors import Refusal as SalesforceRefusal
from connectors.sandbox.salesforce.ids import user_id
from connectors.sandbox.salesforce.merges import merge_records
from connectors.sandbox.salesforce.records import Author, update_record
from connectors.sandbox.salesforce.schema import ObjectType, find_type, name_of


def edit_record(
    sandbox: Sandbox,
    crm: str,
    record_id: str,
    values: dict[str, Any],
    *,
    user: int,
    object_name: str | None = None,
) -> dict[str, str]:
    """Change a record as the user of a number, 0 for sales operations.

    Without an object it is a Lead or a contact.

    Raises:
        ValueError: the CRM refuses, or there is no such CRM, object, record or user.
    """
    with _refusals_as_errors():
        if crm == "salesforce":
            known = _salesforce_type(sandbox, object_name or "Lead")
            update_record(sandbox, known, record_id, values, _author(sandbox, user))
        elif crm == "hubspot":
            _edit_in_hubspot(sandbox, object_name or "contacts", int(record_id), values, user)
        else:
            raise _unknown_crm(crm)
    return {"edited": record_id}


def convert(sandbox: Sandbox, lead_id: str, opportunity: bool, user: int) -> dict[str, str | None]:
    """Convert a Lead as the user of a number; return the ids of what it became.

    Raises:
        ValueError: no such Lead, or it has been converted before.
    """
    with _refusals_as_errors():
        return convert_lead(sandbox, lead_id, opportunity, _author(sandbox, user))


@contextmanager
def _refusals_as_errors() -> Iterator[None]:
    try:
        yield
    except (SalesforceRefusal, HubSpotRefusal) as refusal:
        raise ValueError(str(refusal)) from refusal


def _author(sandbox: Sandbox, user: int) -> Author:
    author = Author(user_id=user_id(user), sees_all_fields=True)
    if name_of(sandbox.store, author.user_id) is None:
        raise ValueError(f"Salesforce has no user number {user}")
    return author


def _salesforce_type(sandbox: Sandbox, name: str) -> ObjectType:
    known = find_type(sandbox.store, name)
    if known is None:
        raise ValueError(f"Salesforce has no object {name}")
    return known


def _edit_in_hubspot(
    sandbox: Sandbox, object_name: str, record_id: int, values: dict[str, Any], user: int
) -> None:
    kind = object_type_named(object_name)
    record = None if kind is None else find_record(sandbox.store, kind, record_id)
    if kind is None or record is None:
        raise ValueError(f"HubSpot has no record {record_id} among {object_name}")
    hubspot_user = _hubspot_user(sandbox, user)
    source = Source("CRM_UI", f"userId:{hubspot_user}", None, hubspot_user)
    change_record(sandbox, record, check_values(sandbox.store, kind, values), source)


def _hubspot_user(sandbox: Sandbox, user: int) -> int:
    found: int | None = sandbox.store.value(
        "select user_id from hubspot_owners order by id limit 1 offset ?", user
    )
    if found is None:
        raise ValueError(f"HubSpot has no user number {user}")
    return found


def _unknown_crm(crm: str) -> ValueError:
    return ValueError(f"no CRM is called {crm}")


def merge(
    sandbox: Sandbox, crm: str, object_name: str, winner: str, losers: Sequence[str], *, user: int
) -> dict[str, str]:
    """Merge records as the user of a number; return the id of what they have become.

    Raises:
        ValueError: the CRM refuses, or there is no such CRM, object, record or user.
    """
    with _refusals_as_errors():
        if crm == "salesforce":
            known = _salesforce_type(sandbox, object_name)
            merge_records(sandbox, known, winner, losers, _author(sandbox, user))
            return {"survivor": winner}
        if crm == "hubspot":
            return {"survivor": str(_merge_in_hubspot(sandbox, object_name, winner, losers))}
    raise _unknown_crm(crm)


def _merge_in_hubspot(
    sandbox: Sandbox, object_name: str, winner: str, losers: Sequence[str]
) -> int:
    if object_type_named(object_name) != CONTACTS:
        raise ValueError(f"{object_name} can't be merged in HubSpot, only contacts")
    survivor = int(winner)
    for loser in losers:
        survivor = merge_contacts(sandbox, survivor, int(loser)).id
    return survivor
