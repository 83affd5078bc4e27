"""Creating, changing and archiving records of every object, with the history of each change."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import check_email_free
from connectors.sandbox.hubspot.errors import Problem, invalid_values, missing_values
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.pipelines import pipelines, stage_named
from connectors.sandbox.hubspot.records import Record, Source
from connectors.sandbox.hubspot.rules import values_of_new, values_taken
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept, check_value
from connectors.sandbox.store import Store

FIRST_ID = 90_000_000_000
"""Above every id that a seeded company has, so that people who appear later keep theirs."""


def check_values(
    store: Store, object_type: ObjectType, given: Mapping[str, Any]
) -> dict[str, Kept]:
    """Return given values as they are kept; a null is left out, as HubSpot does.

    Raises:
        Refusal: with every value that is not valid.
    """
    known, checked, problems = properties(store, object_type.name), {}, []
    for name, value in given.items():
        if name not in known:
            message = f'Property "{name}" does not exist'
            problems.append(Problem("PROPERTY_DOESNT_EXIST", name, message))
        elif value is not None:
            result = check_value(known[name], value)
            if isinstance(result, Problem):
                problems.append(result)
            else:
                checked[name] = result
    problems += _dangling(store, object_type, checked)
    if problems:
        raise invalid_values(problems)
    return checked


def _dangling(store: Store, object_type: ObjectType, checked: Mapping[str, Kept]) -> list[Problem]:
    """Return a problem for each value that names an owner, pipeline or stage that is not there."""
    owner, stage = checked.get("hubspot_owner_id"), checked.get("dealstage")
    pipeline = checked.get("pipeline")
    known_pipelines = [entry.id for entry in pipelines().get(object_type.name, ())]
    missing = {
        "hubspot_owner_id": owner is not None and not _is_owner(store, owner),
        "pipeline": pipeline is not None and pipeline not in known_pipelines,
        "dealstage": stage is not None and stage_named(object_type.name, str(stage)) is None,
    }
    return [
        _not_an_option(name, checked[name]) for name, is_missing in missing.items() if is_missing
    ]


def _is_owner(store: Store, owner_id: Kept) -> bool:
    return bool(store.value("select 1 from hubspot_owners where id = ?", owner_id))


def _not_an_option(name: str, value: Kept) -> Problem:
    message = f"{value} was not one of the allowed options: []"
    return Problem("INVALID_OPTION", name, message, str(value))


def create_record(
    sandbox: Sandbox, object_type: ObjectType, values: Mapping[str, Kept], source: Source
) -> Record:
    """Create a record from checked values.

    Raises:
        Refusal: a required value is missing, or the e-mail address is another contact's.
    """
    missing = [name for name in object_type.required if values.get(name) is None]
    if missing:
        raise missing_values(object_type.singular, missing)
    if object_type == CONTACTS:
        check_email_free(sandbox.store, values.get("email"), None)
    now = sandbox.clock.now_ms
    kept = values_of_new(sandbox, object_type, values)
    record = Record(object_type, new_id(sandbox.store, object_type), now, now, None, kept)
    insert_record(sandbox.store, record)
    _keep_history(sandbox.store, record, kept.items(), source)
    return record


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
        Refusal: the e-mail address is another contact's.
    """
    taken = values_taken(sandbox, record, values)
    if not taken:
        return record
    if record.object_type == CONTACTS:
        check_email_free(sandbox.store, taken.get("email"), record.id)
    kept = {n: v for n, v in {**record.kept, **taken}.items() if v is not None}
    now = sandbox.clock.now_ms
    changed = Record(record.object_type, record.id, record.created_at, now, None, kept)
    sandbox.store.run(
        "update hubspot_records set updated_at = ?, email = ?, properties = ? "
        "where object_type = ? and id = ?",
        now,
        _email_of(changed),
        json.dumps(kept, ensure_ascii=False),
        record.object_type.name,
        record.id,
    )
    news = [(name, value) for name, value in taken.items() if value != record.kept.get(name)]
    _keep_history(sandbox.store, changed, news, source)
    return changed


def archive_record(sandbox: Sandbox, record: Record) -> None:
    """Move a record to the recycle bin; its associations are no longer shown."""
    now = sandbox.clock.now_ms
    sandbox.store.run(
        "update hubspot_records set archived_at = ?, updated_at = ? "
        "where object_type = ? and id = ?",
        now,
        now,
        record.object_type.name,
        record.id,
    )


def _email_of(record: Record) -> Kept:
    return record.kept.get("email") if record.object_type == CONTACTS else None


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
