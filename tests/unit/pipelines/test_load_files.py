"""One load as a file: what its footer says, and how little of it is read."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Cursor, Field
from pipelines import load_files
from pipelines.load_files import Footer, LoadFile, OldLoadError, write_load
from tests.unit.pipelines.builders import AS_OF, lead, lead_table, utc

TABLE = lead_table(lead("1", "2026-11-20"), lead("2", "2026-11-21"), lead("3", "2026-11-22"))

BARE = Footer()


def written(path: Path, table: pa.Table = TABLE, footer: Footer = BARE) -> LoadFile:
    with path.open("wb") as file:
        write_load(table, file, footer)
    return LoadFile(str(path), 7, fsspec.filesystem("file"))


@pytest.mark.parametrize(
    "footer", [BARE, Footer(Cursor(AS_OF, "1", "2", AS_OF), epoch=3, newest=AS_OF)]
)
def test_a_footer_says_what_it_was_given(tmp_path: Path, footer: Footer) -> None:
    load = written(tmp_path / "load", footer=footer)

    assert (load.load_id, load.footer) == (7, footer)


@pytest.mark.parametrize("kept", [{}, {"leadcycle.format": "1"}, {"leadcycle.format": "3"}])
def test_a_load_of_another_version_is_refused_by_name_with_what_to_do(
    tmp_path: Path, kept: dict[str, str]
) -> None:
    path = tmp_path / "00000001.parquet"
    pq.write_table(TABLE.replace_schema_metadata(kept), path)

    with pytest.raises(OldLoadError, match=r"00000001.parquet was .* Move .*`lake`.* aside"):
        LoadFile(str(path), 1, fsspec.filesystem("file"))


@pytest.mark.parametrize(
    ("bounds", "ids"),
    [
        ({}, ["1", "2", "3"]),
        ({"_record_id": ("2", "2")}, ["2"]),
        ({"_record_id": (None, "2")}, ["1", "2"]),
        ({"_modified_at": (utc("2026-11-21"), None)}, ["2", "3"]),
        ({"_modified_at": (utc("2026-11-21"), None), "_record_id": (None, "1")}, []),
    ],
)
def test_only_row_groups_within_the_bounds_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounds: dict[str, Any], ids: list[str]
) -> None:
    monkeypatch.setattr(load_files, "ROW_GROUP_ROWS", 1)
    load = written(tmp_path / "load")

    assert load.read(["_record_id"], bounds).to_pydict() == {"_record_id": ids}


def test_a_load_is_read_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_files, "PORTION_ROWS", 2)
    monkeypatch.setattr(load_files, "ROW_GROUP_ROWS", 1)
    load = written(tmp_path / "load")

    portions = [portion.to_pydict() for portion in load.portions(["_record_id"])]

    assert portions == [{"_record_id": ["1", "2"]}, {"_record_id": ["3"]}]


def test_first_rows_are_read_without_the_rest_of_a_wide_column(tmp_path: Path) -> None:
    texts = [sha256(str(number).encode()).hexdigest() for number in range(12_000)]
    rows = [Row(text, AS_OF, False, {"Text": text}) for text in texts]
    written(tmp_path / "load", build_table((Field("Text", "string"),), rows))
    size = (tmp_path / "load").stat().st_size

    with (tmp_path / "load").open("rb") as file:
        parquet = pq.ParquetFile(file, buffer_size=2**12, pre_buffer=False)
        first = next(parquet.iter_batches(100, columns=["Text"])).column("Text").to_pylist()
        at = file.tell()

    assert first == texts[:100]
    assert at < size * 3 / 4, "the whole column was read"


def test_a_dictionary_is_made_where_values_repeat(tmp_path: Path) -> None:
    fields = [Field("Unique", "string"), Field("Same", "string")]
    values = [{"Unique": f"value {number}", "Same": "value"} for number in range(100)]
    rows = [Row(str(at), AS_OF, False, value) for at, value in enumerate(values)]
    written(tmp_path / "load", build_table(fields, rows))

    described = pq.read_metadata(tmp_path / "load").row_group(0)

    columns = [described.column(at) for at in range(described.num_columns)]
    repeated = {column.path_in_schema for column in columns if column.has_dictionary_page}
    assert repeated == {"_modified_at", "Same", "_unreadable"}
