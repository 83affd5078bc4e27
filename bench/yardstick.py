"""What reading comes to without a CRM: the same bytes from memory into typed, compressed Parquet.

Run as `python -m bench.yardstick hubspot|salesforce PAGES`, where PAGES is a folder of answers as
they came; prints one line of JSON. It does nothing but decode, type and write: no ids are checked,
no rows compared, no file made safe. So it shows how much of an extractor's time is its own.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from bench.contacts import CONTACT_PROPERTIES, CONTACT_TYPES
from bench.leads import LEAD_FIELDS, LEAD_TYPES
from bench.usage import cpu_seconds

_ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "number": pa.decimal128(38, 9),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
_PAGES_A_FILE = {"hubspot": 100, "salesforce": 1}


def main() -> None:
    crm, folder = sys.argv[1], Path(sys.argv[2])
    pages = [file.read_bytes() for file in sorted(folder.iterdir())]
    read = {"hubspot": _contacts, "salesforce": _leads}[crm]
    with tempfile.TemporaryDirectory() as scratch:
        began, spent = time.perf_counter(), cpu_seconds()
        rows = 0
        for number, table in enumerate(read(pages)):
            pq.write_table(table, Path(scratch) / f"{number}.parquet", compression="zstd")
            rows += table.num_rows
        cpu, seconds = cpu_seconds() - spent, time.perf_counter() - began
    print(json.dumps({"rows": rows, "cpu": cpu, "seconds": seconds}))


def _contacts(pages: list[bytes]) -> Iterator[pa.Table]:
    """Decode pages into structs, and yield their values column by column, a hundred pages each."""
    values = msgspec.defstruct("Values", [(name, str | None, None) for name in CONTACT_PROPERTIES])
    record = msgspec.defstruct("Record", [("properties", values)])
    decoder = msgspec.json.Decoder(msgspec.defstruct("Page", [("results", list[record])]))  # type: ignore[valid-type]
    size = _PAGES_A_FILE["hubspot"]
    for start in range(0, len(pages), size):
        bodies = pages[start : start + size]
        found = [one.properties for body in bodies for one in decoder.decode(body).results]  # type: ignore[attr-defined]
        columns = {
            name: pa.array([getattr(one, name) for one in found], pa.string())
            for name in CONTACT_PROPERTIES
        }
        yield pa.table({name: _typed(one, CONTACT_TYPES[name]) for name, one in columns.items()})


def _leads(pages: list[bytes]) -> Iterator[pa.Table]:
    """Read the tables that Bulk API 2.0 sends."""
    types = {name: _ARROW.get(LEAD_TYPES[name], pa.string()) for name in LEAD_FIELDS}
    options = pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
    for body in pages:
        table = pa_csv.read_csv(
            pa.BufferReader(body),
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=4 << 20),
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=options,
        )
        lists = [name for name in LEAD_FIELDS if LEAD_TYPES[name] == "list"]
        for name in lists:
            at = table.column_names.index(name)
            table = table.set_column(at, name, _typed(table[name], "list"))
        yield table


def _typed(column: pa.Array, kind: str) -> pa.Array:
    return pc.split_pattern(column, ";") if kind == "list" else pc.cast(column, _ARROW[kind])


if __name__ == "__main__":
    main()
