"""Edits by people, as salespeople make them on a record's page: what a write-back must respect."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import Source, change_contact, check_values, find_contact
from connectors.sandbox.hubspot.errors import Refusal as HubSpotRefusal
from connectors.sandbox.salesforce.errors import Refusal as SalesforceRefusal
from connectors.sandbox.salesforce.records import Author, update_record
from connectors.sandbox.salesforce.schema import object_types
from connectors.sandbox.salesforce.seed import user_id


def edit_record(
    sandbox: Sandbox, crm: str, record_id: str, values: dict[str, Any], user: int
) -> dict[str, str]:
    """Change a Lead or a contact as user number 0 to 6 of the company.

    Raises:
        ValueError: the CRM refuses, or there is no such CRM or record.
    """
    try:
        if crm == "salesforce":
            _edit_lead(sandbox, record_id, values, user)
        elif crm == "hubspot":
            _edit_contact(sandbox, int(record_id), values, user)
        else:
            raise ValueError(f"no CRM is called {crm}")
    except (SalesforceRefusal, HubSpotRefusal) as refusal:
        raise ValueError(str(refusal)) from refusal
    return {"edited": record_id}


def _edit_lead(sandbox: Sandbox, record_id: str, values: dict[str, Any], user: int) -> None:
    author = Author(user_id=user_id(user), sees_all_fields=True)
    update_record(sandbox, object_types(sandbox.store)["Lead"], record_id, values, author)


def _edit_contact(sandbox: Sandbox, contact_id: int, values: dict[str, Any], user: int) -> None:
    contact = find_contact(sandbox.store, contact_id)
    if contact is None:
        raise ValueError(f"no contact has the id {contact_id}")
    hubspot_user: int = sandbox.store.value(
        "select user_id from hubspot_owners order by id limit 1 offset ?", user
    )
    source = Source("CRM_UI", f"userId:{hubspot_user}", None, hubspot_user)
    change_contact(sandbox, contact, check_values(sandbox.store, values), source)
