"""What our key may not see for a while, from the sandbox into a lake."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from connectors.changes import RecordChange
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction
from pipelines.reading.marks import Marks
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import ExtractRules
from pipelines.reading.stream import extract_stream
from pipelines.sync.store import StateStore
from tests.contract.cases import HUBSPOT, Connection
from tests.contract.conftest import Sandbox

NAME = "contact_associations"
REFUSED = {
    "preset": "hubspot-missing-scope",
    "path_prefix": "/crm/v4/associations/contacts/",
    "count": 99,
}


def extract(crm: Connection, lake: Lake, store: StateStore) -> dict[str, StreamResult]:
    stream = next(s for s in crm.source.streams() if s.name == "contacts")
    marks, now = Marks(store.engine, "hubspot"), datetime.now(UTC)
    run = Extraction(crm.source, lake, marks, ExtractRules(), crm.source.clock(), now)
    return {result.stream: result for result in extract_stream(run, stream)}


def store_in(folder: Path) -> StateStore:
    return StateStore(f"sqlite:///{folder}.sqlite")


def edit_one(crm: Connection, lake: Lake) -> None:
    crm.destination.provision(HUBSPOT.object_name, HUBSPOT.own_fields)
    [load, *_] = lake.paths("hubspot", "contacts")
    rows = pq.read_table(load, columns=["_record_id", "_is_deleted"]).to_pylist()
    living = next(row["_record_id"] for row in rows if not row["_is_deleted"])
    crm.destination.write(HUBSPOT.object_name, [RecordChange(living, {HUBSPOT.stage: "Lead"})])


def pairs(lake: Lake) -> Counter[str]:
    loads = [pq.read_table(path) for path in lake.paths("hubspot", NAME)]
    return Counter(pair for load in loads for pair in load["_record_id"].to_pylist())


def test_associations_that_were_hidden_are_filled_once_our_key_may_see_them(
    clean_sandbox: Sandbox, tmp_path: Path
) -> None:
    crm, lake = HUBSPOT.connect(clean_sandbox), Lake(str(tmp_path / "late"))
    store = store_in(tmp_path / "late")
    clean_sandbox.order("faults", [REFUSED])
    assert "HTTP 403" in extract(crm, lake, store)[NAME].skipped
    clean_sandbox.order("faults", None, method="DELETE")
    edit_one(crm, lake)
    assert extract(crm, lake, store)[NAME].skipped == ""
    whole = Lake(str(tmp_path / "whole"))
    extract(crm, whole, store_in(tmp_path / "whole"))
    assert pairs(lake) == pairs(whole) != Counter()
