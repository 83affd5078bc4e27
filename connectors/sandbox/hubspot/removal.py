"""Removing records for good: 90 days after they were archived, or at once for a person's sake."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.blocklist import block
from connectors.sandbox.hubspot.facts import RESTORABLE_MS
from connectors.sandbox.hubspot.lists.record_lists import take_off_all_lists
from connectors.sandbox.hubspot.object_types import CONTACTS, find_object_type
from connectors.sandbox.hubspot.records import Record, Source
from connectors.sandbox.hubspot.search_index import drop_from_index
from connectors.sandbox.hubspot.values import options_of
from connectors.sandbox.hubspot.webhooks.events import forget_values, note_event
from connectors.sandbox.store import Store


def create_tables(store: Store) -> None:
    """Create the list of what was removed, by ids alone, and what finds the oldest in the bin."""
    store.create_tables(
        "create table if not exists hubspot_removed (object_type text not null, "
        "id integer not null, primary key (object_type, id)) without rowid;"
        "create index if not exists record_archived on hubspot_records (archived_at) "
        "where archived_at is not null;"
    )


def purge_archived(sandbox: Sandbox) -> None:
    """Remove what has been in the recycle bin for 90 days of the sandbox's clock.

    What the company's story went on to tell of removed records goes as well.
    """
    rows = sandbox.store.rows(
        "select object_type, id from hubspot_records where archived_at <= ?",
        sandbox.clock.now_ms - RESTORABLE_MS,
    )
    for row in rows:
        _forget_with_former(sandbox.store, row["object_type"], row["id"])
    told = sandbox.store.rows(f"select * from hubspot_removed where {_TOLD}")  # noqa: S608 - a constant
    for row in told:
        _forget(sandbox.store, row["object_type"], row["id"])


def erase_contact(sandbox: Sandbox, contact: Record, source: Source) -> None:
    """Remove a contact with everything that tells of the person, and block the addresses.

    HubSpot's reference ("Permanently delete a contact"): record and history are gone for good.
    """
    store = sandbox.store
    names = ("email", "hs_additional_emails")
    block(store, options_of(";".join(str(contact.kept.get(name) or "") for name in names)))
    _forget_with_former(store, CONTACTS.name, contact.id)
    note_event(sandbox, "privacyDeletion", contact, source)


def _forget_with_former(store: Store, object_name: str, record_id: int) -> None:
    """Forget a record, and what is still kept under the ids that have become this one."""
    for row in store.rows(_FORMER, object_name, record_id):
        _forget(store, object_name, row["id"])


def _forget(store: Store, object_name: str, record_id: int) -> None:
    object_type = find_object_type(store, object_name)
    if object_type is not None:
        drop_from_index(store, object_type, record_id)
        take_off_all_lists(store, object_type.type_id, record_id)
        forget_values(store, object_type, record_id)
    for statement in (_RECORD, _HISTORY, _TO, _FROM, _MERGES, _REMOVED):
        store.run(statement, object_name, record_id)
    if object_name == CONTACTS.name:
        store.run("delete from hubspot_submissions where contact_id = ?", record_id)


_FORMER = """
with recursive former(id) as (
    select ?2
    union
    select old_id from hubspot_merges join former on survivor_id = former.id where object_type = ?1
)
select id from former
"""
_RECORD = "delete from hubspot_records where object_type = ? and id = ?"
_HISTORY = "delete from hubspot_history where object_type = ? and record_id = ?"
_FROM = "delete from hubspot_associations where from_type = ? and from_id = ?"
# Found from the other ends, since associations are kept both ways and by their first one.
_TO = """
delete from hubspot_associations where to_type = ?1 and to_id = ?2 and (from_type, from_id) in (
    select to_type, to_id from hubspot_associations where from_type = ?1 and from_id = ?2)
"""
_MERGES = "delete from hubspot_merges where object_type = ? and survivor_id = ?"
_REMOVED = "insert or ignore into hubspot_removed values (?, ?)"
_TOLD = """
exists (
    select 1 from hubspot_history as told
    where told.object_type = hubspot_removed.object_type and told.record_id = hubspot_removed.id)
or exists (
    select 1 from hubspot_associations as held
    where held.from_type = hubspot_removed.object_type and held.from_id = hubspot_removed.id)
or object_type = 'contacts' and exists (
    select 1 from hubspot_submissions as sent where sent.contact_id = hubspot_removed.id)
"""
