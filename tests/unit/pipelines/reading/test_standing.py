"""What is left of a scope once all that came is struck off."""

from pipelines.reading.standing import Standing

MEMBERS = [["10:1", "1:10", "1:2"], ["2:7", "2:8"]]


def test_what_did_not_come_is_left_scope_by_scope() -> None:
    standing = Standing(MEMBERS)
    standing.strike(["1:2", "2:8", "3:1", ""])

    assert standing.left_of(("1:", "2:")) == ["1:10", "2:7"]
    assert standing.left_of(("1:", "")) == ["10:1", "1:10", "2:7"]
    assert standing.left_of(()) == standing.left_of(("3:",)) == []


def test_a_scope_is_struck_off_whole() -> None:
    standing = Standing(MEMBERS)
    standing.strike_scope("1:")

    assert standing.left_of(("",)) == ["10:1", "2:7", "2:8"]


def test_nothing_is_left_where_nothing_stood() -> None:
    standing = Standing([])
    standing.strike(["1:2"])
    standing.strike_scope("")

    assert standing.left_of(("",)) == []
