"""Merging contacts, as a person does it on a contact's page.

HubSpot's knowledge base ("Merge records"): the first contact's values win, the other's fill what it
lacks, the lifecycle stage further down the funnel stays, the other's address becomes an additional
one. Since 2025 the merged contact has a new id, and both old ids lead to it.
"""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.associations import (
    CONTACTS_PRIMARY_COMPANY,
    association_types,
    forget,
    primary_company,
)
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.object_types import CONTACTS
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.rules import further_stage
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.hubspot.writes import insert_record, new_id
from connectors.sandbox.store import Store


def merge_contacts(sandbox: Sandbox, primary_id: int, other_id: int) -> Record:
    """Merge two living contacts and return what they have become.

    With the setting `hubspot_merge_keeps_id` the first one's id stays.

    Raises:
        Refusal: one of them is not there, or both are the same.
    """
    primary, other = _living(sandbox.store, primary_id), _living(sandbox.store, other_id)
    if primary.id == other.id:
        raise bad_input("A contact can't be merged with itself")
    keeps_id = sandbox.settings.hubspot_merge_keeps_id
    survivor_id = primary.id if keeps_id else new_id(sandbox.store, CONTACTS)
    survivor = Record(
        CONTACTS,
        survivor_id,
        min(primary.created_at, other.created_at),
        sandbox.clock.now_ms,
        None,
        _merged_values(sandbox.store, primary, other, survivor_id),
    )
    _move_history(sandbox.store, primary, other, survivor)
    _move_associations(sandbox.store, primary, other, survivor)
    for old in (primary, other):
        _retire(sandbox.store, old, survivor)
    insert_record(sandbox.store, survivor)
    return survivor


def _living(store: Store, contact_id: int) -> Record:
    found = find_record(store, CONTACTS, contact_id)
    if found is None:
        raise bad_input(f"No contact has the id {contact_id}")
    return found


def _merged_values(
    store: Store, primary: Record, other: Record, survivor_id: int
) -> dict[str, Kept]:
    merged = {**other.kept, **primary.kept}
    stage = further_stage(
        store, CONTACTS.name, primary.kept.get("lifecyclestage"), other.kept.get("lifecyclestage")
    )
    listed = {
        "lifecyclestage": stage,
        "hs_additional_emails": _additional_emails(primary, other),
        "hs_merged_object_ids": _merged_ids(primary, other, survivor_id),
        "num_conversion_events": _sum(primary, other, "num_conversion_events"),
    }
    return {name: value for name, value in {**merged, **listed}.items() if value is not None}


def _merged_ids(primary: Record, other: Record, survivor_id: int) -> Kept:
    known = [part for old in (primary, other) for part in _parts(old, "hs_merged_object_ids")]
    merged = (*known, str(primary.id), str(other.id))
    return _listed(*(part for part in merged if part != str(survivor_id)))


def _additional_emails(primary: Record, other: Record) -> Kept:
    first = primary.kept.get("email") or other.kept.get("email")
    emails = (
        *_parts(primary, "hs_additional_emails"),
        *_parts(other, "email"),
        *_parts(other, "hs_additional_emails"),
    )
    return _listed(*(email for email in emails if email != first))


def _parts(record: Record, name: str) -> list[str]:
    return [part for part in str(record.kept.get(name) or "").split(";") if part]


def _listed(*parts: str) -> Kept:
    return ";".join(dict.fromkeys(parts)) or None


def _sum(primary: Record, other: Record, name: str) -> Kept:
    total = sum(int(record.kept.get(name) or 0) for record in (primary, other))
    return str(total) if total else None


def _move_history(store: Store, primary: Record, other: Record, survivor: Record) -> None:
    """Give the survivor each property's history from the contact that its value is from."""
    names = store.rows(
        "select distinct property from hubspot_history "
        "where object_type = 'contacts' and record_id in (?, ?)",
        primary.id,
        other.id,
    )
    for (name,) in names:
        from_other = other.kept.get(name) == survivor.kept.get(name) != primary.kept.get(name)
        winner, loser = (other, primary) if from_other else (primary, other)
        store.run(_FORGET_HISTORY, loser.id, name)
        store.run(_MOVE_HISTORY, survivor.id, winner.id, name)


_FORGET_HISTORY = """
delete from hubspot_history where object_type = 'contacts' and record_id = ? and property = ?
"""
_MOVE_HISTORY = """
update hubspot_history set record_id = ?
where object_type = 'contacts' and record_id = ? and property = ?
"""


def _move_associations(store: Store, primary: Record, other: Record, survivor: Record) -> None:
    """Give the survivor the associations of both; only one company stays its primary one."""
    towards = association_types()[CONTACTS_PRIMARY_COMPANY]
    kept, spare = (primary_company(store, towards, old.id) for old in (primary, other))
    if kept is not None and spare is not None:
        forget(store, towards, other.id, spare)
    for old in (primary, other):
        if old.id != survivor.id:
            for statement in (_MOVE_FROM, _MOVE_TO, _FORGET_REST):
                store.run(statement, survivor.id, old.id)


_MOVE_FROM = """
update or ignore hubspot_associations set from_id = ?1
where from_type = 'contacts' and from_id = ?2
"""
_MOVE_TO = """
update or ignore hubspot_associations set to_id = ?1
where to_type = 'contacts' and to_id = ?2
"""
# What both contacts had can't be moved twice: it is left behind.
_FORGET_REST = """
delete from hubspot_associations
where ?1 != ?2
    and (from_type = 'contacts' and from_id = ?2 or to_type = 'contacts' and to_id = ?2)
"""


def _retire(store: Store, old: Record, survivor: Record) -> None:
    store.run("delete from hubspot_records where object_type = 'contacts' and id = ?", old.id)
    store.run(
        "update hubspot_submissions set contact_id = ? where contact_id = ?", survivor.id, old.id
    )
    if old.id != survivor.id:
        store.run("insert into hubspot_merges values ('contacts', ?, ?)", old.id, survivor.id)
