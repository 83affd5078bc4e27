"""One row of an upload, as it changes the org: what both Bulk APIs do alike.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files" and "Relationship Fields in a Header Row".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.bulk.ingest.outcomes import Outcome
from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.records import (
    create_record,
    delete_record,
    update_record,
)
from connectors.sandbox.salesforce.recycling import purge
from connectors.sandbox.salesforce.relationships import relationship_of
from connectors.sandbox.salesforce.schema import Field, ObjectType, find_type, object_types
from connectors.sandbox.salesforce.upserts import key_field, matching_ids, upsert_record

OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")


@dataclass(frozen=True)
class Writer:
    """Writes the rows of a job."""

    sandbox: Sandbox
    known: ObjectType
    operation: str
    key: Field | None = None
    assigns: bool = False

    def write(self, values: Mapping[str, Any]) -> Outcome:
        """Carry out the operation for one row, as a whole or not at all.

        Args:
            values: What is to be set, by field; None empties a field. References may be given as
                `Account.Key__c`: by a key of the record they lead to.
        """
        given_id = str(next((v for n, v in values.items() if n.lower() == "id"), "") or "")
        try:
            with self.sandbox.store.savepoint():
                record_id, created = self._do(given_id, values)
        except Refusal as refusal:
            failed_id = given_id if self.operation != "insert" else ""
            return Outcome(failed_id, False, error_cell(refusal), refusal.code)
        return Outcome(full_id(record_id) or record_id, created)

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
        delete_record(self.sandbox, self.known, given_id, author)
        if self.operation == "hardDelete":
            purge(self.sandbox.store, self.known, [full_id(given_id) or given_id])
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
        found = matching_ids(self.sandbox, target, key, value)
        if len(found) == 1:
            return field.name, found[0]
        message = (
            f"Foreign key external ID: {value} not found for field {key.name} in entity "
            f"{target.name}"
        )
        raise Refusal("INVALID_FIELD", message)


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
    for field in known.fields.values():
        if (relationship_of(field) or "").lower() == relationship.lower():
            target = find_type(sandbox.store, kind or field.refers_to[0])
            if target is not None and target.name in field.refers_to:
                return field, target, key_field(target, key_name)
    raise Refusal("INVALID_FIELD", f"Field name not found : {name}")


def error_cell(refusal: Refusal) -> str:
    """Return a refusal as `sf__Error` holds it: `CODE:message:fields --`."""
    fields = ", ".join(refusal.fields)
    return f"{refusal.code}:{refusal.message}:{fields + ' ' if fields else ''}--"


def writer_of(sandbox: Sandbox, job: Job) -> Writer:
    """Return what writes the rows of a job."""
    known = object_types(sandbox.store)[job.object]
    key = known.find(job.external_id_field) if job.external_id_field else None
    return Writer(sandbox, known, job.operation, key, assigns=bool(job.assignment_rule))
