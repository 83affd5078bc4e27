import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simple_salesforce.format import quote_soql_value

from connectors.salesforce.soql import (
    ALIVE,
    Query,
    among,
    behind,
    first_of,
    literal,
    name,
    since,
    split_fields,
    until,
)
from connectors.salesforce.streams import STREAMS

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


@given(st.lists(st.text("aZ09'\\\n -_"), min_size=1))
def test_lists_are_quoted_as_the_sdk_does(texts: list[str]) -> None:
    assert literal(texts) == quote_soql_value(texts)


@pytest.mark.parametrize("text", ["", "a b", "Id FROM Lead", "1x", "a.b.c", "Id--", "Id,Name"])
def test_only_names_pass_as_names(text: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce name"):
        name(text)


def test_a_query_is_written_with_its_conditions_and_order() -> None:
    leads = Query("Lead", ("Id", "Email"), (), ("SystemModstamp", "Id"))
    window = since("SystemModstamp", FLOOR), until("SystemModstamp", FLOOR + timedelta(seconds=1))
    assert str(leads.where(*window)) == (
        "SELECT Id, Email FROM Lead WHERE SystemModstamp >= 2026-11-22T09:50:00.250Z "
        "AND SystemModstamp <= 2026-11-22T09:50:01.250Z ORDER BY SystemModstamp, Id"
    )


def test_without_fields_a_query_counts() -> None:
    counting = Query("Lead", conditions=(ALIVE,))
    assert str(counting) == "SELECT COUNT(Id) n_88a3cef5 FROM Lead WHERE IsDeleted = false"


def test_numbers_bear_names_that_soql_takes_however_long_the_objects_are() -> None:
    longest = "fleet_operations__" + "Quarterly_Service_Visit_Of_A_Rented_Machine" + "__c"
    queries = [Query(stream.object_name) for stream in STREAMS] + [Query(longest)]
    aliases = {alias for query in queries for alias in (query.counted, query.least)}
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", alias) for alias in aliases)
    assert max(map(len, aliases)) <= 25
    assert len(aliases) == 2 * len({query.object_name for query in queries})


def test_behind_a_record_come_its_ties_with_greater_ids_and_all_later_ones() -> None:
    moment = "2026-11-22T09:50:00.250Z"
    assert behind("CreatedDate", FLOOR, "00Q1") == (
        f"(CreatedDate > {moment} OR (CreatedDate = {moment} AND Id > '00Q1'))"
    )


@given(st.integers(1, 400), st.integers(200, 15_000))
def test_pieces_of_ids_fit_into_an_address_and_leave_none_out(count: int, room: int) -> None:
    ids = [f"00Q5e{number:013}" for number in range(count)]
    query = Query("Lead", ("Id", "Email"))
    pieces, rest = [], ids
    while rest:
        pieces.append(first_of(rest, query, room))
        rest = rest[len(pieces[-1]) :]
    assert [record_id for piece in pieces for record_id in piece] == ids
    assert all(query.where(among(piece)).size <= room for piece in pieces)


@given(st.integers(1, 300), st.integers(500, 15_000))
def test_fields_are_split_into_queries_that_fit_and_share_what_is_kept(
    count: int, room: int
) -> None:
    fields = tuple(f"Custom_Field_{number}__c" for number in range(count))
    parts = split_fields(Query("Lead", ("Id", *fields)), ["Id"], room)
    assert [name for part in parts for name in part.fields if name != "Id"] == list(fields)
    assert all(part.fields[0] == "Id" and part.size <= room for part in parts)
