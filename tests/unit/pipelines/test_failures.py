"""What a failed build says: what, how, and where to look; never what a record holds."""

from dataclasses import dataclass

import pytest

from pipelines.failures import kind_of, what_failed


@dataclass(frozen=True)
class Node:
    """A model or a test of dbt."""

    name: str
    compiled_path: str | None = None


@dataclass(frozen=True)
class Result:
    """What dbt says of a node."""

    node: Node
    status: str
    message: str | None = None
    failures: int | None = None


def test_a_model_is_told_with_the_kind_of_its_error_and_without_its_words() -> None:
    message = "Runtime Error in model people\n  Conversion Error: could not cast 'ann@x.example'"
    failed = Result(Node("people", "/t/people.sql"), "error", message)

    told = what_failed([Result(Node("leads"), "success"), failed], [])

    assert told == (
        "dbt failed at: people (Conversion Error). Run /t/people.sql on warehouse.duckdb to"
        " see why; what was published before still stands"
    )


def test_a_test_is_told_with_how_many_rows_break_it() -> None:
    failed = Result(Node("people_are_whole"), "fail", "Got 3 results, expected 0", failures=3)

    assert what_failed([failed], []) == "dbt failed at: people_are_whole (3 rows)"


def test_what_was_skipped_for_it_did_not_fail() -> None:
    results = [Result(Node("a"), "error"), Result(Node("b"), "skipped"), Result(Node("c"), "warn")]

    assert what_failed(results, []) == "dbt failed at: a"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Runtime Error\n  Binder Error: no such column", "Binder Error"),
        ("Compilation Error in model people (models/people.sql)", None),
        ("all is well", None),
    ],
)
def test_the_kind_of_an_error_is_the_last_that_is_no_place(message: str, kind: str | None) -> None:
    assert kind_of(message) == kind
