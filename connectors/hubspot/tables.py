"""Records into the tables of a batch: the stream's own, its histories, its associations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat

import pyarrow as pa

from connectors.arrow import assemble
from connectors.hubspot.associations import AssociationReader
from connectors.hubspot.crew import Crew
from connectors.hubspot.failures import Failures
from connectors.hubspot.histories import history_table
from connectors.hubspot.merges import find_merged
from connectors.hubspot.shapes import Records, Shape, has_values
from connectors.hubspot.stamps import read_stamps
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import MODIFIED_AT, Batch, Cursor, Field, Road

Columns = Mapping[str, Sequence[str | None]]


@dataclass
class Tables:
    """Makes batches of one reading's records."""

    known: ObjectStream
    fields: Sequence[Field]
    shape: Shape
    associations: AssociationReader
    failures: Failures = field(default_factory=Failures)
    """Those of the reading, whichever part of it has met them."""
    road: Road | None = None
    merged_since: datetime | None = None
    """Merges before then (UTC) are of no interest: nothing was known of those records."""

    def batch(self, crew: Crew, records: Records, cursor: Cursor | None) -> Batch:
        """Return living records with all their details.

        What was merged into them comes as deleted rows without values.
        """
        tables = {self.known.name: self.living(records)}
        if self.known.histories:
            tables[self.known.history_stream] = history_table(self.known, records)
        if self.known.associated:
            tables |= self.associated(crew, [record.id for record in records])
        failed = self.failures.ids
        return Batch(tables, cursor, self.associations.skipped, self.road, failed=failed)

    def living(self, records: Records) -> pa.Table:
        """Return living records, and what was merged into them."""
        return self._with_merged(self.living_only(records), records, self.merged_since)

    def living_only(self, records: Records) -> pa.Table:
        """Return living records and nothing else."""
        ids = [record.id for record in records]
        stamps = read_stamps(self.shape.column(self.known.modified, records), self.known.name)
        columns: Columns = {**self.shape.columns(records), "hs_object_id": ids}
        return self._assemble(ids, stamps, False, columns)

    def archived(self, records: Records) -> pa.Table:
        """Return records of the recycle bin, stamped by when they were archived.

        Where HubSpot told no values of one, its row has none: those last known stand.
        What was merged into one before it was archived is gone with it, and told of nowhere else.
        """
        ids = [record.id for record in records]
        whose = f"the archived {self.known.name}"
        stamps = read_stamps([record.archived_at for record in records], whose)
        told = [record.id if has_values(record) else None for record in records]
        columns: Columns = {**self.shape.columns(records), "hs_object_id": told}
        return self._with_merged(self._assemble(ids, stamps, True, columns), records, None)

    def associated(self, crew: Crew, record_ids: Sequence[str]) -> dict[str, pa.Table]:
        """Return the associations of records as far as our key may see them."""
        found = self.associations.read(crew, record_ids)
        return {} if found is None else {self.known.association_stream: found}

    def _with_merged(self, table: pa.Table, records: Records, since: datetime | None) -> pa.Table:
        graves = find_merged(self.shape, records, table[MODIFIED_AT], since)
        if not graves.ids:
            return table
        # Without any value: the caller knows better what the record last was.
        return pa.concat_tables([table, self._assemble(graves.ids, graves.stamps, True, {})])

    def _assemble(
        self,
        ids: Sequence[str],
        stamps: pa.Array | Sequence[datetime],
        is_deleted: bool,
        columns: Columns,
    ) -> pa.Table:
        return assemble(self.fields, ids, stamps, list(repeat(is_deleted, len(ids))), columns)
