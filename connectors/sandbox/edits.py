"""What people do on the pages of both CRMs: edits, merges and conversions.

A write-back must respect it all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.checks import check_values
from connectors.sandbox.hubspot.errors import Refusal as HubSpotRefusal
from connectors.sandbox.hubspot.merges import merge_records as merge_in_hubspot
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import ObjectType as HubSpotType
from connectors.sandbox.hubspot.object_types import find_object_type
from connectors.sandbox.hubspot.records import Source, find_record
from connectors.sandbox.hubspot.writes import change_record, restore_record
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.conversions import convert_lead
from connectors.sandbox.salesforce.errors import Refusal as SalesforceRefusal
from connectors.sandbox.salesforce.ids import full_id, user_id
from connectors.sandbox.salesforce.merges import merge_records
from connectors.sandbox.salesforce.records import update_record
from connectors.sandbox.salesforce.recycling import purge
from connectors.sandbox.salesforce.recycling import restore as undelete
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
            _edit_in_hubspot(sandbox, object_name or "contacts", id_of(record_id), values, user)
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
    kind = _hubspot_type(sandbox, object_name)
    record = find_record(sandbox.store, kind, record_id)
    if record is None:
        raise ValueError(f"HubSpot has no record {record_id} among {object_name}")
    source = _hubspot_source(sandbox, user)
    checked = check_values(sandbox.store, kind, values, record.kept)
    change_record(sandbox, record, checked, source)


def _hubspot_source(sandbox: Sandbox, user: int) -> Source:
    found: int | None = sandbox.store.value(
        "select user_id from hubspot_owners order by id limit 1 offset ?", user
    )
    if found is None:
        raise ValueError(f"HubSpot has no user number {user}")
    return Source("CRM_UI", f"userId:{found}", None, found)


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
            survivor = _merge_in_hubspot(sandbox, object_name, winner, losers, user)
            return {"survivor": str(survivor)}
    raise _unknown_crm(crm)


def _merge_in_hubspot(
    sandbox: Sandbox, object_name: str, winner: str, losers: Sequence[str], user: int
) -> int:
    kind, survivor = _hubspot_type(sandbox, object_name), id_of(winner)
    source = _hubspot_source(sandbox, user)
    for loser in losers:
        survivor = merge_in_hubspot(sandbox, kind, survivor, id_of(loser), source).id
    return survivor


def _hubspot_type(sandbox: Sandbox, name: str) -> HubSpotType:
    known = find_object_type(sandbox.store, name)
    if known is None:
        raise ValueError(f"HubSpot has no object {name}")
    return known


def restore(sandbox: Sandbox, crm: str, object_name: str, record_id: str) -> dict[str, str]:
    """Take a record out of a CRM's recycle bin, as a person does on its page.

    Raises:
        ValueError: no such record is archived, or something of it is another's by now.
    """
    with _refusals_as_errors():
        if crm == "salesforce":
            undelete(sandbox, _salesforce_type(sandbox, object_name), record_id)
            return {"restored": record_id}
        if crm != "hubspot":
            raise _unknown_crm(crm)
        kind = _hubspot_type(sandbox, object_name)
        record = find_record(sandbox.store, kind, id_of(record_id), archived=True)
        if record is None:
            raise ValueError(f"HubSpot has no archived record {record_id} among {object_name}")
        return {"restored": str(restore_record(sandbox, record).id)}


def purge_records(sandbox: Sandbox, object_name: str, record_ids: list[str]) -> dict[str, int]:
    """Take records of an object out of Salesforce's recycle bin, for good; return how many.

    Raises:
        ValueError: Salesforce has no such object.
    """
    known = _salesforce_type(sandbox, object_name)
    ids = [found for record_id in record_ids if (found := full_id(record_id))]
    return {"purged": purge(sandbox.store, known, ids)}
