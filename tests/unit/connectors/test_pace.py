import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from connectors.pace import Pace, Rate, Told, Turn


class Clock:
    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pace_of(clock: Clock, count: int = 2, seconds: float = 10.0) -> Pace:
    return Pace({"default": Rate(count, seconds)}, clock=clock)


def take(pace: Pace, lane: str = "default") -> Turn:
    turn = pace.take(lane)
    assert isinstance(turn, Turn)
    return turn


def free_turns(pace: Pace, at_most: int = 300) -> int:
    return next(n for n in range(at_most) if not isinstance(pace.take("default"), Turn))


def test_a_lane_without_a_rate_never_waits(clock: Clock) -> None:
    pace = pace_of(clock)
    assert [pace.take("any") for _ in range(5)] == [Turn("any")] * 5


def test_a_turn_comes_free_a_window_after_the_answer(clock: Clock) -> None:
    pace = pace_of(clock, count=1)
    turn = take(pace)
    clock.now += 3
    pace.give_back(turn)
    assert pace.take("default") == 10.0
    clock.now += 10
    assert isinstance(pace.take("default"), Turn)


def test_no_window_of_the_crm_holds_more_calls_than_turns_however_late_they_arrive(
    clock: Clock,
) -> None:
    pace, counted = pace_of(clock, count=3, seconds=1.0), []
    for late in (0.4, 0.0, 0.3, 0.0, 0.2, 0.0, 0.4, 0.0, 0.0):
        while not isinstance(turn := pace.take("default"), Turn):
            clock.now += turn
        counted.append(clock.now + late)
        clock.now += late
        pace.give_back(turn)
    counted.sort()
    assert all(later - earlier >= 1.0 for earlier, later in zip(counted, counted[3:], strict=False))


def test_while_every_call_is_under_way_one_asks_again_soon(clock: Clock) -> None:
    pace = pace_of(clock, count=1, seconds=1.0)
    take(pace)
    clock.now += 2
    assert pace.take("default") == 0.02


def test_the_turns_of_a_killed_process_come_free_by_themselves(clock: Clock) -> None:
    pace = pace_of(clock, count=1)
    take(pace)
    clock.now += 15
    assert isinstance(pace.take("default"), Turn)


def test_what_an_answer_tells_replaces_what_was_believed(clock: Clock) -> None:
    pace = pace_of(clock)
    pace.give_back(take(pace), Told(190, 10.0, left=189))
    assert free_turns(pace) == 189


def test_a_smaller_limit_holds_at_once(clock: Clock) -> None:
    pace = pace_of(clock, count=190)
    turns = [take(pace) for _ in range(3)]
    pace.give_back(turns[0], Told(2, 10.0, left=1))
    assert pace.take("default") == 10.0


def test_a_lane_believed_free_learns_its_limit(clock: Clock) -> None:
    pace = Pace({}, clock=clock)
    pace.give_back(take(pace), Told(5, 10.0, left=4))
    assert free_turns(pace) == 5


def test_what_other_apps_have_used_is_left_alone_for_a_window(clock: Clock) -> None:
    pace = pace_of(clock, count=100)
    pace.give_back(take(pace), Told(100, 10.0, left=60))
    assert free_turns(pace) == 60
    clock.now += 15
    assert free_turns(pace) == 100


def test_others_calls_told_by_several_answers_are_counted_once(clock: Clock) -> None:
    pace = pace_of(clock, count=100)
    under_way = [take(pace) for _ in range(4)]
    for turn in under_way:
        pace.give_back(turn, Told(100, 10.0, left=76))
    assert free_turns(pace) == 76


def test_our_own_calls_under_way_are_not_taken_for_others(clock: Clock) -> None:
    pace = pace_of(clock, count=100)
    first = take(pace)
    for _ in range(9):
        take(pace)
    pace.give_back(first, Told(100, 10.0, left=90))
    assert free_turns(pace) == 90


def test_a_held_lane_makes_every_call_wait_and_no_other_lane(clock: Clock) -> None:
    pace = pace_of(clock)
    pace.hold("default", 2.5)
    pace.hold("default", 1.0)
    assert (pace.take("default"), pace.take("search")) == (2.5, Turn("search"))
    clock.now += 2.5
    assert isinstance(pace.take("default"), Turn)


def test_a_lane_without_a_rate_can_be_held(clock: Clock) -> None:
    pace = Pace({}, clock=clock)
    pace.hold("default", 5.0)
    assert pace.take("default") == 5.0


def test_processes_share_a_file(clock: Clock, tmp_path: Path) -> None:
    rates = {"default": Rate(3, 10.0)}
    one, other = (Pace(rates, tmp_path / "rates" / "x.sqlite", clock) for _ in range(2))
    take(one), take(other), take(one)
    assert other.take("default") == 10.0
    other.hold("default", 30.0)
    assert one.take("default") == 30.0


def test_a_process_takes_no_turn_that_another_one_has(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    script = (
        "from pathlib import Path; from connectors.pace import *; import sys;"
        "p = Pace({'default': Rate(40, 60.0)}, Path(sys.argv[1]));"
        "print(sum(isinstance(p.take('default'), Turn) for _ in range(40)))"
    )
    command = [sys.executable, "-c", script, str(file)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate()[0]) for process in both) == 40


def test_a_turn_that_another_process_is_taking_is_waited_for(clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    pace, found = Pace({"default": Rate(1, 10.0)}, file, clock), []
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin immediate")
    other.execute("insert into turns (lane, free_from, free_at) values ('default', 10005, 10010)")
    waiter = threading.Thread(target=lambda: found.append(pace.take("default")))
    waiter.start()
    waiter.join(0.05)
    other.execute("commit")
    waiter.join()
    assert found == [5.0]


def test_threads_take_no_turn_twice(clock: Clock, tmp_path: Path) -> None:
    rates, taken = {"default": Rate(50, 10.0)}, []
    paces = [Pace(rates, tmp_path / "x.sqlite", clock) for _ in range(2)]

    def take_many(pace: Pace) -> None:
        taken.extend(pace.take("default") for _ in range(20))

    threads = [threading.Thread(target=take_many, args=(pace,)) for pace in (*paces, *paces)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [turn.number for turn in taken if isinstance(turn, Turn)]
    assert len(numbers) == len(set(numbers)) == 50


def test_what_is_believed_now_counts_and_not_what_an_older_release_believed(
    clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "x.sqlite"
    Pace({"default": Rate(4, 10.0), "search": Rate(1, 1.0)}, file, clock)
    pace = Pace({"default": Rate(5, 10.0)}, file, clock)
    assert free_turns(pace) == 5
    assert [pace.take("search") for _ in range(2)] == [Turn("search")] * 2


def test_what_was_told_counts_while_somebody_calls_and_is_asked_anew_afterwards(
    clock: Clock, tmp_path: Path
) -> None:
    rates, file = {"default": Rate(3, 10.0)}, tmp_path / "x.sqlite"
    pace = Pace(rates, file, clock)
    pace.give_back(take(pace), Told(6, 10.0, left=5))
    clock.now += 9
    assert free_turns(Pace(rates, file, clock)) == 5
    clock.now += 60
    assert free_turns(Pace(rates, file, clock)) == 3


def test_a_call_slower_than_anybody_waits_gives_back_its_own_turn(clock: Clock) -> None:
    pace = Pace({"default": Rate(2, 10.0), "search": Rate(1, 1.0)}, clock=clock)
    slow = take(pace)
    clock.now += 20
    take(pace)
    search = take(pace, "search")
    pace.give_back(search)
    pace.give_back(slow)
    assert (pace.take("search"), pace.take("default")) == (1.0, 10.0)


@pytest.mark.parametrize("broken", [b"\0" * 100, b"no database at all"], ids=["zeros", "text"])
def test_a_file_that_is_broken_is_begun_anew_and_named(
    clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: bytes
) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(broken * 99)
    one, other = (Pace({"default": Rate(1, 10.0)}, file, clock) for _ in range(2))
    take(one)
    assert other.take("default") == 10.0
    [line] = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"{file} is broken and is begun anew: ")


def test_a_file_that_breaks_between_call_and_answer_stops_neither(
    clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "x.sqlite"
    pace = Pace({"default": Rate(3, 10.0)}, file, clock)
    turn = take(pace)
    pace._account._open().execute("pragma wal_checkpoint(truncate)")
    file.write_bytes(b"\0" * file.stat().st_size)
    pace.give_back(turn, Told(2, 10.0, left=1))
    assert free_turns(pace) == 1


def test_a_folder_that_cannot_be_written_leaves_each_process_its_own_account(
    clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "limits").write_text("in the way")
    pace = Pace({"default": Rate(2, 10.0)}, tmp_path / "limits" / "x.sqlite", clock)
    assert free_turns(pace) == 2
    assert "x.sqlite can't be used, this process goes on without it" in caplog.text


def test_what_was_noted_before_the_machine_began_anew_counts_for_nothing(
    clock: Clock, tmp_path: Path
) -> None:
    rates, file = {"default": Rate(1, 10.0)}, tmp_path / "x.sqlite"
    before = Pace(rates, file, clock)
    take(before)
    before.hold("default", 60.0)
    clock.now = 1.0
    assert isinstance(Pace(rates, file, clock).take("default"), Turn)
