from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.soql import literal, name, select_changes

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


def test_a_first_query_asks_for_everything() -> None:
    assert select_changes("Lead", ["Id", "Email"], "SystemModstamp", None) == (
        "SELECT Id, Email FROM Lead ORDER BY SystemModstamp, Id"
    )


def test_a_later_query_begins_at_its_floor() -> None:
    assert select_changes("Task", ["Id"], "CreatedDate", FLOOR) == (
        "SELECT Id FROM Task WHERE CreatedDate >= 2026-11-22T09:50:00.250Z ORDER BY CreatedDate, Id"
    )
