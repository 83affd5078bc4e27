"""Creating, changing and deleting records, with all that Salesforce does on the side."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.automation import start_automation
from connectors.sandbox.salesforce.derived import derived_values
from connectors.sandbox.salesforce.duplicates import check_duplicates
from connectors.sandbox.salesforce.errors import Refusal, unknown_id
from connectors.sandbox.salesforce.history import record_changes, record_creation
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.intake import checked_values, require_values, unsupported
from connectors.sandbox.salesforce.line_items import LINE, priced_values, settle_amount
from connectors.sandbox.salesforce.locking import lock_parents
from connectors.sandbox.salesforce.numbering import next_numbers
from connectors.sandbox.salesforce.org_checks import (
    check_parent,
    check_sharing,
    check_triggers,
    check_validation,
)
from connectors.sandbox.salesforce.person_accounts import (
    keep_person_contact,
    person_values,
    refuse_person_contact,
)
from connectors.sandbox.salesforce.recycling import purge
from connectors.sandbox.salesforce.removal import check_unheld, remove
from connectors.sandbox.salesforce.rules import (
    account_of_contact,
    assigned_owner,
    check_references,
    check_rules,
)
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.stages import record_stage
from connectors.sandbox.salesforce.storing import find_values, insert_values, write_values
from connectors.sandbox.salesforce.times import stamp

Values = dict[str, Any]


def create_record(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], author: Author
) -> str:
    """Create a record and return its id.

    Raises:
        Refusal: a field or value that Salesforce does not take.
    """
    _refuse_id(given)
    values = _defaults(known) | checked_values(sandbox, known, given, author, creating=True)
    values |= assigned_owner(sandbox, known, values, author.assigns)
    if "OwnerId" in known.fields:
        values.setdefault("OwnerId", author.user_id)
    values |= account_of_contact(sandbox, known, values)
    values |= person_values(known, {}, values)
    values = priced_values(sandbox, known.name, {}, values)
    _check(sandbox, known, {}, values, author)
    record_id = new_id(sandbox.store, known.prefix)
    values |= stamps_of(sandbox, known, author, creating=True) | {"Id": record_id}
    values |= next_numbers(sandbox.store, known)
    if known.definition_id and not values.get("Name"):
        values["Name"] = record_id
    values |= derived_values(known, {}, values)
    insert_values(sandbox.store, known, values)
    record_creation(sandbox, known, record_id, author.user_id)
    _follow(sandbox, known, {}, values, author)
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
    if before.get("IsConverted") and not sandbox.settings.salesforce_edits_converted_leads:
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    refuse_person_contact(before)
    check_sharing(sandbox, before, author)
    values = checked_values(sandbox, known, given, author, creating=False)
    values |= assigned_owner(sandbox, known, values, author.assigns)
    values |= person_values(known, before, values)
    values = priced_values(sandbox, known.name, before, values)
    _check(sandbox, known, before, values, author)
    apply_values(sandbox, known, before, values, author)


def _check(
    sandbox: Sandbox, known: ObjectType, before: Values, values: Values, author: Author
) -> None:
    after = {**before, **values}
    require_values(known, after)
    check_references(sandbox, known, values)
    check_parent(sandbox, known, values, author)
    check_rules(sandbox, known, before, values)
    lock_parents(sandbox, known, *filter(None, (before, after)))
    check_triggers(sandbox, known, after)
    check_validation(sandbox, known, after)
    check_duplicates(sandbox, known, before, after, author)


def apply_values(
    sandbox: Sandbox, known: ObjectType, before: Values, values: Values, author: Author
) -> None:
    """Write checked values over a record, with its stamps, derived fields and histories."""
    values = values | stamps_of(sandbox, known, author, creating=False)
    values |= derived_values(known, before, {**before, **values})
    write_values(sandbox.store, known, before["Id"], values)
    record_changes(sandbox, known, before, values, author.user_id)
    _follow(sandbox, known, before, {**before, **values}, author)


def _follow(
    sandbox: Sandbox, known: ObjectType, before: Values, after: Values, author: Author
) -> None:
    """Do what follows from a write beyond the record itself."""
    if known.name == "Opportunity":
        record_stage(sandbox, before, after, author.user_id)
    if known.name == "Account":
        keep_person_contact(sandbox, after)
    if known.name == LINE:
        settle_amount(sandbox, after, author.user_id)
    start_automation(sandbox, known, before, after)


def delete_record(sandbox: Sandbox, known: ObjectType, record_id: str, author: Author) -> None:
    """Move a record to the recycle bin, and all that hangs on it.

    Raises:
        Refusal: an object without deletes, no such record, or it has been deleted before.
    """
    if known.read_only:
        raise unsupported(known, "delete")
    before = living_record(sandbox, known, record_id)
    refuse_person_contact(before)
    check_sharing(sandbox, before, author)
    lock_parents(sandbox, known, before)
    check_unheld(sandbox.store, known, before)
    if "IsDeleted" in known.fields:
        stamps = stamps_of(sandbox, known, author, creating=False)
        remove(sandbox.store, known, [before["Id"]], stamps)
        if known.name == LINE:
            settle_amount(sandbox, before, author.user_id)
    else:
        sandbox.store.run(f"delete from {known.table} where Id = ?", before["Id"])  # noqa: S608 - a name of our schema


def hard_delete_record(sandbox: Sandbox, known: ObjectType, record_id: str, author: Author) -> None:
    """Delete a record past the recycle bin; one that is in the bin already goes for good.

    Raises:
        Refusal: as `delete_record`.
    """
    wanted = full_id(record_id) or ""
    kept = find_values(sandbox.store, known, wanted)
    if kept is None or not kept.get("IsDeleted"):
        delete_record(sandbox, known, record_id, author)
    if "IsDeleted" in known.fields:
        purge(sandbox.store, known, [wanted])


def living_record(sandbox: Sandbox, known: ObjectType, record_id: str) -> Values:
    """Return every kept value of a record.

    Raises:
        Refusal: the id is malformed or nobody's, or the record is deleted.
    """
    wanted = full_id(record_id)
    if wanted is None:
        raise Refusal("MALFORMED_ID", f"{known.label} ID: id value of incorrect type: {record_id}")
    values = find_values(sandbox.store, known, wanted)
    if values is None:
        raise unknown_id()
    if values.get("IsDeleted"):
        raise Refusal("ENTITY_IS_DELETED", "entity is deleted", 404)
    return values


def _refuse_id(given: Mapping[str, Any]) -> None:
    if any(name.lower() == "id" and value for name, value in given.items()):
        message = "cannot specify Id in an insert call"
        raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=["Id"])


def _defaults(known: ObjectType) -> Values:
    given = {f.name: f.default for f in known.kept_fields if f.default is not None}
    return given | {f.name: f.default == "true" for f in known.kept_fields if f.type == "boolean"}


def stamps_of(sandbox: Sandbox, known: ObjectType, author: Author, creating: bool) -> Values:
    """Return the stamps of a write now, as far as the object has them."""
    now = stamp(sandbox.clock.now)
    stamps = {"SystemModstamp": now, "LastModifiedDate": now, "LastModifiedById": author.user_id}
    if creating:
        stamps |= {"CreatedDate": now, "CreatedById": author.user_id}
    return {name: value for name, value in stamps.items() if name in known.fields}
