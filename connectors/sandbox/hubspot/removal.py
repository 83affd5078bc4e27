"""Removing records for good: 90 days after they were archived, or at once for a person's sake."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.blocklist import block
from connectors.sandbox.hubspot.object_types import CONTACTS
from connectors.sandbox.hubspot.records import INTEGRATION, Record
from connectors.sandbox.hubspot.search_index import drop_from_index
from connectors.sandbox.hubspot.values import options_of
from connectors.sandbox.hubspot.webhooks.events import note_event
from connectors.sandbox.store import Store

RECYCLE_BIN_MS = 90 * 86_400_000


def purge_archived(sandbox: Sandbox) -> None:
    """Remove what has been in the recycle bin for 90 days of the sandbox's clock."""
    rows = sandbox.store.rows(
        "select object_type, id from hubspot_records where archived_at <= ?",
        sandbox.clock.now_ms - RECYCLE_BIN_MS,
    )
    for row in rows:
        _forget(sandbox.store, row["object_type"], row["id"])


def erase_contact(sandbox: Sandbox, contact: Record) -> None:
    """Remove a contact with everything that tells of the person, and block the addresses.

    HubSpot's reference ("Permanently delete a contact"): record and history are gone for good.
    """
    store = sandbox.store
    names = ("email", "hs_additional_emails")
    block(store, options_of(";".join(str(contact.kept.get(name) or "") for name in names)))
    store.run("delete from hubspot_submissions where contact_id = ?", contact.id)
    drop_from_index(store, CONTACTS, contact.id)
    note_event(sandbox, "privacyDeletion", contact, INTEGRATION)
    _forget(store, CONTACTS.name, contact.id)


def _forget(store: Store, object_name: str, record_id: int) -> None:
    for statement in (_RECORD, _HISTORY, _FROM, _TO, _MERGES):
        store.run(statement, object_name, record_id)


_RECORD = "delete from hubspot_records where object_type = ? and id = ?"
_HISTORY = "delete from hubspot_history where object_type = ? and record_id = ?"
_FROM = "delete from hubspot_associations where from_type = ? and from_id = ?"
_TO = "delete from hubspot_associations where to_type = ? and to_id = ?"
_MERGES = "delete from hubspot_merges where object_type = ? and survivor_id = ?"
