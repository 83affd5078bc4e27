"""A lake begun anew beside a state store that knows another one: nothing of that is believed."""

import shutil

import pytest

from pipelines.lake_writer import FencedError
from pipelines.reading.extraction import Orders
from pipelines.reading.marks import AUDIT, DELETIONS, Mark
from pipelines.reading.steps import _extraction
from tests.survival.eighteen.deeds import CONTACTS, DAY, ids, let_pass
from tests.survival.world import HOUR, World


def archive(world: World, count: int) -> set[str]:
    """Put contacts into the recycle bin; return their ids."""
    gone = ids(world, "hubspot", count)
    for one in gone:
        world.hubspot("DELETE", f"{CONTACTS}/{one}").raise_for_status()
    return set(gone)


def test_a_lake_that_was_moved_aside_gets_again_what_is_in_the_recycle_bin(world: World) -> None:
    world.extract("hubspot", "contacts")
    gone = archive(world, 3)
    let_pass(world, 3 * DAY)
    world.extract("hubspot", "contacts")
    shutil.move(world.home / "lake", world.home / "lake.old")
    let_pass(world, HOUR)
    [contacts, *_] = world.extract("hubspot", "contacts").streams
    duties = {duty.name for duty in contacts.duties}
    assert (contacts.status, {DELETIONS, AUDIT} - duties) == ("whole", set())
    assert gone <= world.base("hubspot", "contacts").keys()
    assert world.known("hubspot", "contacts") == world.held("hubspot", "contacts")


def test_a_run_that_a_newer_one_has_overtaken_notes_no_mark(world: World) -> None:
    with _extraction(world.settings, "hubspot", Orders()) as older:
        world.extract("hubspot", "owners")
        with pytest.raises(FencedError):
            older.marks.note("owners", {DELETIONS: Mark(older.began)})
