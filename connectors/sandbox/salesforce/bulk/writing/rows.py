"""One row of an upload, as it changes the org: what both Bulk APIs do alike.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files" and "Relationship Fields in a Header Row".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.bulk.writing.outcomes import Outcome
from connectors.sandbox.salesforce.doubles import RECORD_ID, Doubles, given_in
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.keys import reference_key, referred_id
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.records import (
    create_record,
    delete_record,
    hard_delete_record,
    update_record,
)
from connectors.sandbox.salesforce.relationships import reference_of
from connectors.sandbox.salesforce.schema import Field, ObjectType, find_type, object_types
from connectors.sandbox.salesforce.upserts import upsert_record

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
ROW_FIELDS, ROW_CHARACTERS = 5_000, 400_000
"""What one row may hold."""


@dataclass(frozen=True)
class Writer:
    """Writes the rows of a job."""

    sandbox: Sandbox
    known: ObjectType
    operation: str
    key: Field | None = None
    assigns: bool = False

    def write(self, rows: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """Carry out the operation for rows that go together, each as a whole or not at all.

        Args:
            rows: What is to be set, by field; None empties a field. References may be given as
                `Account.Key__c`: by a key of the record they lead to.
        """
        key = self.key or RECORD_ID
        keyed = () if self.operation == "insert" else rows
        doubles = Doubles(key, (given_in(values, key.name) for values in keyed))
        return [self._write(values, key, doubles) for values in rows]

    def _write(self, values: Mapping[str, Any], key: Field, doubles: Doubles) -> Outcome:
        given_id = str(given_in(values, "Id") or "")
        try:
            with self.sandbox.store.savepoint():
                doubles.check(given_in(values, key.name))
                self._check_size(values)
                record_id, created = self._do(given_id, values)
        except Refusal as refusal:
            told = refusal.in_row()
            failed_id = given_id if self.operation != "insert" else ""
            return Outcome(failed_id, False, error_cell(told), told.code)
        return Outcome(full_id(record_id) or record_id, created)

    def _check_size(self, values: Mapping[str, Any]) -> None:
        longest = self.sandbox.settings.salesforce_bulk_field_characters
        lengths = {name: len(value) for name, value in values.items() if isinstance(value, str)}
        for name, length in lengths.items():
            if length > longest:
                message = f"{name}: data value too large: {length} characters (max {longest})"
                raise Refusal("STRING_TOO_LONG", message, fields=[name])
        if len(values) > ROW_FIELDS or sum(lengths.values()) > ROW_CHARACTERS:
            message = f"a record holds at most {ROW_FIELDS} fields and {ROW_CHARACTERS} characters"
            raise Refusal("LIMIT_EXCEEDED", message)

    def _do(self, given_id: str, values: Mapping[str, Any]) -> tuple[str, bool]:
        author = Author(assigns=self.assigns)
        if self.operation == "insert":
            if given_id:
                message = "cannot specify Id in an insert call"
                raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=["Id"])
            given = self._resolved(values)
            return create_record(self.sandbox, self.known, given, author), True
        if self.operation == "upsert" and self.key is not None:
            given = self._resolved(values)
            return upsert_record(self.sandbox, self.known, self.key, given, author)
        if not given_id:
            raise Refusal("MISSING_ARGUMENT", "Id not specified", fields=["Id"])
        if self.operation == "update":
            given = self._resolved(values)
            update_record(self.sandbox, self.known, given_id, given, author)
            return given_id, False
        remove = hard_delete_record if self.operation == "hardDelete" else delete_record
        remove(self.sandbox, self.known, given_id, author)
        return given_id, False

    def _resolved(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values with the references that other records' keys stand for."""
        return dict(
            self._reference(name, value) if "." in name else (name, value)
            for name, value in values.items()
        )

    def _reference(self, name: str, value: Any) -> tuple[str, Any]:
        field, target, key = find_reference(self.sandbox, self.known, name)
        if value is None:
            return field.name, None
        return field.name, referred_id(self.sandbox, target, key, value)


def find_reference(
    sandbox: Sandbox, known: ObjectType, name: str
) -> tuple[Field, ObjectType, Field]:
    """Return what a column such as `Account.Key__c` means: reference, object there and its key.

    A reference to several objects says which one is meant: `Lead:Who.Email`.

    Raises:
        Refusal: there is no such reference or key.
    """
    path, _, key_name = name.partition(".")
    kind, _, relationship = path.rpartition(":")
    field = reference_of(known.fields.values(), relationship)
    target = find_type(sandbox.store, kind or field.refers_to[0]) if field else None
    if field is None or target is None or target.name not in field.refers_to:
        raise Refusal("INVALID_FIELD", f"Field name not found : {name}")
    visible = readable_fields(sandbox.store, target)
    return field, target, reference_key(target, visible, key_name)


def error_cell(refusal: Refusal) -> str:
    """Return a refusal as `sf__Error` holds it: `CODE:message:fields --`."""
    fields = ", ".join(refusal.fields)
    return f"{refusal.code}:{refusal.message}:{fields + ' ' if fields else ''}--"


def writer_of(sandbox: Sandbox, job: Job) -> Writer:
    """Return what writes the rows of a job."""
    known = object_types(sandbox.store)[job.object]
    key = known.find(job.external_id_field) if job.external_id_field else None
    return Writer(sandbox, known, job.operation, key, assigns=bool(job.assignment_rule))
