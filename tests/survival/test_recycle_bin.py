"""A bin of HubSpot's that is read whole, and the counts that spare its reading."""

from pipelines.reading.results import Duty
from tests.sandbox.clients import CONTACTS
from tests.survival.world import World


def archive(world: World, count: int) -> None:
    """Make contacts and archive them, a hundred at a time."""
    for start in range(0, count, 100):
        made = [{"properties": {"email": f"{start + n}@bin.example"}} for n in range(100)]
        people = world.hubspot.batch("create", made).json()["results"]
        body = {"inputs": [{"id": one["id"]} for one in people]}
        world.hubspot("POST", f"{CONTACTS}/batch/archive", json=body).raise_for_status()


def hourly_look(world: World) -> Duty:
    """Read contacts an hour later; return what the look for removals cost."""
    world.admin.advance(3_600)
    [contacts, *_] = world.extract("hubspot", "contacts").streams
    return next(duty for duty in contacts.duties if duty.name == "deletions")


def test_a_bin_of_several_pages_costs_one_request_an_hour(world: World) -> None:
    archive(world, 200)
    world.admin.advance(7_200)
    world.extract("hubspot", "contacts")
    assert hourly_look(world) == Duty("deletions", 0, 0, 1)
    gone = sorted(world.known("hubspot", "contacts"))[0]
    world.hubspot("DELETE", f"{CONTACTS}/{gone}").raise_for_status()
    assert hourly_look(world) == Duty("deletions", 1, 1, 5)
    assert world.known("hubspot", "contacts") == world.held("hubspot", "contacts")
