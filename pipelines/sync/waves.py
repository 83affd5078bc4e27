"""Which records of a sync are live already. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

from pipelines.sync.config import GoLive

Row = Mapping[str, object]


def pick_wave(go_live: GoLive, wanted: Sequence[Row], current: Mapping[str, Row]) -> Sequence[Row]:
    """Return the rows of a sync model that its wave covers.

    Args:
        go_live: What is live.
        wanted: Rows of the sync model: `record_id` and `person_id`.
        current: Rows of the current model by record id, with `owner_id`.
    """
    return [row for row in wanted if _is_live(go_live, row, current.get(str(row["record_id"])))]


def _is_live(go_live: GoLive, row: Row, held: Row | None) -> bool:
    if go_live.records and str(row["record_id"]) not in go_live.records:
        return False
    if go_live.owners and (held is None or held.get("owner_id") not in go_live.owners):
        return False
    return go_live.share == 1 or place_of(str(row["person_id"])) < go_live.share


def place_of(person_id: str) -> float:
    """Return where a person stands among all, from 0 up to 1, whatever share is asked for."""
    return int.from_bytes(hashlib.sha256(person_id.encode()).digest()[:8]) / 2**64
