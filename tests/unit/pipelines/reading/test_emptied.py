"""A field that came empty is told of only where records had values in it before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Field
from pipelines.lake import Lake
from pipelines.reading import emptied
from pipelines.reading.emptied import leave_rightly_empty
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import ExtractRules, Warn
from tests.unit.pipelines.builders import AS_OF, utc
from tests.unit.pipelines.reading.desk import Desk

DAY = utc("2026-11-20")
FIELDS = (Field("Email", "string"), Field("ConvertedDate", "string"))
RULES = ExtractRules(warn=Warn(null_rate=1.0, from_rows=3))


def keep(lake: Lake, day: int, emails: list[str | None], dates: list[str | None]) -> str:
    """Keep a version of as many records; return the path of the load."""
    at = DAY + timedelta(days=day)
    rows = [
        Row(str(number), at, False, {"Email": email, "ConvertedDate": date})
        for number, (email, date) in enumerate(zip(emails, dates, strict=True))
    ]
    load = lake.append("hubspot", "contacts", build_table(FIELDS, rows), None, AS_OF)
    assert load is not None
    return load.path


def told(desk: Desk, path: str, compared: int) -> set[str]:
    """Return the fields told as empty of a reading whose four rows came without either."""
    nulls = {"Email": 4, "ConvertedDate": 4}
    result = StreamResult(
        "contacts", 4, 4, 1, (), compared=compared, nulls=nulls, kept_loads=(path,)
    )
    [checked] = leave_rightly_empty(replace(desk.run(), rules=RULES), [result])
    return set(checked.nulls)


def test_a_field_that_records_lost_is_told_and_one_they_never_had_is_not(desk: Desk) -> None:
    keep(desk.lake, 0, ["a", "b", "c", None], [None, None, "x", "y"])
    path = keep(desk.lake, 1, [None] * 4, [None] * 4)

    assert told(desk, path, compared=4) == {"Email"}


def test_a_version_between_that_was_empty_already_is_what_counts(desk: Desk) -> None:
    keep(desk.lake, 0, ["a", "b", "c", "d"], [None] * 4)
    keep(desk.lake, 1, [None] * 4, [None] * 4)
    path = keep(desk.lake, 2, [None] * 4, ["x"] * 4)

    assert told(desk, path, compared=4) == set()


def test_of_a_first_reading_everything_is_told(desk: Desk) -> None:
    kept = keep(desk.lake, 0, [None] * 4, [None] * 4)

    assert told(desk, kept, compared=0) == {"Email", "ConvertedDate"}


def test_however_much_was_kept_so_many_records_are_looked_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptied, "PORTION", 1)
    asked: list[Sequence[str]] = []
    latest_rows = desk.lake.latest_rows

    def counted(crm: str, stream: str, ids: Sequence[str], without: Sequence[str]) -> pa.Table:
        asked.append(ids)
        return latest_rows(crm, stream, ids, without=without)

    keep(desk.lake, 0, list("abcdefgh"), ["x"] * 8)
    path = keep(desk.lake, 1, [None] * 8, [None] * 8)
    monkeypatch.setattr(desk.lake, "latest_rows", counted)
    told(desk, path, compared=8)

    assert asked == [["0"], ["1"], ["2"], ["3"], ["4"]]
