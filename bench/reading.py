"""One full read of one stream by our own Source into our own lake, as a process to be measured.

Run as `python -m bench.reading hubspot|salesforce LAKE CALLS_IN_TEN_SECONDS DETAILS`, with the keys
of a served sandbox as one line of JSON on stdin; prints one line of JSON. HubSpot's contacts come
as a plain list of the benchmark's properties, unless DETAILS is 1: then with the histories and
associations that the product reads.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench.contacts import CONTACT_PROPERTIES
from bench.leads import LEAD_FIELDS
from bench.usage import cpu_seconds, peak_memory
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.interfaces import Source
from connectors.records import Field, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.source import SalesforceSource
from connectors.without_pandas import keep_pandas_out
from pipelines.lake import Lake

_PLAIN = replace(CONTACTS, histories=(), associated=(), stream=replace(CONTACTS.stream, details={}))
_STREAMS = {"hubspot": ("contacts", CONTACT_PROPERTIES), "salesforce": ("leads", LEAD_FIELDS)}


def main() -> None:
    crm, address, calls, details = sys.argv[1:]
    keep_pandas_out()
    source = _connect(crm, json.loads(sys.stdin.readline()), int(calls), details == "1")
    loaded = peak_memory()
    name, wanted = _STREAMS[crm]
    [stream] = (one for one in source.streams() if one.name == name)
    lake, extracted_at = Lake(address), datetime.now(UTC)
    began, spent = time.perf_counter(), cpu_seconds()
    fields = [field for field in source.fields(stream) if field.name in wanted]
    rows = _read(source, stream, fields, lake, extracted_at)
    cpu, seconds = cpu_seconds() - spent, time.perf_counter() - began
    told = {"rows": rows, "seconds": seconds, "cpu": cpu, "loaded": loaded, "peak": peak_memory()}
    counts = {"requests": source.calls.read, "limited": source.calls.limited}
    print(json.dumps(told | counts | {"fields": len(fields)}))


def _connect(crm: str, keys: dict[str, Any], calls: int, has_details: bool) -> Source:
    own = keys[crm]
    if crm == "salesforce":
        org = (own["base_url"], own["client_id"], own["client_secret"])
        return SalesforceSource(SalesforceClient.connect(*org))
    account = (own["base_url"], own["access_token"])
    client = HubSpotClient.connect(*account, calls_per_ten_seconds=calls)
    return HubSpotSource(client, objects=[CONTACTS if has_details else _PLAIN])


def _read(
    source: Source, stream: Stream, fields: list[Field], lake: Lake, extracted_at: datetime
) -> int:
    rows = 0
    for batch in source.read(stream, fields, None):
        for name, table in batch.tables.items():
            cursor = batch.cursor if name == stream.name else None
            lake.append(source.crm, name, table, cursor, extracted_at, look="none")
        rows += batch.tables[stream.name].num_rows
    return rows


if __name__ == "__main__":
    main()
