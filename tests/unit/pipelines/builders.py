"""What the pipeline's tests are made of: streams, tables, a sync, its rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from connectors.arrow import Row, build_table
from connectors.records import Field, Stream, Value
from pipelines.sync import plan as planning
from pipelines.sync.config import Sync
from pipelines.sync.memory import Ledger, Memory
from pipelines.sync.plan import Plan, Terms
from pipelines.sync.values import normalise
from tests.unit.pipelines.fakes import FakeDestination

FIELDS = (Field("Email", "string"), Field("Status", "string"))
LEADS = Stream("salesforce", "leads", "Lead", {"Email": "string", "Status": "string"})


def utc(text: str) -> datetime:
    """Read `2026-11-22` or `2026-11-22T10:00:00` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


AS_OF = utc("2026-11-22T10:00:00")


def lead(record_id: str, at: str, status: str = "New", *, is_deleted: bool = False) -> Row:
    """Return one version of a lead."""
    values = {"Email": f"{record_id}@example.com", "Status": status}
    return Row(record_id, utc(at), is_deleted, values)


def lead_table(*rows: Row) -> pa.Table:
    """Return leads as a source yields them."""
    return build_table(FIELDS, rows)


STAGE = {"column": "stage", "field": "Stage__c", "type": "string", "label": "Stage"}
SINCE = {"column": "since", "field": "Since__c", "type": "datetime", "label": "Since"}
SCORE = {"column": "score", "field": "Score__c", "type": "decimal", "label": "Score"}
REASONS = {"column": "reasons", "field": "Reasons__c", "type": "string", "label": "Reasons"}


def sync_of(
    *fields: Mapping[str, Any],
    guards: Mapping[str, Any] | None = None,
    in_flight: int = 1,
    **others: object,
) -> Sync:
    """Return a sync of leads; without fields it maps stage, since, score and its reasons.

    One batch at a time, unless said otherwise: its calls come in one order.
    """
    usual = (STAGE, SINCE, SCORE | {"min_change": 5}, REASONS | {"with": "score"})
    return Sync.model_validate(
        {
            "name": "salesforce__leads",
            "crm": "salesforce",
            "object": "Lead",
            "sync_model": "sync_salesforce__leads",
            "fields": fields or usual,
            "stamp": {"field": "Synced__c", "label": "Synced"},
            "guards": guards or {},
            "in_flight": in_flight,
            **others,
        }
    )


def row_of(record_id: str, **values: object) -> dict[str, object]:
    """Return a row of a sync model or of a current model; columns not named are None."""
    columns = dict.fromkeys(("stage", "since", "score", "reasons"))
    return {"record_id": record_id, "person_id": f"person-{record_id}", **columns, **values}


def rows_by_id(*rows: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """Return a current model's rows by record id."""
    return {str(row["record_id"]): row for row in rows}


def as_extracted(sync: Sync, destination: FakeDestination) -> dict[str, Mapping[str, object]]:
    """Return the current model's rows after a fresh extraction of the CRM."""
    return {
        record_id: row_of(record_id, **{f.column: held.get(f.field) for f in sync.fields})
        for record_id, held in destination.records.items()
    }


def as_held(sync: Sync, row: Mapping[str, object]) -> dict[str, Value]:
    """Return a row as the CRM holds it, by field name."""
    return {f.field: normalise(row[f.column], f.type) for f in sync.fields}


def plan_changes(
    sync: Sync,
    wanted: Sequence[Mapping[str, object]],
    current: Mapping[str, Mapping[str, object]],
    ledger: Ledger,
) -> Plan:
    """Plan as of AS_OF, remembering nothing but what was written."""
    return planning.plan_changes(Terms(sync, AS_OF), wanted, current, Memory(ledger))


def plan_of(sync: Sync, *wanted: Mapping[str, object], held: FakeDestination) -> Plan:
    """Plan from nothing written yet."""
    return plan_changes(sync, wanted, as_extracted(sync, held), {})


def silent(_name: str, _count: int) -> None:
    """Report to nobody."""
