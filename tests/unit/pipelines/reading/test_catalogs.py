"""Lists that are read whole: what is new, what is gone."""

from pathlib import Path

from pipelines.lake import Lake
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact, whole_stream


def test_a_list_read_whole_buries_what_is_gone_and_keeps_only_changes(desk: Desk) -> None:
    desk.stream = whole_stream(keeps="states", details={}, details_keep_states=frozenset())
    desk.source.whole = ("",)
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.later()
    desk.source.vanish("b")
    desk.read(catalogs=60)

    assert desk.ids() == ["a", "b", "b"]
    assert (list(desk.current()), desk.stamps()["b"]) == (["a"], NOW + 2 * HOUR)
    desk.source.cursors.clear()
    desk.read(catalogs=60)
    assert desk.source.cursors == []


def test_a_list_is_read_into_a_lake_begun_anew_whatever_the_marks_say(
    desk: Desk, tmp_path: Path
) -> None:
    desk.stream = whole_stream(keeps="states", details={}, details_keep_states=frozenset())
    desk.put(contact("a"))
    desk.read()
    desk.lake = Lake(str(tmp_path / "anew"))
    desk.read(catalogs=60)

    assert desk.ids() == ["a"]
