"""What a file's rows say, and why some of them say nothing."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.histories.errors import HistoryFileError
from pipelines.histories.files import FileForm, read_rows

FORM = FileForm("case", "stage", "at")


def judged(path: Path, form: FileForm = FORM, columns: str = "*") -> list[tuple[Any, ...]]:
    with read_rows(path, form, path.parent / "spill") as db:
        return list(db.execute(f"select {columns} from judged order by row_number").fetchall())


def written(folder: Path, *lines: str, name: str = "f.csv", header: str = "case,stage,at") -> Path:
    path = folder / name
    text = "\n".join((header, *lines)) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


def instants(path: Path, **form: Any) -> list[datetime | None]:
    made = FileForm("case", "stage", "at", **form)
    return [row[0] for row in judged(path, made, "happened_at")]


def test_each_row_that_cannot_be_used_has_its_reason(tmp_path: Path) -> None:
    path = written(
        tmp_path, "c1,A,2026-01-01", ",A,2026-01-01", "c1,  ,2026-01-01", "c1,A,", "c1,A,yesterday",
        "c1,A,2026-02-30", "c1,A,infinity", "c1,A,epoch", "c1,A,0044-03-15 (BC)", "c1,A",
        "c1,A,2026-01-01,more",
    )  # fmt: skip
    assert judged(path, columns="row_number, reason") == [
        (1, None),
        (2, "no case"),
        (3, "no stage"),
        (4, "no time"),
        (5, "unreadable time"),
        (6, "unreadable time"),
        (7, "unreadable time"),
        (8, "unreadable time"),
        (9, "unreadable time"),
        (10, "unreadable row"),
        (11, "unreadable row"),
    ]


def test_a_row_stands_where_the_file_has_it_whatever_is_broken_before_it(tmp_path: Path) -> None:
    path = written(
        tmp_path, "broken", "c1,A,2026-01-01", '"c\n2",A,2026-01-01', "broken", "broken",
        ",A,2026-01-01", "c3,A,2026-01-01", "broken",
    )  # fmt: skip
    assert judged(path, columns="row_number, case_id, reason") == [
        (1, None, "unreadable row"),
        (2, "c1", None),
        (3, "c\n2", None),
        (4, None, "unreadable row"),
        (5, None, "unreadable row"),
        (6, None, "no case"),
        (7, "c3", None),
        (8, None, "unreadable row"),
    ]


def test_a_time_without_a_zone_is_of_the_zone_that_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path, "c,A,2026-01-01 12:00:00", "c,A,2026-07-01T12:00:00", "c,A,2026-01-01",
        "c,A,2026-01-01T12:00:00Z", "c,A,2026-01-01T12:00:00.25-05:00",
    )  # fmt: skip
    assert instants(path, time_zone="Europe/Berlin") == [
        datetime(2026, 1, 1, 11, tzinfo=UTC),
        datetime(2026, 7, 1, 10, tzinfo=UTC),
        datetime(2025, 12, 31, 23, tzinfo=UTC),
        datetime(2026, 1, 1, 12, tzinfo=UTC),
        datetime(2026, 1, 1, 17, 0, 0, 250_000, tzinfo=UTC),
    ]
    assert instants(path)[0] == datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_time_may_be_written_as_a_format_says(tmp_path: Path) -> None:
    path = written(tmp_path, "c,A,31/01/2026 08:30", "c,A,2026-01-31")
    assert instants(path, time_format="%d/%m/%Y %H:%M", time_zone="Asia/Shanghai") == [
        datetime(2026, 1, 31, 0, 30, tzinfo=UTC),
        None,
    ]


@pytest.mark.parametrize(("name", "text"), [("epoch", "1767225600"), ("epoch_ms", "1767225600000")])
def test_a_time_may_be_seconds_or_milliseconds_since_1970(
    tmp_path: Path, name: str, text: str
) -> None:
    path = written(tmp_path, f"c,A,{text}", "c,A,soon")
    assert instants(path, time_format=name) == [datetime(2026, 1, 1, tzinfo=UTC), None]


def test_a_time_that_no_history_reaches_is_unreadable(tmp_path: Path) -> None:
    path = written(tmp_path, "c,A,1767225600000", "c,A,1767225600", "c,A,9e99")
    form = FileForm("case", "stage", "at", time_format="epoch")
    assert judged(path, form, "coalesce(reason, '')") == [
        ("unreadable time",), ("",), ("unreadable time",)
    ]  # fmt: skip
    path = written(tmp_path, "c,A,1899-12-31", "c,A,1900-01-01", "c,A,2199-12-31", "c,A,2200-01-01")
    assert [instant is None for instant in instants(path)] == [False] * 4
    assert judged(path, columns="reason is null") == [(False,), (True,), (True,), (False,)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_header_shows_what_stands_between_columns(tmp_path: Path, delimiter: str) -> None:
    line = delimiter.join(("c1", "A, then B", "2026-01-01"))
    path = written(tmp_path, line, header=delimiter.join(("case", "stage", "at")))
    assert judged(path, columns="case_id, stage, reason") == [("c1", "A, then B", None)]


def test_a_name_of_a_column_may_hold_what_stands_elsewhere(tmp_path: Path) -> None:
    path = written(tmp_path, "c1;A;2026-01-01;x", header='case;stage;at;"a, b, c, d, e"')
    assert judged(path, columns="case_id, stage, reason") == [("c1", "A", None)]


def test_quotes_line_breaks_and_gzip_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, '"c\n1","say ""A""",2026-01-01', name="f.csv.gz")
    assert judged(path, columns="case_id, stage") == [("c\n1", 'say "A"')]


def test_a_row_of_another_encoding_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"case,stage,at\nc1,\xff,2026-01-01\nc2,A,2026-01-01\n")
    assert sorted(judged(path, columns="coalesce(case_id, ''), coalesce(reason, '')")) == [
        ("", "unreadable row"),
        ("c2", ""),
    ]


def test_a_file_that_is_no_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.csv.gz"
    path.write_text("case,stage,at\n", "utf-8")
    with pytest.raises(HistoryFileError, match="it can't be read as utf-8"):
        judged(path)


def test_a_file_in_latin_1_is_read_as_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("case,stage,at\nc1,Geschäft,2026-01-01\n".encode("latin-1"))
    form = FileForm("case", "stage", "at", encoding="latin-1")
    assert judged(path, form, "stage") == [("Geschäft",)]


@pytest.mark.parametrize(
    ("encoding", "stage"),
    [
        ("gb18030", "商机"), ("GBK", "线索"), ("cp1252", "10 € Geschäft"), ("utf-16", "商机 🎯"),
        ("utf-16-le", "Won"), ("utf-16-be", "Geschäft"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz", "F.CSV.GZ"])
def test_a_file_in_any_encoding_that_python_knows_is_read_as_told(
    tmp_path: Path, encoding: str, stage: str, name: str
) -> None:
    text = f"case,{stage},at\r\nc1,{stage},2026-01-01\r\n".encode(encoding)
    path = tmp_path / name
    path.write_bytes(gzip.compress(text) if name.lower().endswith(".gz") else text)
    form = FileForm("case", stage, "at", encoding=encoding)
    assert judged(path, form, "stage") == [(stage,)]
    assert list((tmp_path / "spill").glob("tmp*")) == []


@pytest.mark.parametrize(
    ("encoding", "written_in"), [("utf-8", "gb18030"), ("latin-1", "cp1252"), ("ascii", "gb18030")]
)
def test_a_file_of_another_encoding_is_told_how_to_name_it(
    tmp_path: Path, encoding: str, written_in: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("case,stage,at,€\nc1,A,2026-01-01,€\n".encode(written_in))
    with pytest.raises(HistoryFileError, match=r"--encoding, e\.g\. gb18030 or cp1252"):
        judged(path, FileForm("case", "stage", "at", encoding=encoding))


@pytest.mark.parametrize("encoding", ["klingon", "rot13"])
def test_an_encoding_that_is_none_is_named(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(HistoryFileError, match=f"encoding '{encoding}' is not known"):
        judged(written(tmp_path), FileForm("case", "stage", "at", encoding=encoding))


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-8"])
@pytest.mark.parametrize("told", ["", "utf-16"])
def test_a_byte_order_mark_is_no_text(tmp_path: Path, encoding: str, told: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes("\ufeffcase,stage,at\nc1,商机 🎯,2026-01-01\n".encode(encoding))
    told = told if told and encoding != "utf-8" else encoding
    assert judged(path, FileForm("case", "stage", "at", encoding=told), "case_id, stage") == [
        ("c1", "商机 🎯")
    ]


def test_blanks_of_any_kind_around_values_are_no_part_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, "c1\t,\xa0Demo\u3000\t, 2026-01-01 ")
    assert judged(path, columns="case_id, stage, reason") == [("c1", "Demo", None)]


def test_lines_that_end_as_on_old_machines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"case,stage,at\rc1,A,2026-01-01\r")
    with pytest.raises(HistoryFileError, match="its lines end in CR alone"):
        judged(path)


def test_a_tab_may_be_told_as_a_shell_gives_it(tmp_path: Path) -> None:
    path = written(tmp_path, "c1\tA, B\t2026-01-01", header="case\tstage\tat")
    form = FileForm("case", "stage", "at", delimiter=r"\t")
    assert judged(path, form, "stage") == [("A, B",)]


@pytest.mark.parametrize("delimiter", ["||", "", '"'])
def test_a_delimiter_that_is_none_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(HistoryFileError, match="one character"):
        judged(written(tmp_path), FileForm("case", "stage", "at", delimiter=delimiter))


def test_a_column_that_is_not_there_is_named_with_those_like_it(tmp_path: Path) -> None:
    path = written(tmp_path, header="case,stages,at")
    with pytest.raises(HistoryFileError, match=r"f\.csv: it has no column 'stage'.*stages"):
        judged(path)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="several columns 'case'"):
        judged(written(tmp_path, header="case,stage,at,case"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (FileForm("case", "stage", "at", time_zone="Mars/Base"), "time zone 'Mars/Base'"),
        (FileForm("case", "stage", "at", time_zone="../etc"), "time zone"),
    ],
)
def test_what_is_said_wrong_about_a_file_is_named(
    tmp_path: Path, form: FileForm, words: str
) -> None:
    with pytest.raises(HistoryFileError, match=words):
        judged(written(tmp_path), form)


@pytest.mark.parametrize("name", ["d*.csv", "d?.csv", "d[1].csv"])
def test_a_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    written(tmp_path, "other,A,2026-01-01", name="d1.csv")
    path = written(tmp_path, "c1,A,2026-01-01", name=name)
    assert judged(path, columns="case_id") == [("c1",)]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match=r"lost\.csv: there is no such file"):
        judged(tmp_path / "lost.csv")


def test_an_empty_file_must_name_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.touch()
    with pytest.raises(HistoryFileError, match="its first line must name its columns"):
        judged(path)


@pytest.mark.parametrize(
    "header", ["jane.roe@acme.example,Stage,2026-01-01", "4711,Jane,stages@acme.example"]
)
def test_a_first_line_that_is_a_row_is_counted_and_never_quoted(
    tmp_path: Path, header: str
) -> None:
    with pytest.raises(HistoryFileError) as told:
        judged(written(tmp_path, header=header), FileForm("jane.roe", "stage", "at"))

    message = str(told.value).removeprefix(str(tmp_path))
    assert message.endswith(
        "has no column 'jane.roe'. Its first line, which must name them, has 3."
    )


def test_a_column_that_is_no_short_name_is_not_offered(tmp_path: Path) -> None:
    header = "stage of the deal as somebody told us,stages!,deal_stage,at"
    with pytest.raises(HistoryFileError, match=r"has 4\. Did you mean deal_stage\?$"):
        judged(written(tmp_path, header=header), FileForm("stage", "at", "at"))
