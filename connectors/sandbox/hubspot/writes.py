"""Creating, changing, archiving and restoring records, with the history of each change."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.blocklist import check_not_blocked
from connectors.sandbox.hubspot.errors import Problem, invalid_values, missing_values
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.portal_rules import check_rules
from connectors.sandbox.hubspot.records import Record, Source
from connectors.sandbox.hubspot.search_index import leave_in_index
from connectors.sandbox.hubspot.unique import check_unique
from connectors.sandbox.hubspot.values import Kept, is_empty
from connectors.sandbox.hubspot.webhooks.events import note_changes, note_event
from connectors.sandbox.hubspot.write_effects import values_of_new, values_taken
from connectors.sandbox.store import Store

FIRST_ID = 90_000_000_000
"""Above every id that a seeded company has, so that people who appear later keep theirs."""


def create_record(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept], source: Source
) -> Record:
    """Create a record from checked values.

    Raises:
        Refusal: a required value is missing, or a unique one is another record's.
    """
    missing = [name for name in object_type.required if values.get(name) is None]
    if missing:
        raise missing_values(object_type.singular, missing)
    now = sandbox.clock.now_ms
    kept = values_of_new(sandbox, object_type, values)
    _check(sandbox, object_type, None, kept, source)
    created_at = _created_at(sandbox, object_type, values, now)
    record = Record(object_type, new_id(sandbox.store, object_type), created_at, now, None, kept)
    leave_in_index(sandbox, object_type, record.id)
    insert_record(sandbox.store, record)
    _keep_history(sandbox.store, record, kept.items(), source)
    note_event(sandbox, "creation", record, source)
    note_changes(sandbox, record, kept.items(), source)
    return record


def _check(
    sandbox: Sandbox,
    object_type: ObjectType,
    record: Record | None,
    values: Mapping[str, Kept],
    source: Source,
) -> None:
    if object_type == CONTACTS:
        check_not_blocked(sandbox, values, source)
    check_unique(sandbox.store, object_type, values, None if record is None else record.id)
    if not source.keeps_rules and not sandbox.settings.hubspot_rules_on_every_version:
        return
    rules = sandbox.settings.hubspot_required_properties
    check_rules(rules, object_type.name, None if record is None else record.kept, values)


def _created_at(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept], otherwise: int
) -> int:
    """Return when a record was created: of a deal, what was written as its `createdate`.

    Raises:
        Refusal: the account does not take it.
    """
    name = object_type.created
    if name not in values:
        return otherwise
    told = values[name]
    if not sandbox.settings.hubspot_takes_deal_createdate:
        message = f'"{name}" is a read only property; its value cannot be set.'
        raise invalid_values(
            [Problem("READ_ONLY_VALUE", name, message, "" if told is None else str(told))]
        )
    return otherwise if told is None else int(told)


def new_id(store: Store, object_type: ObjectType) -> int:
    """Return an id that no record of the type has had."""
    return FIRST_ID + 50 * store.next_number(f"hubspot {object_type.name}")


def insert_record(store: Store, record: Record) -> None:
    """Keep a record that is not kept yet."""
    store.run(
        "insert into hubspot_records values (?, ?, ?, ?, ?, ?, ?)",
        record.object_type.name,
        record.id,
        record.created_at,
        record.updated_at,
        record.archived_at,
        _email_of(record),
        json.dumps(record.kept, ensure_ascii=False),
    )


def change_record(
    sandbox: Sandbox, record: Record, values: Mapping[str, Kept], source: Source
) -> Record:
    """Change a record by checked values; a stage that would go back is passed over in silence.

    Raises:
        Refusal: a value is another record's, or a rule of the portal wants another one.
    """
    created_at = _created_at(sandbox, record.object_type, values, record.created_at)
    taken = values_taken(sandbox, record, values)
    if not taken:
        return record
    _check(sandbox, record.object_type, record, taken, source)
    kept = _kept_after(sandbox, record, taken)
    changed = replace(record, created_at=created_at, updated_at=sandbox.clock.now_ms, kept=kept)
    leave_in_index(sandbox, record.object_type, record.id)
    _update(sandbox.store, changed)
    news = [(n, v) for n, v in taken.items() if v != _set_value(record, n)]
    _keep_history(sandbox.store, changed, news, source)
    note_changes(sandbox, changed, news, source)
    return changed


def _kept_after(sandbox: Sandbox, record: Record, taken: Mapping[str, Kept]) -> Mapping[str, Kept]:
    after = {**record.kept, **taken}
    if sandbox.settings.hubspot_cleared_values_are_empty:
        return {name: "" if value is None else value for name, value in after.items()}
    return {name: value for name, value in after.items() if not is_empty(value)}


def _set_value(record: Record, name: str) -> Kept:
    held = record.kept.get(name)
    return None if is_empty(held) else held


def _update(store: Store, record: Record) -> None:
    store.run(
        "update hubspot_records set created_at = ?, updated_at = ?, archived_at = ?, email = ?, "
        "properties = ? where object_type = ? and id = ?",
        record.created_at,
        record.updated_at,
        record.archived_at,
        _email_of(record),
        json.dumps(record.kept, ensure_ascii=False),
        record.object_type.name,
        record.id,
    )


def archive_record(sandbox: Sandbox, record: Record, source: Source) -> None:
    """Move a record to the recycle bin; its associations are no longer shown."""
    leave_in_index(sandbox, record.object_type, record.id)
    now = sandbox.clock.now_ms
    _update(sandbox.store, replace(record, updated_at=now, archived_at=now))
    note_event(sandbox, "deletion", record, source)


def restore_record(sandbox: Sandbox, record: Record) -> Record:
    """Take an archived record out of the recycle bin, as a person does within 90 days.

    Raises:
        Refusal: meanwhile another record has its address or another unique value.
    """
    check_unique(sandbox.store, record.object_type, record.kept, record.id)
    leave_in_index(sandbox, record.object_type, record.id)
    restored = replace(record, updated_at=sandbox.clock.now_ms, archived_at=None)
    _update(sandbox.store, restored)
    note_event(sandbox, "restore", restored, Source("CRM_UI"))
    return restored


def _email_of(record: Record) -> Kept:
    return record.kept.get("email") or None if record.object_type == CONTACTS else None


def _keep_history(
    store: Store, record: Record, values: Iterable[tuple[str, Kept]], source: Source
) -> None:
    author = (source.type, source.id, source.label, source.user_id)
    store.run_many(
        "insert into hubspot_history values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (record.object_type.name, record.id, name, value, record.updated_at, *author)
            for name, value in values
        ],
    )
