"""The roads on which records come, and a company large enough that each has several requests."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from connectors.records import Crm
from connectors.sandbox.server import RunningSandbox, build_app
from tests.sandbox.clients import CONTACTS
from tests.sandbox.conftest import Stage
from tests.survival.base import BaseModels
from tests.survival.truth import Records
from tests.survival.world import World

PEOPLE, SEED = 120, 11
STREAMS: dict[Crm, str] = {"hubspot": "contacts", "salesforce": "leads"}
CROWD = 230
"""People added to either CRM, so that there are some 300 of each."""
BATCH_ROWS = 70
"""Rows of a batch of the product's, so that a reading breaks off between two of them."""
NEVER_SPENT = 1_000_000

_QUERY, _JOBS = "/services/data/v66.0/query*", "/services/data/v66.0/jobs/query"
_BY_BULK = {"salesforce_page_size": 20, "salesforce_bulk_page_size": 40}
_BY_REST = {"salesforce_page_size": 60}


@dataclass(frozen=True)
class Road:
    """Requests of one kind, and the reading that makes them."""

    crm: Crm
    method: str
    path: str
    reading: Literal["first", "increment"]
    settings: tuple[tuple[str, Any], ...] = ()

    @property
    def requests(self) -> dict[str, str]:
        """What a fault on this road strikes."""
        return {"method": self.method, "path": self.path, "path_prefix": "/"}


def _bulk(method: str, path: str, reading: Literal["first", "increment"] = "first") -> Road:
    return Road("salesforce", method, _JOBS + path, reading, tuple(_BY_BULK.items()))


_REST = tuple(_BY_REST.items())
ROADS: dict[str, Road] = {
    "list": Road("hubspot", "GET", CONTACTS, "first"),
    "search": Road("hubspot", "POST", f"{CONTACTS}/search", "increment"),
    "batch": Road("hubspot", "POST", f"{CONTACTS}/batch/read", "increment"),
    "rest": Road("salesforce", "GET", _QUERY, "first", _REST),
    "rest-increment": Road("salesforce", "GET", _QUERY, "increment", _REST),
    "job": _bulk("POST", ""),
    "poll": _bulk("GET", "/" + 18 * "?"),
    "pages": _bulk("GET", "/*/resultPages"),
    "result": _bulk("GET", "/*/results"),
    "result-increment": _bulk("GET", "/*/results", "increment"),
}


class Stands:
    """The company before anything is read and after changes; tests copy what they begin with."""

    def __init__(self, company: Path, stage: Stage, models: BaseModels, folder: Path) -> None:
        self._stage, self._models, self._folder = stage, models, folder
        self._lengths: dict[str, int] = {}
        self._held: dict[tuple[str, str], Records] = {}
        state, home = folder / "crowded", folder / "read"
        shutil.copytree(company, state)
        world = self._open(state, folder)
        _crowd(world)
        self.close()
        shutil.copytree(state, folder / "edited")
        world = self._open(folder / "edited", home)
        for crm, stream in STREAMS.items():
            self._held["first", crm] = world.held(crm, stream)
            assert world.extract(crm, stream).status == "whole"
        edit(world, 220)
        world.admin.advance(60)
        for crm, stream in STREAMS.items():
            self._held["increment", crm] = world.held(crm, stream)
        self.close()

    def held(self, road: Road) -> Records:
        """Return what the CRM holds just before the reading of a road."""
        return self._held[road.reading, road.crm]

    def world(self, road: Road, folder: Path) -> World:
        """Return the company just before the reading of a road, in a folder of the test's own."""
        state, home = folder / "state", folder / "home"
        kept = self._folder / ("crowded" if road.reading == "first" else "edited")
        shutil.copytree(kept, state)
        if road.reading == "increment":
            shutil.copytree(self._folder / "read", home, ignore=shutil.ignore_patterns("limits"))
        world = self._open(state, home)
        world.admin.setting(**dict(road.settings))
        return world

    def length(self, name: str, folder: Path) -> int:
        """Return how many requests the road has when nothing is wrong."""
        if name not in self._lengths:
            road = ROADS[name]
            world = self.world(road, folder)
            world.fault({"kind": "delay", "count": NEVER_SPENT, **road.requests})
            assert world.extract(road.crm, STREAMS[road.crm]).status == "whole"
            left = world.admin("GET", "faults").json()[0]["count"]
            self._lengths[name] = NEVER_SPENT - left
            self.close()
            shutil.rmtree(folder)
        return self._lengths[name]

    def close(self) -> None:
        """Serve the company no longer."""
        self._stage.app.state.sandbox.close()

    def _open(self, state: Path, home: Path) -> World:
        self._stage.app = build_app(state, PEOPLE, SEED)
        url = self._stage.url
        running = RunningSandbox(url, self._stage.app.state.sandbox.credentials(url))
        return World(running, home, self._models)


def edit(world: World, count: int, city: str = "Oslo") -> None:
    """Change so many of either CRM's added people, a hundred at a time."""
    for some in _hundreds(_added(world, "hubspot")[:count]):
        inputs = [{"id": one, "properties": {"city": city}} for one in some]
        world.hubspot.batch("update", inputs).raise_for_status()
    for some in _hundreds(_added(world, "salesforce")[:count]):
        done = world.salesforce.update(*({"Id": one, "City": city} for one in some))
        assert all(each["success"] for each in done)


def _added(world: World, crm: Crm) -> list[str]:
    name = "lastname" if crm == "hubspot" else "LastName"
    held = world.held(crm, STREAMS[crm])
    return sorted(one for one, row in held.items() if str(row[name]).startswith("Crowd"))


def _crowd(world: World) -> None:
    world.admin.setting(hubspot_ten_second_limit=100_000, hubspot_search_limit=10_000)
    for some in _hundreds([f"Crowd{number}" for number in range(CROWD)]):
        people = [
            {"properties": {"lastname": one, "email": f"{one}@crowd.example"}} for one in some
        ]
        world.hubspot.batch("create", people).raise_for_status()
        kind = {"attributes": {"type": "Lead"}, "Company": "Crowd"}
        records = [{**kind, "LastName": one} for one in some]
        body = {"records": records}
        world.salesforce("POST", "composite/sobjects", json=body).raise_for_status()
        world.admin.advance(1)
    world.admin.advance(86_400)


def _hundreds(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + 100] for start in range(0, len(items), 100)]
