"""Salesforce as written: by collections, or by a job above 2,000 records.

Source: REST API Developer Guide, "sObject Collections"; Bulk API 2.0 Developer Guide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

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
from connectors.salesforce.collections import AT_ONCE, SIZE, Target, update
from connectors.salesforce.description import target_fields, typed_fields
from connectors.salesforce.fields import provision_fields
from connectors.salesforce.ingest import update_by_job
from connectors.salesforce.matching import read_matching
from connectors.salesforce.soql import name
from connectors.values import parse_or_keep

READ_SIZE = 2_000


class SalesforceDestination(Destination):
    """Writes fields of records, each judged by itself."""

    crm: Crm = "salesforce"
    batch_size = SIZE * AT_ONCE
    job_from = 2_001
    job_size = 100_000

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
        self,
        object_name: str,
        record_ids: Sequence[str],
        field_names: Sequence[str],
        match: str | None = None,
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id; deleted and hidden records are left out."""
        kinds = typed_fields(self._client.describe(object_name))
        if match is not None:
            found = read_matching(self._client, object_name, match, record_ids, field_names)
        else:
            found = {
                str(record["Id"]): record
                for record in self._read(object_name, record_ids, field_names)
            }
        return {
            record_id: {
                field: parse_or_keep(kinds.get(field, "string"), record.get(field))
                for field in field_names
            }
            for record_id, record in found.items()
        }

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        """Write the records, resending those that were locked by someone else's transaction."""
        return update(self._client, Target(object_name, match), changes)

    def write_as_job(
        self,
        object_name: str,
        changes: Sequence[RecordChange],
        job_id: str | None,
        keep: Callable[[str], None],
        match: str | None = None,
    ) -> list[WriteResult]:
        """Write the records by one job of Bulk API 2.0, or go on with one."""
        return update_by_job(self._client, Target(object_name, match), changes, job_id, keep)

    def _read(
        self, object_name: str, record_ids: Sequence[str], field_names: Sequence[str]
    ) -> Iterator[dict[str, object]]:
        for start in range(0, len(record_ids), READ_SIZE):
            ids = list(record_ids[start : start + READ_SIZE])
            yield from self._read_some(object_name, ids, field_names)

    def _read_some(
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
