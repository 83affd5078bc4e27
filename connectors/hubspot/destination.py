"""HubSpot as written: batches of 100, matched by id, row by row in what comes back.

HubSpot answers 207 when part of a batch fails, 400 for the whole batch when one value is invalid,
and 200 for values it silently leaves as they were; each becomes a result of its own row.
Source: developers.hubspot.com, "Batch update"; lifecycle stage guide.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from connectors.changes import (
    OwnField,
    ProvisionResult,
    RecordChange,
    TargetField,
    WriteResult,
)
from connectors.errors import (
    ConfigError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    RejectedRequestError,
)
from connectors.hubspot.answers import BatchAnswer, BatchError, Record
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.dialect import UNKNOWN_PROPERTY
from connectors.hubspot.fields import provision_properties
from connectors.hubspot.lookups import BatchReader, in_chunks, needed_properties
from connectors.hubspot.properties import target_properties, typed_properties
from connectors.hubspot.shapes import build_shape
from connectors.hubspot.streams import OBJECTS
from connectors.interfaces import Destination
from connectors.records import Crm, FieldType, Quota, Value
from connectors.values import format_datetime, parse, parse_or_keep, to_epoch_ms

NOT_TAKEN = "NOT_TAKEN"
"""HubSpot accepted the batch and kept another value, as it does for backward lifecycle stages."""

NO_RESULT = "NO_RESULT"

MERGED = "MERGED"
"""HubSpot answered with another record: the one into which this one was merged since."""

STAGE = "lifecyclestage"
"""Goes forward only, in the order of its options, unless it was cleared by a request before."""


class HubSpotDestination(Destination):
    """Writes properties of records: ours, and HubSpot's own where the mapping names them."""

    crm: Crm = "hubspot"
    batch_size = 100

    def __init__(self, client: HubSpotClient) -> None:
        self._client = client
        self.calls = client.calls

    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create the missing group and properties."""
        results = provision_properties(self._client, object_name, fields)
        self._client.forget_descriptions()
        return results

    def quota(self) -> Quota | None:
        """Return the day's calls as the latest answer told; OAuth apps are told nothing."""
        return self._client.quota

    def target_fields(self, object_name: str) -> Mapping[str, TargetField]:
        """Return every property, as told a moment ago or asked for now."""
        return target_properties(self._client.recent_properties(object_name).properties)

    def read_current(
        self, object_name: str, record_ids: Sequence[str], field_names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id; archived and merged-away records are left out.

        Raises:
            ConfigError: HubSpot lacks a property: it would leave it out of its answer in silence,
                and refuse every write that names it.
            UnreadableAnswerError: HubSpot says of a record neither what it holds nor that it is
                gone: to believe so would plan nothing for it, or too much.
        """
        kinds = typed_properties(self._client.recent_properties(object_name).properties)
        missing = [name for name in field_names if name not in kinds]
        if missing:
            what = f"{object_name} has no property {', '.join(missing)}."
            raise ConfigError("hubspot", "properties", what, "run provision")
        known = OBJECTS[object_name]
        shape = build_shape(needed_properties(known, field_names))
        reader = BatchReader(self._client, known, shape)
        found: dict[str, Mapping[str, Value]] = {}
        for chunk in in_chunks(record_ids, reader.size):
            records = reader.read(chunk)
            told = {name: shape.column(name, records) for name in field_names}
            for at, record in enumerate(records):
                if record.id in chunk:
                    found[record.id] = {
                        name: parse_or_keep(kinds[name], told[name][at]) for name in field_names
                    }
        return found

    def write(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        """Update the records; a batch refused as a whole is halved until the bad row is alone.

        Records whose lifecycle stage goes back are cleared of it by a request before, since HubSpot
        promises no order within one. What comes between the two requests leaves them without a
        stage: the caller reads back, and finds them so.

        Raises:
            ValueError: a record comes twice, which HubSpot refuses for the whole batch.
        """
        if len({change.record_id for change in changes}) < len(changes):
            raise ValueError("a record comes twice in a batch")
        back = [change for change in changes if self._goes_back(object_name, change)]
        cleared = [RecordChange(change.record_id, {STAGE: None}) for change in back]
        refused = {
            result.record_id: result
            for result in self._update(object_name, cleared)
            if result.state == "rejected"
        }
        rest = [change for change in changes if change.record_id not in refused]
        results = {result.record_id: result for result in self._update(object_name, rest)}
        return [(refused | results)[change.record_id] for change in changes]

    def _goes_back(self, object_name: str, change: RecordChange) -> bool:
        wanted, held = change.values.get(STAGE), change.held.get(STAGE)
        if wanted is None or held is None:
            return False
        stage = self.target_fields(object_name).get(STAGE)
        order = stage.options or () if stage is not None else ()
        if str(held) not in order or str(wanted) not in order:
            return True
        return order.index(str(wanted)) < order.index(str(held))

    def _update(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        if not changes:
            return []
        inputs = [_to_input(change) for change in changes]
        try:
            answer = self._client.post(
                self._client.paths.batch_update(object_name), {"inputs": inputs}, BatchAnswer
            )
        except (InvalidRequestError, NotFoundError, ConflictError) as refusal:
            return self._write_halves(object_name, changes, refusal)
        return _to_results(changes, answer)

    def _write_halves(
        self, object_name: str, changes: Sequence[RecordChange], refusal: RejectedRequestError
    ) -> list[WriteResult]:
        # An unknown property spoils every row alike: halving would only repeat the refusal.
        if len(changes) == 1 or refusal.code == UNKNOWN_PROPERTY:
            return [_reject(change.record_id, refusal.code) for change in changes]
        middle = len(changes) // 2
        halves = changes[:middle], changes[middle:]
        return [result for half in halves for result in self._update(object_name, half)]


def _to_input(change: RecordChange) -> dict[str, object]:
    properties = {name: _format(value) for name, value in change.values.items()}
    return {"id": change.record_id, "properties": properties}


def _format(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _to_results(changes: Sequence[RecordChange], answer: BatchAnswer) -> list[WriteResult]:
    updated = {record.id: record for record in answer.results}
    refused = {key: error for error in answer.errors for key in error.context.get("ids", [])}
    others = updated.keys() - {change.record_id for change in changes}
    unanswered = MERGED if others else NO_RESULT
    return [_to_result(change, updated, refused, unanswered) for change in changes]


def _to_result(
    change: RecordChange,
    updated: Mapping[str, Record],
    refused: Mapping[str, BatchError],
    unanswered: str,
) -> WriteResult:
    record = updated.get(change.record_id)
    if record is None:
        error = refused.get(change.record_id)
        return _reject(change.record_id, error.category if error else unanswered)
    kept = [name for name, sent in change.values.items() if not _is_taken(name, sent, record)]
    if kept:
        message = f"HubSpot kept its own value of {', '.join(kept)}"
        return WriteResult(change.record_id, "rejected", NOT_TAKEN, message)
    return WriteResult(change.record_id, "accepted")


def _reject(record_id: str, code: str) -> WriteResult:
    return WriteResult(record_id, "rejected", code, "HubSpot refused the record")


def _is_taken(name: str, sent: Value, record: Record) -> bool:
    """Compare with what came back; HubSpot returns the properties that it changed."""
    if name not in record.properties:
        return True
    returned = record.properties[name]
    try:
        return _comparable(parse(_kind_of(sent), returned)) == _comparable(sent)
    except ValueError:
        return False


def _comparable(value: Value) -> Value:
    if isinstance(value, datetime):
        return to_epoch_ms(value)
    return None if value == "" else value


def _kind_of(value: Value) -> FieldType:
    for python_type, kind in _KINDS:
        if isinstance(value, python_type):
            return kind
    return "string"


_KINDS: tuple[tuple[type, FieldType], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (datetime, "datetime"),
    (date, "date"),
)
"""Narrow types first: a bool is an int and a datetime is a date."""
