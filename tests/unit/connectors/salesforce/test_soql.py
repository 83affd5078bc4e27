from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.soql import literal, name, select_window

END = datetime(2026, 11, 22, 10, tzinfo=UTC)
FLOOR = datetime(2026, 11, 22, 9, 50, 0, 250_000, tzinfo=UTC)


@given(st.text())
def test_no_text_escapes_its_quotes(text: str) -> None:
    quoted = literal(text)
    assert quoted[0] == quoted[-1] == "'"
    inside = quoted[1:-1].replace("\\\\", "")
    assert "'" not in inside.replace("\\'", "")
    assert not inside.endswith("\\")


def test_lists_booleans_and_instants_have_their_own_literals() -> None:
    assert literal(["a", "b'c"]) == "('a','b\\'c')"
    assert literal(value=True) == "true"
    assert literal(FLOOR) == "2026-11-22T09:50:00.250Z"


@pytest.mark.parametrize("text", ["", "a b", "Id FROM Lead", "1x", "a.b.c", "Id--", "Id,Name"])
def test_only_names_pass_as_names(text: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce name"):
        name(text)


def test_a_first_window_has_only_an_end() -> None:
    assert select_window("Lead", ["Id", "Email"], "SystemModstamp", None, END) == (
        "SELECT Id, Email FROM Lead WHERE SystemModstamp <= 2026-11-22T10:00:00.000Z"
        " ORDER BY SystemModstamp, Id"
    )


def test_a_later_window_is_closed_on_both_sides() -> None:
    assert select_window("Task", ["Id"], "CreatedDate", FLOOR, END) == (
        "SELECT Id FROM Task WHERE CreatedDate >= 2026-11-22T09:50:00.250Z"
        " AND CreatedDate <= 2026-11-22T10:00:00.000Z ORDER BY CreatedDate, Id"
    )
