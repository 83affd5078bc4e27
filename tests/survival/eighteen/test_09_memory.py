"""Memory that does not grow with the rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.hubspot import source as hubspot
from connectors.records import Crm
from connectors.salesforce import source as salesforce
from connectors.sandbox.server import running_sandbox
from pipelines.lake import Lake
from pipelines.lake_writer import Load
from tests.survival.eighteen.deeds import BY_BULK, PAGED, PEOPLE, agree, in_soak
from tests.survival.world import World

ROADS = [
    in_soak("salesforce", PAGED),
    ("salesforce", {**BY_BULK, "salesforce_bulk_page_size": 20}),
    ("hubspot", {}),
]


@pytest.mark.parametrize(("crm", "road"), ROADS)
def test_09_memory_holds_no_more_rows_than_a_batch_at_once(
    world: World, crm: Crm, road: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = {"salesforce": salesforce.SalesforceSource, "hubspot": hubspot.HubSpotSource}[crm]
    monkeypatch.setattr(source.__init__, "__defaults__", _few_rows(source))
    kept: list[int] = []
    append = Lake.append

    def note(
        self: Lake, _crm: str, stream: str, table: pa.Table, *rest: Any, **named: Any
    ) -> Load | None:
        kept.append(table.num_rows if stream == PEOPLE[crm] else 0)
        return append(self, _crm, stream, table, *rest, **named)

    monkeypatch.setattr(Lake, "append", note)
    world.admin.setting(**road)
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert (max(kept) <= 70, agree(world, crm)) == (True, True)


def _few_rows(source: type) -> tuple[object, ...]:
    known = source.__init__.__defaults__ or ()
    return tuple(50 if isinstance(one, int) else one for one in known)


READ = """
import json, resource, sys
from pipelines.reading.steps import extract_crm
from pipelines.settings import load_settings
for crm in ("salesforce", "hubspot"):
    assert extract_crm(load_settings(), crm, lambda *_: None).status == "whole"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _peak(home: Path, people: int) -> int:
    """Return the most memory (KiB) that a process of its own takes to read a company."""
    with running_sandbox(home / "state", people) as running:
        named = {"LEADCYCLE_HOME": str(home)} | {
            f"{crm}_{name}".upper(): value
            for crm, keys in running.credentials.items()
            for name, value in keys.items()
        }
        command = [sys.executable, "-c", READ]
        done = subprocess.run(
            command, env={**os.environ, **named}, capture_output=True, check=True, text=True
        )
    return int(json.loads(done.stdout))


@pytest.mark.soak
def test_09_memory_of_ten_times_the_rows_is_within_a_tenth(tmp_path: Path) -> None:
    few, many = _peak(tmp_path / "few", 4_000), _peak(tmp_path / "many", 40_000)
    assert many <= 1.1 * few, f"{few / 1024:.0f} MiB and {many / 1024:.0f} MiB"
