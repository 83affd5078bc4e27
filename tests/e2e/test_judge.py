"""The judge of people: what it finds wrong, by sentences."""

from datetime import UTC, datetime

import pytest

from tests.e2e.truth import FoundPerson, TruePerson, judge

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PATH = (("name", 1), ("lead", 1), ("name", 2))
BEN = TruePerson(2, frozenset({"b"}), observable=True, reason=None, path=PATH, entered=(BEGAN,) * 3)
ANN = TruePerson(
    1, frozenset({"a", "A"}), observable=True, reason=None, path=PATH, entered=(BEGAN,) * 3
)


def found(records: str, *path: tuple[str, int]) -> FoundPerson:
    return FoundPerson(frozenset(records), path or PATH, (BEGAN,) * len(path or PATH))


@pytest.mark.parametrize(
    ("people", "cause"),
    [
        ([found("aA")], ""),
        ([found("aAz")], ""),
        ([], "not found"),
        ([found("a"), found("A")], "records of one person taken for several"),
        ([found("aAb")], "taken for somebody else too"),
        ([found("a")], "lacks a record"),
        ([found("aA", ("name", 1), ("lead", 1))], "lacks name"),
        ([found("aA", *PATH, ("lead", 2))], "has lead"),
        ([found("aA", ("lead", 1), ("name", 1), ("name", 2))], "stages in another order"),
    ],
)
def test_each_way_to_be_wrong_has_its_cause(people: list[FoundPerson], cause: str) -> None:
    [of_ann, _] = judge([ANN, BEN], people)

    assert of_ann.cause == cause
