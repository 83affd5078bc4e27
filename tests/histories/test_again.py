"""A history imported again: told otherwise, from elsewhere, or in place of what was imported."""

from collections.abc import Callable

import pytest

from tests.histories.conftest import Home
from tests.histories.test_command import COLUMNS, stays

HISTORY = "case,stage,at\nd1,New,2026-01-01 00:00:00\nd1,Work,2026-01-02 00:00:00\n"
RECORDS = "case,stage,at\nd9,New,2026-01-01 00:00:00\n"
ELSEWHERE = ("--time-zone", "America/New_York")


def entered(home: Home) -> list[str]:
    rows = home.rows("deals", "select entered_at from marts.case_stints order by stint_number")
    return [f"{row[0]:%m-%d %H}" for row in rows]


def test_a_wrong_first_import_is_not_mixed_with_the_right_one_but_replaced_by_it(
    home: Home,
) -> None:
    file, record = home.write("deals.csv", HISTORY), home.write("records.csv", RECORDS)
    assert home.run("import-history", file, *COLUMNS, "--record", record).code == 0

    refused = home.say("import-history", file, *COLUMNS, *ELSEWHERE)
    assert refused.code == 2
    assert "time-zone was 'UTC', now 'America/New_York'" in refused.text.replace("\n", " ")
    assert "--replace" in refused.text
    assert entered(home)[0] == "01-01 00"

    done = home.run("import-history", file, *COLUMNS, *ELSEWHERE, "--replace")
    assert (done.code, done.json["forgotten"]) == (0, 3)
    assert entered(home) == ["01-01 05", "01-02 05"]
    again = home.run("import-history", file, *COLUMNS, *ELSEWHERE)
    assert (again.code, again.json["files"][0]["known"]) == (0, 2)


def test_files_that_nobody_can_read_replace_nothing(home: Home) -> None:
    file = home.write("deals.csv", HISTORY)
    home.run("import-history", file, *COLUMNS)
    other = home.write("other.csv", "case,stage,at\nd1,Won,2026-01-03 00:00:00\n")
    into = ("--source", "two", "--into", home.folder / "histories" / "deals")
    home.run("import-history", other, *COLUMNS, *into)
    before = stays(home)

    refused = home.say("import-history", file, *COLUMNS, "--time-format", "%d/%m/%Y", "--replace")

    assert refused.code == 2
    assert "nothing of source 'file' was replaced" in refused.text.replace("\n", " ")
    assert home.run("import-history", file, *COLUMNS).code == 0
    assert stays(home) == before


def test_what_kept_no_row_binds_nobody_to_its_form(home: Home) -> None:
    file = home.write("deals.csv", HISTORY)
    assert home.run("import-history", file, *COLUMNS, "--time-format", "%d.%m.%Y").code == 1
    assert home.run("import-history", file, *COLUMNS).code == 0


def test_another_source_of_another_form_is_told_beside_and_shares_the_cases(home: Home) -> None:
    home.run("import-history", home.write("deals.csv", HISTORY), *COLUMNS, "--source", "one")
    other = home.write("other.csv", "deal,step,on,no\nd1,Won,2026-01-03,1\n")
    done = home.run(
        "import-history", other, "--case", "deal", "--stage", "step", "--at", "on", "--id", "no",
        "--source", "two", "--into", home.folder / "histories" / "deals",
    )  # fmt: skip
    assert done.code == 0
    assert stays(home) == [("d1", "New-01"), ("d1", "Work-01"), ("d1", "Won-01")]


@pytest.mark.parametrize("into", [False, True])
def test_a_file_of_the_same_name_elsewhere_names_the_folder_it_belongs_to(
    home: Home, into: bool
) -> None:
    home.run("import-history", home.write("deals.csv", HISTORY), *COLUMNS)
    twin = home.write("else/deals.csv", HISTORY + "d2,New,2026-01-03 00:00:00\n")
    folder = ("--into", home.folder / "histories" / "deals") if into else ()
    done = home.say("import-history", twin, *COLUMNS, *folder)
    assert (done.code, "give --into that folder" in done.text) == (
        (0, False) if into else (2, True)
    )


def test_a_home_whose_name_is_like_a_pattern_is_read_by_its_name(homes: Callable[[], Home]) -> None:
    folder = homes().folder / "deals [26]"
    folder.mkdir()
    home = Home(folder)
    done = home.run("import-history", home.write("deals.csv", HISTORY), *COLUMNS)
    assert (done.code, done.json["stints"]) == (0, 2)
    assert [row["stage_pass"] for row in home.run("stints", "--case", "d1").json["stints"]] == [
        "New-01", "Work-01",
    ]  # fmt: skip


def test_a_stale_record_sends_no_case_back_and_is_told(home: Home) -> None:
    file = home.write("deals.csv", HISTORY + "d2,ignore,2026-01-03\n")
    record = home.write("records.csv", "case,stage,at\nd1,New,2026-01-01\n")
    done = home.run("import-history", file, *COLUMNS, "--record", record)
    assert (done.code, done.json["stale_records"]) == (4, 1)
    assert stays(home) == [("d1", "New-01"), ("d1", "Work-01"), ("d2", "ignore-01")]
