"""How likely two people are one: by Splink, where it is installed."""

import sys
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.matching.model import COMPARISONS, agreement
from pipelines.matching.scores import likely_pairs

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("record_key", "first_name", "last_name", "full_name")]
    + [
        (name, pa.list_(pa.string()))
        for name in ("names", "companies", "domains", "numbers", "titles")
    ]
)
FIRST = ("ann", "ben", "cem", "dora", "eve", "fred", "gita", "hugo", "ines", "jon", "kim", "lena")
LAST = ("adler", "bauer", "costa", "diaz", "ertan", "fuchs", "gupta", "haas", "ito", "jung")


def person(key: str, first: str, last: str, **said: str) -> dict[str, Any]:
    both = " ".join(sorted((first, last)))
    lists = {name: [value] for name, value in said.items()}
    return {
        "record_key": key,
        "first_name": first,
        "last_name": last,
        "full_name": both,
        "names": [both],
        **lists,
    }


def crowd() -> list[dict[str, Any]]:
    """600 people, ten of each company, where no two have one family name."""
    return [
        person(
            f"hubspot:contact:{1000 + number}",
            FIRST[number * 5 % 12],
            LAST[number % 10],
            companies=f"company {number // 10}",
            domains=f"c{number // 10}.example",
            numbers=f"+49151{number * 7919:08}",
            titles=f"title {number % 17}",
        )
        for number in range(600)
    ]


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture
def splink() -> Any:
    return pytest.importorskip("splink", reason="the extra [probabilistic] is not installed")


def test_who_types_a_name_otherwise_is_found_and_a_colleague_is_not(splink: Any) -> None:
    # Two who have no address: one of a known number, one of a name and a title at the company.
    rows = crowd()
    by_number = person("salesforce:lead:1", "an", "adler", companies="company 0")
    by_number["numbers"] = rows[0]["numbers"]
    by_title = person("salesforce:lead:2", "fred", "bauer", companies="company 0", titles="title 1")

    found = {
        (pair.record_key, pair.other_record_key): (float(pair.probability), pair.agrees_on)
        for pair in likely_pairs(table([*rows, by_number, by_title]))
    }

    assert set(found) == {
        ("hubspot:contact:1000", "salesforce:lead:1"),
        ("hubspot:contact:1001", "salesforce:lead:2"),
    }
    assert [told for _, told in found.values()] == [
        "similar name, employer, number",
        "name, employer, title",
    ]
    assert all(probability >= 0.8 for probability, _ in found.values())


def test_the_same_people_in_any_order_give_the_same_pairs(splink: Any) -> None:
    rows = [
        *crowd(),
        person("salesforce:lead:2", "fred", "bauer", companies="company 0", titles="title 1"),
    ]
    pairs = likely_pairs(table(rows))

    assert pairs
    assert likely_pairs(table(rows[::-1])) == pairs


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_is_likely_to_be_somebody_else_alone(splink: Any, count: int) -> None:
    assert likely_pairs(table(crowd()[:count])) == []


def test_without_the_extra_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)

    done = CliRunner().invoke(main, ["match-people"])

    assert done.exit_code == 2
    assert "pip install 'leadcycle[probabilistic]'" in done.stderr


def test_what_agrees_is_told_by_name_and_what_does_not_is_not() -> None:
    assert agreement({"name": 5, "employer": 1, "number": -1, "title": 0}) == "name, employer"


def test_the_shares_of_each_comparison_add_up_to_all_pairs() -> None:
    sums = {each.name: round(sum(level.share for level in each.levels), 9) for each in COMPARISONS}

    assert set(sums.values()) == {1.0}, sums
