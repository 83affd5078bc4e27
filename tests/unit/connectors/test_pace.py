from connectors.pace import Pace, per_seconds


def test_a_lane_without_rates_never_waits() -> None:
    pace = Pace({}, clock=lambda: 0.0)
    assert [pace.take("any") for _ in range(5)] == [0.0] * 5


def test_a_full_window_says_how_long_to_wait() -> None:
    now = [100.0]
    pace = Pace({"search": [per_seconds(2, 1)]}, clock=lambda: now[0])
    assert [pace.take("search"), pace.take("search")] == [0.0, 0.0]
    wait = pace.take("search")
    assert 0.9 <= wait <= 1.1
    now[0] += wait
    assert pace.take("search") == 0.0


def test_lanes_do_not_hold_one_another_back() -> None:
    pace = Pace({name: [per_seconds(1, 60)] for name in ("a", "b")}, clock=lambda: 0.0)
    assert [pace.take("a"), pace.take("b")] == [0.0, 0.0]
    assert pace.take("a") > 0
