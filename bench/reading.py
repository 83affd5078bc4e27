"""One full read of one stream as the product does it, as a process to be measured.

It is what `leadcycle extract` does with a stream: rows kept, marks noted, duties that are due done,
records counted. Run as `python -m bench.read hubspot|salesforce FOLDER CALLS_IN_TEN_SECONDS
DETAILS`, with the keys of a served sandbox as one line of JSON on stdin; prints one line of JSON.
HubSpot's contacts come as a plain list of the benchmark's properties, unless DETAILS is 1: then
with the histories and associations that the product reads. `python -m bench.read prepare FOLDER`
makes the state store first, which the product does once for all readings.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.contacts import CONTACT_PROPERTIES
from bench.leads import LEAD_FIELDS
from bench.usage import cpu_seconds, peak_memory
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.interfaces import Source
from connectors.lean import give_memory_back
from connectors.records import Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.source import SalesforceSource
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction
from pipelines.reading.fence import Fence
from pipelines.reading.marks import Marks
from pipelines.reading.rules import ExtractRules
from pipelines.reading.stream import extract_stream
from pipelines.sync.engine import open_engine
from pipelines.sync.migrate import migrate

_PLAIN = replace(CONTACTS, histories=(), associated=(), stream=replace(CONTACTS.stream, details={}))
_STREAMS = {"hubspot": ("contacts", CONTACT_PROPERTIES), "salesforce": ("leads", LEAD_FIELDS)}


def main() -> None:
    """Read, and print what it took."""
    if sys.argv[1] == "prepare":
        _open_store(Path(sys.argv[2]))
        print("{}")
        return
    crm, address, calls, details = sys.argv[1:]
    give_memory_back()
    source = _connect(crm, json.loads(sys.stdin.readline()), int(calls), details == "1")
    loaded = peak_memory()
    began, spent = time.perf_counter(), cpu_seconds()
    stream, run = _stream(source), _begin(source, Path(address))
    result = extract_stream(run, stream)[0]
    cpu, seconds = cpu_seconds() - spent, time.perf_counter() - began
    if result.status != "whole":
        raise RuntimeError(result.why)
    rows, fields = result.rows_read, len(stream.included)
    told = {"rows": rows, "seconds": seconds, "cpu": cpu, "loaded": loaded, "peak": peak_memory()}
    counts = {"requests": source.calls.read, "limited": source.calls.limited}
    print(json.dumps(told | counts | {"fields": fields}))


def _connect(crm: str, keys: dict[str, Any], calls: int, has_details: bool) -> Source:
    own = keys[crm]
    if crm == "salesforce":
        org = (own["base_url"], own["client_id"], own["client_secret"])
        return SalesforceSource(SalesforceClient.connect(*org))
    account = (own["base_url"], own["access_token"])
    client = HubSpotClient.connect(*account, calls_per_ten_seconds=calls)
    return HubSpotSource(client, objects=[CONTACTS if has_details else _PLAIN])


def _stream(source: Source) -> Stream:
    """Return the benchmark's stream with the benchmark's fields."""
    name, wanted = _STREAMS[source.crm]
    [stream] = (one for one in source.streams() if one.name == name)
    return replace(stream, required_fields={}, included=frozenset(wanted))


def _begin(source: Source, folder: Path) -> Extraction:
    """Begin a run as `leadcycle extract` does, in a lake and a state store of its own."""
    lake = Lake(str(folder / "lake"))
    epoch = lake.claim(source.crm)
    marks = Marks(_open_store(folder), source.crm, Fence(source.crm, lake, epoch))
    began = source.clock()
    return Extraction(source, lake, marks, ExtractRules(), began, datetime.now(UTC), epoch)


def _open_store(folder: Path) -> sa.Engine:
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_engine(f"sqlite:///{folder / 'state.sqlite'}")
    migrate(engine)
    return engine
