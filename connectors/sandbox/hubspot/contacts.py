"""What only contacts have: an e-mail address that is nobody else's."""

from connectors.sandbox.hubspot.errors import ContactExists
from connectors.sandbox.hubspot.object_types import CONTACTS
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.store import Store

_FIRST = """
select id from hubspot_records
where object_type = 'contacts' and archived_at is null and email = ?
"""
# The index is named: SQLite's planner (3.40) took another one and read every contact there is,
# 1.3 ms for each new contact among 1,300 (2026-11-22).
_ADDITIONAL = """
select id from hubspot_records indexed by contact_more_emails
where object_type = 'contacts' and archived_at is null
    and json_extract(properties, '$.hs_additional_emails') is not null
    and instr(';' || lower(json_extract(properties, '$.hs_additional_emails')) || ';', ?) > 0
"""


def find_by_email(store: Store, email: str) -> Record | None:
    """Return the living contact that has an address as its first or as an additional one."""
    email = email.strip().lower()
    if not email or ";" in email:  # additional ones are kept between semicolons
        return None
    found = store.value(_FIRST, email) or store.value(_ADDITIONAL, f";{email};")
    return None if found is None else find_record(store, CONTACTS, found)


def check_email_free(store: Store, email: Kept, own_id: int | None) -> None:
    """Let an address pass that no other contact has.

    Raises:
        Refusal: another contact has it.
    """
    holder = find_by_email(store, str(email)) if email else None
    if holder is not None and holder.id != own_id:
        raise ContactExists(holder.id)
