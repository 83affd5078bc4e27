"""Merging records of one object, as a person does it on a record's page.

HubSpot's knowledge base ("Merge records"): the first record's values win, the other's fill what it
lacks, the lifecycle stage further down the funnel stays, the other's address becomes an additional
one. Since 2025 the merged record has a new id, and both old ids lead to it.
"""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import association_types
from connectors.sandbox.hubspot.associations import forget, primary_company
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.lists.record_lists import pass_on
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.records import Record, Source, find_record
from connectors.sandbox.hubspot.search_index import leave_in_index
from connectors.sandbox.hubspot.values import Kept, is_empty, options_of
from connectors.sandbox.hubspot.webhooks.events import note_event
from connectors.sandbox.hubspot.write_effects import further_stage
from connectors.sandbox.hubspot.writes import insert_record, new_id
from connectors.sandbox.store import Store


def merge_records(
    sandbox: Sandbox, object_type: ObjectType, primary_id: int, other_id: int, source: Source
) -> Record:
    """Merge two living records and return what they have become.

    With the setting `hubspot_merge_keeps_id` the first one's id stays.

    Raises:
        Refusal: one of them is not there, both are the same, or they are activities.
    """
    if object_type.is_activity:
        raise bad_input(f"Records of the type {object_type.name} can't be merged")
    primary, other = (_living(sandbox.store, object_type, i) for i in (primary_id, other_id))
    if primary.id == other.id:
        raise bad_input(f"A {object_type.singular} can't be merged with itself")
    keeps_id = sandbox.settings.hubspot_merge_keeps_id
    survivor_id = primary.id if keeps_id else new_id(sandbox.store, object_type)
    survivor = Record(
        object_type,
        survivor_id,
        min(primary.created_at, other.created_at),
        sandbox.clock.now_ms,
        None,
        _merged_values(sandbox, primary, other, survivor_id),
    )
    for record_id in {primary.id, other.id, survivor.id}:
        leave_in_index(sandbox, object_type, record_id)
    _move_history(sandbox.store, primary, other, survivor)
    _move_associations(sandbox.store, primary, other, survivor)
    for old in (primary, other):
        _retire(sandbox.store, old, survivor)
    insert_record(sandbox.store, survivor)
    _note_merge(sandbox, primary, other, survivor, source)
    return survivor


def _note_merge(
    sandbox: Sandbox, primary: Record, other: Record, survivor: Record, source: Source
) -> None:
    details = {
        "primaryObjectId": primary.id,
        "mergedObjectIds": [other.id],
        "newObjectId": survivor.id,
        "numberOfPropertiesMoved": len(survivor.kept.keys() - primary.kept.keys()),
    }
    note_event(sandbox, "merge", survivor, source, **details)


def _living(store: Store, object_type: ObjectType, record_id: int) -> Record:
    found = find_record(store, object_type, record_id)
    if found is None:
        raise bad_input(f"No {object_type.singular} has the id {record_id}")
    return found


def _merged_values(
    sandbox: Sandbox, primary: Record, other: Record, survivor_id: int
) -> dict[str, Kept]:
    merged = {**other.kept, **{n: v for n, v in primary.kept.items() if not is_empty(v)}}
    told = {"hs_merged_object_ids": _merged_ids(primary, other, survivor_id)}
    if primary.object_type.has_lifecycle:
        name = primary.object_type.name
        stages = (record.kept.get("lifecyclestage") for record in (primary, other))
        told["lifecyclestage"] = further_stage(sandbox.store, name, *stages)
    if primary.object_type == CONTACTS:
        told |= _of_contacts(primary, other, survivor_id, sandbox.clock.now_ms)
    return {name: value for name, value in {**merged, **told}.items() if value is not None}


def _of_contacts(primary: Record, other: Record, survivor_id: int, now: int) -> dict[str, Kept]:
    # A list of this merge, not of those that the other one has behind it: chains are missed.
    listed = _parts(primary, "hs_calculated_merged_vids") if primary.id == survivor_id else []
    merged = [str(old.id) for old in (primary, other) if old.id != survivor_id]
    return {
        "hs_additional_emails": _additional_emails(primary, other),
        "hs_calculated_merged_vids": _listed(*listed, *(f"{vid}:{now}" for vid in merged)),
        "num_conversion_events": _sum(primary, other, "num_conversion_events"),
    }


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
    return options_of(str(record.kept.get(name) or ""))


def _listed(*parts: str) -> Kept:
    return ";".join(dict.fromkeys(parts)) or None


def _sum(primary: Record, other: Record, name: str) -> Kept:
    total = sum(int(record.kept.get(name) or 0) for record in (primary, other))
    return str(total) if total else None


def _move_history(store: Store, primary: Record, other: Record, survivor: Record) -> None:
    """Give the survivor each property's history from the record that its value is from."""
    object_name = survivor.object_type.name
    names = store.rows(
        "select distinct property from hubspot_history "
        "where object_type = ? and record_id in (?, ?)",
        object_name,
        primary.id,
        other.id,
    )
    for (name,) in names:
        from_other = other.kept.get(name) == survivor.kept.get(name) != primary.kept.get(name)
        winner, loser = (other, primary) if from_other else (primary, other)
        store.run(_FORGET_HISTORY, object_name, loser.id, name)
        store.run(_MOVE_HISTORY, object_name, survivor.id, winner.id, name)


_FORGET_HISTORY = """
delete from hubspot_history where object_type = ? and record_id = ? and property = ?
"""
_MOVE_HISTORY = """
update hubspot_history set record_id = ?2
where object_type = ?1 and record_id = ?3 and property = ?4
"""


def _move_associations(store: Store, primary: Record, other: Record, survivor: Record) -> None:
    """Give the survivor the associations of both; only one company stays its primary one."""
    object_name = survivor.object_type.name
    kinds = association_types().values()
    for towards in (k for k in kinds if k.from_type == object_name and k.is_single):
        kept, spare = (primary_company(store, towards, old.id) for old in (primary, other))
        if kept is not None and spare is not None:
            forget(store, towards, other.id, spare)
    for old in (primary, other):
        if old.id != survivor.id:
            for statement in (_MOVE_FROM, _MOVE_TO, _FORGET_REST):
                store.run(statement, object_name, survivor.id, old.id)


_MOVE_FROM = """
update or ignore hubspot_associations set from_id = ?2 where from_type = ?1 and from_id = ?3
"""
_MOVE_TO = """
update or ignore hubspot_associations set to_id = ?2 where to_type = ?1 and to_id = ?3
"""
# What both records had can't be moved twice: it is left behind.
_FORGET_REST = """
delete from hubspot_associations
where ?2 != ?3 and (from_type = ?1 and from_id = ?3 or to_type = ?1 and to_id = ?3)
"""


def _retire(store: Store, old: Record, survivor: Record) -> None:
    name = old.object_type.name
    store.run("delete from hubspot_records where object_type = ? and id = ?", name, old.id)
    if old.object_type == CONTACTS:
        moved = "update hubspot_submissions set contact_id = ? where contact_id = ?"
        store.run(moved, survivor.id, old.id)
    if old.id != survivor.id:
        store.run("insert into hubspot_merges values (?, ?, ?)", name, old.id, survivor.id)
        pass_on(store, old.object_type.type_id, old.id, survivor.id)
