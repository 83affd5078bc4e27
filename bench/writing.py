"""One sync of one value into so many records, as the product does it, as a process to be measured.

Run as `python -m bench.writing hubspot|salesforce RECORDS CALLS_IN_TEN_SECONDS FOLDER`, with the
keys of a served sandbox as one line of JSON on stdin; prints one line of JSON. The plan is made
from what the records hold; it is applied, then planned and applied again, which writes nothing.
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench.usage import peak_memory
from connectors.hubspot.answers import RecordPage
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.interfaces import Destination
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from pipelines.sync.apply import apply_plan
from pipelines.sync.batches import read_held
from pipelines.sync.config import Sync
from pipelines.sync.memory import Memory
from pipelines.sync.plan import Plan, Terms, plan_changes
from pipelines.sync.store import StateStore

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
FIELDS = {"hubspot": "bench_written", "salesforce": "Leadcycle_Bench__c"}
STAMPS = {"hubspot": "bench_stamp", "salesforce": "Leadcycle_Bench_At__c"}
OBJECTS = {"hubspot": "contacts", "salesforce": "Lead"}
WINDOW_SECONDS = 10
"""Of HubSpot's limit."""


def main() -> None:
    """Write, and print what it took."""
    crm, records, calls, folder = sys.argv[1:]
    destination, ids = _open(crm, json.loads(sys.stdin.readline()), int(calls), int(records))
    sync = _sync(crm)
    destination.provision(sync.object, sync.own_fields())
    store = StateStore(f"sqlite:///{Path(folder) / 'state.sqlite'}")
    value = time.time_ns() % 1_000_000
    told: dict[str, float] = {"records": len(ids)}
    for turn in ("first", "second"):
        held = read_held(sync, destination, ids)
        # The floor takes the first window for empty: what was just listed and read is not in it.
        time.sleep(WINDOW_SECONDS)
        before, began = replace(destination.calls), time.perf_counter()
        plan = _plan(sync, held, value, store)
        kept = store.keep_plan(sync, plan, AS_OF, "000001", ())
        account = apply_plan(sync, kept, destination, store, lambda _name, _count: None)
        seconds = time.perf_counter() - began
        calls_made = asdict(destination.calls.since(before))
        told |= {f"{turn}_{name}": count for name, count in calls_made.items()}
        told |= {f"{turn}_seconds": seconds, f"{turn}_written": account.written}
    print(json.dumps(told | {"peak": peak_memory()}))


def _open(
    crm: str, keys: Mapping[str, Any], calls: int, records: int
) -> tuple[Destination, list[str]]:
    """Connect, and return as many ids of records as are wanted, in their order."""
    own = keys[crm]
    if crm == "salesforce":
        org = SalesforceClient.connect(own["base_url"], own["client_id"], own["client_secret"])
        return SalesforceDestination(org), sorted(islice(_leads(org), records))
    account = (own["base_url"], own["access_token"])
    portal = HubSpotClient.connect(*account, calls_per_ten_seconds=calls)
    return HubSpotDestination(portal), sorted(islice(_contacts(portal), records))


def _leads(org: SalesforceClient) -> Any:
    page = org.call("query/?q=select+Id+from+Lead+where+IsConverted+=+false", "GET")
    while True:
        yield from (str(row["Id"]) for row in page["records"])
        if page["done"]:
            return
        page = org.call(page["nextRecordsUrl"].partition("/v")[2].partition("/")[2], "GET")


def _contacts(portal: HubSpotClient) -> Any:
    path, after = portal.paths.objects("contacts"), None
    while True:
        page = portal.get(path, {"limit": 100} | ({"after": after} if after else {}), RecordPage)
        yield from (record.id for record in page.results)
        if page.paging is None or page.paging.next is None:
            return
        after = page.paging.next.after


def _sync(crm: str) -> Sync:
    field = {"column": "score", "field": FIELDS[crm], "type": "decimal", "label": "Bench"}
    return Sync.model_validate(
        {
            "name": f"{crm}__bench",
            "crm": crm,
            "object": OBJECTS[crm],
            "sync_model": "bench",
            "fields": [field],
            "stamp": {"field": STAMPS[crm], "label": "Bench at"},
        }
    )


def _plan(sync: Sync, held: Mapping[str, Mapping[str, Any]], value: int, store: StateStore) -> Plan:
    [field] = sync.fields
    wanted = [{"record_id": key, "person_id": key, "score": value} for key in held]
    current = {key: {"record_id": key, "score": row[field.field]} for key, row in held.items()}
    memory = Memory(store.ledger(sync))
    return plan_changes(Terms(sync, AS_OF), wanted, current, memory)


if __name__ == "__main__":
    main()
