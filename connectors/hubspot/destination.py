"""HubSpot as written: batches of 100, its lifecycle stage led back where it has to go back.

Source: developers.hubspot.com, "Batch update"; lifecycle stage guide.
"""

from collections.abc import Mapping, Sequence

from connectors.changes import (
    OwnField,
    ProvisionResult,
    RecordChange,
    TargetField,
    WriteResult,
)
from connectors.errors import ConfigError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.fields import provision_properties
from connectors.hubspot.lookups import BatchReader, in_chunks, needed_properties
from connectors.hubspot.properties import target_properties, typed_properties
from connectors.hubspot.shapes import build_shape
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.writing import Target, send
from connectors.interfaces import Destination
from connectors.records import Crm, Quota, Value
from connectors.values import parse_or_keep

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
        self,
        object_name: str,
        record_ids: Sequence[str],
        field_names: Sequence[str],
        match: str | None = None,
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id; archived and merged-away records are left out.

        Raises:
            ConfigError: HubSpot lacks a property: it would leave it out of its answer in silence,
                and refuse every write that names it.
            UnreadableAnswerError: HubSpot says of a record neither what it holds nor that it is
                gone: to believe so would plan nothing for it, or too much.
        """
        kinds = typed_properties(self._client.recent_properties(object_name).properties)
        asked = [*field_names, *([match] if match is not None else [])]
        missing = [name for name in asked if name not in kinds]
        if missing:
            what = f"{object_name} has no property {', '.join(missing)}."
            raise ConfigError("hubspot", "properties", what, "run provision")
        known = OBJECTS[object_name]
        shape = build_shape(needed_properties(known, asked))
        reader = BatchReader(self._client, known, shape, match=match)
        found: dict[str, Mapping[str, Value]] = {}
        for chunk in in_chunks(record_ids, reader.size):
            records = reader.read(chunk)
            told = {name: shape.column(name, records) for name in field_names}
            for at, record_id in enumerate(reader.names_of(records)):
                if record_id in chunk:
                    found[record_id] = {
                        name: parse_or_keep(kinds[name], told[name][at]) for name in field_names
                    }
        return found

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        """Write the records; a batch refused as a whole is halved until the bad row is alone.

        Records whose lifecycle stage goes back are cleared of it by a request before, since HubSpot
        promises no order within one. What comes between the two requests leaves them without a
        stage: the caller reads back, and finds them so.

        Raises:
            ValueError: a record comes twice, which HubSpot refuses for the whole batch.
        """
        if len({change.record_id for change in changes}) < len(changes):
            raise ValueError("a record comes twice in a batch")
        target = Target(object_name, match)
        back = [change for change in changes if self._goes_back(object_name, change)]
        cleared = [RecordChange(change.record_id, {STAGE: None}) for change in back]
        refused = {
            result.record_id: result
            for result in send(self._client, target, cleared)
            if result.state == "rejected"
        }
        rest = [change for change in changes if change.record_id not in refused]
        results = {result.record_id: result for result in send(self._client, target, rest)}
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
