"""What is odd about the CRMs' data, counted by kind; nobody's data among it."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

KINDS: Mapping[str, str] = {
    "stage_anomalies": "anomaly",
    "unmapped_values": "source_system || ' ' || object_name || '.' || field_name",
    "identity_reviews": "reason",
}
"""Tables of marts that are empty where all is well, and what tells the kind of a row, in SQL. A
value that nobody mapped may be what somebody typed: its field is its kind."""


def count_by_kind(warehouse: Path, table: str) -> Mapping[str, int]:
    """Return how many rows one of these tables has of each kind, the most frequent first."""
    query = f"""
        select {KINDS[table]} as kind, count(*) as found from marts.{table}
        group by kind order by found desc, kind
    """  # noqa: S608 - constants of ours
    with duckdb.connect(str(warehouse), read_only=True) as db:
        return {str(kind): int(found) for kind, found in db.execute(query).fetchall()}
