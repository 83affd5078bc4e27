"""Which records are live while a sync goes live by and by."""

from typing import Any

import pytest

from pipelines.sync.config import GoLive
from pipelines.sync.waves import pick_wave, place_of
from tests.unit.pipelines.builders import row_of, rows_by_id

PEOPLE = [row_of(str(number)) for number in range(2_000)]
HELD = rows_by_id(*(row_of(str(number), owner_id=f"u{number % 4}") for number in range(2_000)))


def live(**settings: Any) -> set[str]:
    return {str(row["record_id"]) for row in pick_wave(GoLive(**settings), PEOPLE, HELD)}


def test_everybody_is_live_unless_something_is_said() -> None:
    assert len(live()) == 2_000


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_a_share_is_about_as_many_as_it_says(share: float) -> None:
    assert len(live(share=share)) == pytest.approx(2_000 * share, abs=100)


def test_who_is_in_a_small_share_is_in_every_larger_one() -> None:
    assert live(share=0.1) <= live(share=0.3) <= live(share=0.9)


def test_all_records_of_a_person_are_in_the_same_share() -> None:
    one, other = row_of("lead") | {"person_id": "p"}, row_of("contact") | {"person_id": "p"}

    for share in (0.2, 0.8):
        picked = pick_wave(GoLive(share=share), [one, other], {})
        assert picked == ([one, other] if place_of("p") < share else [])


def test_a_team_is_who_owns_the_records() -> None:
    assert live(owners=["u1", "u3"]) == {str(number) for number in range(1, 2_000, 2)}


def test_a_record_that_is_not_there_is_nobodys() -> None:
    assert pick_wave(GoLive(owners=("u1",)), [row_of("gone")], {}) == []


def test_a_list_is_what_it_names() -> None:
    assert live(records=["7", "8", "none"]) == {"7", "8"}
    assert live(records=["7", "8"], owners=["u3"]) == {"7"}
