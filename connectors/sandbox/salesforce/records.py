"""Creating, changing and deleting records, with all that Salesforce does on the side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.derived import derived_values
from connectors.sandbox.salesforce.errors import Refusal, no_such_column, unknown_id
from connectors.sandbox.salesforce.history import record_changes, record_creation
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.permissions import (
    INTEGRATION_USER,
    editable_fields,
    readable_fields,
)
from connectors.sandbox.salesforce.removal import remove
from connectors.sandbox.salesforce.rules import assigned_owner, check_references, check_rules
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.stages import record_stage
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.salesforce.values import check_value
from connectors.sandbox.store import quoted

Values = dict[str, Any]


@dataclass(frozen=True)
class Author:
    """Who writes, and whether Leads are to be assigned by rule."""

    user_id: str = INTEGRATION_USER
    assigns: bool = False
    sees_all_fields: bool = False


def create_record(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], author: Author
) -> str:
    """Create a record and return its id.

    Raises:
        Refusal: a field or value that Salesforce does not take.
    """
    values = _defaults(known) | _checked(sandbox, known, given, author, creating=True)
    if "OwnerId" in known.fields:
        values.setdefault("OwnerId", author.user_id)
    values |= assigned_owner(sandbox, known, author.assigns)
    _require(known, values)
    check_references(sandbox, known, values)
    check_rules(sandbox, known, values)
    record_id = new_id(sandbox.store, known.prefix)
    values |= stamps_of(sandbox, known, author, creating=True) | {"Id": record_id}
    values |= derived_values(known, {}, values)
    _insert(sandbox, known, values)
    record_creation(sandbox, known, record_id, author.user_id)
    if known.name == "Opportunity":
        record_stage(sandbox, {}, values, author.user_id)
    return record_id


def update_record(
    sandbox: Sandbox,
    known: ObjectType,
    record_id: str,
    given: Mapping[str, Any],
    author: Author,
) -> None:
    """Change a record; its stamps move even when every value is the same as before.

    Raises:
        Refusal: no such record, or a field or value that Salesforce does not take.
    """
    before = living_record(sandbox, known, record_id)
    if before.get("IsConverted"):
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    values = _checked(sandbox, known, given, author, creating=False)
    values |= assigned_owner(sandbox, known, author.assigns)
    _require(known, {**before, **values})
    check_references(sandbox, known, values)
    check_rules(sandbox, known, {**before, **values})
    apply_values(sandbox, known, before, values, author)


def apply_values(
    sandbox: Sandbox, known: ObjectType, before: Values, values: Values, author: Author
) -> None:
    """Write checked values over a record, with its stamps, derived fields and histories."""
    values = values | stamps_of(sandbox, known, author, creating=False)
    values |= derived_values(known, before, {**before, **values})
    write_values(sandbox, known, before["Id"], values)
    record_changes(sandbox, known, before, values, author.user_id)
    if known.name == "Opportunity":
        record_stage(sandbox, before, {**before, **values}, author.user_id)


def delete_record(sandbox: Sandbox, known: ObjectType, record_id: str, author: Author) -> None:
    """Move a record to the recycle bin, and all that hangs on it.

    Raises:
        Refusal: an object without deletes, no such record, or it has been deleted before.
    """
    if known.read_only:
        raise _unsupported(known, "delete")
    before = living_record(sandbox, known, record_id)
    if "IsDeleted" in known.fields:
        stamps = stamps_of(sandbox, known, author, creating=False)
        remove(sandbox.store, known, [before["Id"]], stamps)
    else:
        sandbox.store.run(f"delete from {known.table} where Id = ?", before["Id"])  # noqa: S608 - a name of our schema


def living_record(sandbox: Sandbox, known: ObjectType, record_id: str) -> Values:
    """Return every kept value of a record.

    Raises:
        Refusal: the id is malformed or nobody's, or the record is deleted.
    """
    wanted = full_id(record_id)
    if wanted is None:
        raise Refusal("MALFORMED_ID", f"{known.label} ID: id value of incorrect type: {record_id}")
    row = sandbox.store.row(f"select * from {known.table} where Id = ?", wanted)  # noqa: S608 - a name of our schema
    if row is None:
        raise unknown_id()
    values = dict(row)
    if values.get("IsDeleted"):
        raise Refusal("ENTITY_IS_DELETED", "entity is deleted", 404)
    return values


def write_values(sandbox: Sandbox, known: ObjectType, record_id: str, values: Values) -> None:
    """Keep values of a record without any of the side effects."""
    columns = ", ".join(f"{quoted(name)} = ?" for name in values)
    sql = f"update {known.table} set {columns} where Id = ?"  # noqa: S608 - names of our schema
    sandbox.store.run(sql, *values.values(), record_id)


def _insert(sandbox: Sandbox, known: ObjectType, values: Values) -> None:
    columns = ", ".join(quoted(name) for name in values)
    marks = ", ".join("?" for _ in values)
    sql = f"insert into {known.table} ({columns}) values ({marks})"  # noqa: S608 - names of our schema
    sandbox.store.run(sql, *values.values())


def _defaults(known: ObjectType) -> Values:
    booleans = {f.name: False for f in known.fields.values() if f.type == "boolean"}
    return booleans | {f.name: f.default for f in known.fields.values() if f.default is not None}


def _checked(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], author: Author, creating: bool
) -> Values:
    if known.read_only:
        raise _unsupported(known, "create" if creating else "update")
    wanted = {name: value for name, value in given.items() if name not in _NO_FIELDS}
    readable, editable = _granted(sandbox, known, author)
    fields = {name: _visible(known, readable, name) for name in wanted}
    barred = [f.name for f in fields.values() if not _is_open(f, editable, creating)]
    if barred:
        verb = "create" if creating else "update"
        raise Refusal(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to {verb} fields: {', '.join(barred)}. Please check the security settings of "
            "this field and verify that it is read/write for your profile or permission set.",
            fields=barred,
        )
    return {fields[name].name: check_value(fields[name], value) for name, value in wanted.items()}


def _unsupported(known: ObjectType, verb: str) -> Refusal:
    message = f"entity type {known.name} does not support {verb}"
    return Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)


_NO_FIELDS = frozenset({"attributes", "id", "Id"})
"""Keys of a record that say which one it is."""


def _granted(
    sandbox: Sandbox, known: ObjectType, author: Author
) -> tuple[Mapping[str, Field], Mapping[str, Field]]:
    if author.sees_all_fields:
        return known.fields, known.fields
    return readable_fields(sandbox.store, known), editable_fields(sandbox.store, known)


def _visible(known: ObjectType, readable: Mapping[str, Field], name: str) -> Field:
    field = known.find(name)
    if field is None or field.name not in readable:
        raise no_such_column(name, known.name)
    return field


def _is_open(field: Field, editable: Mapping[str, Field], creating: bool) -> bool:
    return field.name in editable and (field.createable if creating else field.updateable)


def _require(known: ObjectType, values: Values) -> None:
    missing = [
        field.name
        for field in known.fields.values()
        if field.createable and not field.nillable and values.get(field.name) is None
    ]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise Refusal("REQUIRED_FIELD_MISSING", message, fields=missing)


def stamps_of(sandbox: Sandbox, known: ObjectType, author: Author, creating: bool) -> Values:
    """Return the stamps of a write now, as far as the object has them."""
    now = stamp(sandbox.clock.now)
    stamps = {"SystemModstamp": now, "LastModifiedDate": now, "LastModifiedById": author.user_id}
    if creating:
        stamps |= {"CreatedDate": now, "CreatedById": author.user_id}
    return {name: value for name, value in stamps.items() if name in known.fields}
