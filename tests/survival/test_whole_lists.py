"""Whole lists: one empty answer buries nothing, and what is gone is buried all the same."""

import pytest

from tests.survival.world import World

EMPTY = {"method": "GET", "count": 1, "status": 200, "body": {"results": []}}


def gone(world: World, stream: str) -> list[str]:
    rows = world.lake.current("hubspot", stream).to_pylist()
    return [row["_record_id"] for row in rows if row["_is_deleted"]]


@pytest.mark.parametrize(
    ("stream", "path"),
    [("owners", "/crm/v3/owners*"), ("pipelines", "/crm/v3/pipelines/deals*")],
)
def test_one_empty_answer_buries_nothing(world: World, stream: str, path: str) -> None:
    world.extract("hubspot", stream)
    world.fault({"path": path, **EMPTY})
    result = world.extract("hubspot", stream)
    assert (result.status, gone(world, stream)) == ("whole", [])


def test_what_is_gone_from_a_whole_list_is_buried(world: World) -> None:
    world.extract("hubspot", "owners")
    [owner, *_] = world.lake.current("hubspot", "owners")["_record_id"].to_pylist()
    world.fault({"path": "/crm/v3/owners*", **EMPTY, "count": 99})
    world.extract("hubspot", "owners")
    assert owner in gone(world, "owners")
