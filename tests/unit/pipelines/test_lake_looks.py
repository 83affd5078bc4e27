"""What rows are compared with before they are kept: versions, states, or nothing."""

from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row
from connectors.records import Cursor
from pipelines.lake import Lake
from pipelines.lake_writer import Look
from tests.unit.pipelines.builders import AS_OF, lead_table, utc

DAY = utc("2026-11-20")


def found(record_id: str, status: str, hour: int = 0, *, is_deleted: bool = False) -> Row:
    """Return a record as it was found at an hour of the day."""
    return Row(record_id, DAY + timedelta(hours=hour), is_deleted, {"Status": status})


def append(
    lake: Lake, *rows: Row, look: Look = "states", blank: str = "", epoch: int = 0
) -> list[str]:
    """Append rows and return the records that were kept; `blank` is a status that says nothing."""
    blanks = {"Status": blank} if blank else None
    table = lead_table(*rows)
    load = lake.append(
        "hubspot", "lists", table, Cursor(DAY), AS_OF, look=look, blank=blanks, epoch=epoch
    )
    return pq.read_table(load.path).column("_record_id").to_pylist() if load else []


def test_a_state_found_again_is_not_kept_though_its_stamp_is_new(lake: Lake) -> None:
    append(lake, found("1", "open"), found("2", "open"))

    assert append(lake, found("1", "open", 1), found("2", "shut", 1)) == ["2"]


def test_a_state_that_comes_back_is_kept(lake: Lake) -> None:
    kept = [append(lake, found("1", status, hour)) for hour, status in enumerate("abaa")]

    assert kept == [["1"], ["1"], ["1"], []]


def test_a_record_that_is_gone_is_kept_once_as_gone(lake: Lake) -> None:
    append(lake, found("1", "open"))

    kept = [append(lake, found("1", "open", hour, is_deleted=True)) for hour in (1, 2)]

    assert kept == [["1"], []]


def test_states_are_compared_with_the_last_of_each_record_over_many_loads(lake: Lake) -> None:
    for hour, key in enumerate("123"):
        append(lake, found(key, "open", hour))

    assert append(lake, *(found(key, "open", 9) for key in "1234")) == ["4"]


def test_of_a_record_found_twice_in_one_batch_the_last_state_counts(lake: Lake) -> None:
    append(lake, found("1", "open"))

    assert append(lake, found("1", "shut", 1), found("1", "open", 1)) == []


def test_a_state_found_after_one_that_was_stamped_ahead_is_the_latest(lake: Lake) -> None:
    append(lake, found("1", "open", 5), found("2", "open", 5))
    kept = [append(lake, found("1", "shut", hour), found("2", "open", hour)) for hour in (1, 9)]

    current = lake.current("hubspot", "lists", ["Status"]).sort_by("_record_id").to_pylist()
    assert kept == [["1"], []]
    assert [(row["Status"], row["_modified_at"].hour) for row in current] == [
        ("shut", 5),
        ("open", 5),
    ]


def test_a_state_is_compared_with_the_one_that_base_takes(lake: Lake) -> None:
    append(lake, found("1", "open", 5))
    append(lake, found("1", "shut", 1), look="none")

    assert append(lake, found("1", "shut", 6)) == ["1"]


def test_a_blank_state_is_kept_only_where_it_replaces_another(lake: Lake) -> None:
    append(lake, found("1", "open"), found("2", "none"), blank="none")
    rows = [found(key, "none", 1) for key in "123"]

    assert append(lake, *rows, blank="none") == ["1"]
    assert append(lake, *rows, blank="none") == []
    assert append(lake, found("1", "open", 2), found("2", "open", 2), blank="none") == ["1", "2"]


def test_a_removal_is_no_blank_state(lake: Lake) -> None:
    assert append(lake, found("1", "none", is_deleted=True), blank="none") == ["1"]


def test_a_run_opens_a_streams_loads_once_however_many_batches_it_compares(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in "123":
        append(lake, found(key, "open"))
    epoch, opened = lake.claim("hubspot"), list[str]()
    open_load = lake._files.open
    monkeypatch.setattr(lake._files, "open", lambda path: opened.append(path) or open_load(path))

    kept = [
        append(lake, *(found(key, "open", 1) for key in ids), epoch=epoch)
        for ids in ("34", "45", "516")
    ]

    assert kept == [["4"], ["5"], ["6"]]
    # The last for its cursor and columns, then each for its states.
    assert [path[-9:-8] for path in opened] == ["3", "3", "2", "1"]


def test_a_first_read_of_states_opens_nothing(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    epoch = lake.claim("hubspot")
    monkeypatch.setattr(lake._files, "open", None)

    assert [append(lake, found(key, "open"), epoch=epoch) for key in "121"] == [["1"], ["2"], []]


def test_a_first_read_is_kept_without_looking(lake: Lake) -> None:
    append(lake, found("1", "open"))

    assert append(lake, found("1", "open"), found("2", "open"), look="none") == ["1", "2"]


def test_of_two_versions_with_one_stamp_in_one_batch_the_last_is_kept(lake: Lake) -> None:
    append(lake, found("1", "new"), found("1", "open"), look="versions")

    table = pq.read_table(lake.paths("hubspot", "lists")[0])
    assert table.column("Status").to_pylist() == ["open"]


@pytest.mark.parametrize("look", ["versions", "states"])
def test_what_was_kept_by_a_first_read_is_known(lake: Lake, look: Look) -> None:
    append(lake, found("1", "open"), found("2", "open"), look="none")

    assert append(lake, found("1", "open"), found("2", "open"), look=look) == []


def test_only_loads_that_can_hold_the_versions_are_opened(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(5):
        append(lake, found("1", str(hour), hour), look="versions")
    opened: list[str] = []
    open_load = lake._files.open
    monkeypatch.setattr(lake._files, "open", lambda path: opened.append(path) or open_load(path))

    append(lake, found("1", "4", 4), found("1", "5", 5), look="versions")

    # The last for its cursor and columns, then newest first until one is too old.
    assert [path[-9:-8] for path in opened] == ["5", "5", "4"]
