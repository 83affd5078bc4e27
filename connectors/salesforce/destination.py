"""Salesforce as written: sObject Collections of 200, each record judged by itself.

Source: REST API Developer Guide, "sObject Collections".
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from connectors.answers import convert
from connectors.changes import (
    OwnField,
    ProvisionResult,
    RecordChange,
    TargetField,
    WriteResult,
)
from connectors.errors import UnreadableAnswerError
from connectors.interfaces import Destination
from connectors.records import Crm, Quota, Value
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.description import target_fields, typed_fields
from connectors.salesforce.dialect import LOCKED
from connectors.salesforce.fields import provision_fields
from connectors.salesforce.soql import name
from connectors.values import format_datetime, parse_or_keep

KEEP_OWNERS = {"Sforce-Auto-Assign": "FALSE"}
"""Without it Salesforce may run assignment rules on updates and move leads to other owners."""

LOCK_ATTEMPTS = 3
READ_SIZE = 2_000


class _Refusal(msgspec.Struct, rename="camel"):
    status_code: str
    fields: list[str] = []


class _SaveResult(msgspec.Struct):
    success: bool
    id: str | None = None
    errors: list[_Refusal] = []


class SalesforceDestination(Destination):
    """Writes fields of ours to leads."""

    crm: Crm = "salesforce"
    batch_size = 200

    def __init__(self, client: SalesforceClient) -> None:
        self._client = client
        self.calls = client.calls

    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create missing fields and let our user read and write them by a permission set."""
        return provision_fields(self._client, object_name, fields)

    def quota(self) -> Quota | None:
        """Return the calls of the last 24 hours; None before the first answer that told."""
        return self._client.quota

    def target_fields(self, object_name: str) -> Mapping[str, TargetField]:
        """Return the fields that our user may see, described once."""
        return target_fields(self._client.describe(object_name))

    def read_current(
        self, object_name: str, record_ids: Sequence[str], field_names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id; deleted and hidden records are left out."""
        kinds = typed_fields(self._client.describe(object_name))
        found: dict[str, Mapping[str, Value]] = {}
        for start in range(0, len(record_ids), READ_SIZE):
            ids = list(record_ids[start : start + READ_SIZE])
            for record in self._read(object_name, ids, field_names):
                found[str(record["Id"])] = {
                    field: parse_or_keep(kinds.get(field, "string"), record.get(field))
                    for field in field_names
                }
        return found

    def write(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        """Update the records, resending those that were locked by someone else's transaction."""
        results: dict[str, WriteResult] = {}
        waiting = list(changes)
        for _ in range(LOCK_ATTEMPTS):
            answers = self._update(object_name, waiting)
            results |= {answer.record_id: answer for answer in answers}
            waiting = [change for change in waiting if results[change.record_id].code == LOCKED]
            if not waiting:
                break
        return [results[change.record_id] for change in changes]

    def _read(
        self, object_name: str, record_ids: list[str], field_names: Sequence[str]
    ) -> list[dict[str, object]]:
        path = f"composite/sobjects/{name(object_name)}"
        body = {"ids": record_ids, "fields": sorted({"Id", *field_names})}
        answer = self._client.call(path, "POST", body)
        records = convert("salesforce", path, answer or [], list[dict[str, object] | None])
        if len(records) != len(record_ids):
            what = f"{len(records)} records came for {len(record_ids)} ids"
            raise UnreadableAnswerError("salesforce", path, what)
        return [record for record in records if record is not None]

    def _update(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        if not changes:
            return []
        path = "composite/sobjects"
        records = [_to_record(name(object_name), change) for change in changes]
        body = {"allOrNone": False, "records": records}
        answer = self._client.call(path, "PATCH", body, KEEP_OWNERS)
        saved = convert("salesforce", path, answer, list[_SaveResult])
        if len(saved) != len(changes):
            what = f"{len(saved)} results came for {len(changes)} records"
            raise UnreadableAnswerError("salesforce", path, what)
        return [_to_result(change, save) for change, save in zip(changes, saved, strict=True)]


def _to_record(object_name: str, change: RecordChange) -> dict[str, object]:
    values = {field: _format(value) for field, value in change.values.items()}
    return {"attributes": {"type": object_name}, "id": change.record_id, **values}


def _format(value: Value) -> str | int | Decimal | bool | None:
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, list):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else value


def _to_result(change: RecordChange, save: _SaveResult) -> WriteResult:
    if save.success:
        return WriteResult(change.record_id, "accepted")
    refusal = save.errors[0] if save.errors else _Refusal("UNKNOWN")
    # Salesforce's own message quotes the value; the code and the fields' names do not.
    fields = ", ".join(refusal.fields)
    message = f"Salesforce refused {fields}" if fields else "Salesforce refused the record"
    return WriteResult(change.record_id, "rejected", refusal.status_code, message)
