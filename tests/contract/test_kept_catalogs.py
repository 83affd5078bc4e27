"""Catalogs from the sandbox into a lake: what changed is kept, what is gone is deleted."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import CATALOGS
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction, Orders
from pipelines.reading.marks import Marks
from pipelines.reading.rules import Every, ExtractRules
from pipelines.reading.stream import extract_stream
from pipelines.sync.store import StateStore
from tests.contract.conftest import Sandbox
from tests.contract.portal import Portal, opened

LISTS = "/crm/v3/lists"


@dataclass(frozen=True)
class Desk:
    """A portal, and a lake that its catalogs are kept in."""

    portal: Portal
    lake: Lake
    store: StateStore
    every: Every = field(default_factory=Every)

    def read(self, name: str, hidden: str = "", *, full_refresh: bool = False) -> int:
        """Read a catalog though it may not be due; return how many rows were kept.

        What is shown no longer makes it partial, with a reason that names what is given.
        """
        source, stream = HubSpotSource(self.portal.client), CATALOGS[name]
        marks, orders = Marks(self.store.engine, "hubspot"), Orders(frozenset({name}), full_refresh)
        now = datetime.now(UTC)
        began = source.clock()
        rules = ExtractRules(every=self.every)
        run = Extraction(source, self.lake, marks, rules, began, now, orders=orders)
        [result] = extract_stream(run, stream)
        assert (result.status, bool(result.skipped)) == (
            ("partial", True) if hidden else ("whole", False)
        )
        assert hidden in result.why
        return result.rows_kept

    def requests(self, name: str, *, full_refresh: bool = False) -> int:
        """Read a catalog; return what it cost, beside asking for the time."""
        before = replace(self.portal.client.calls)
        self.read(name, full_refresh=full_refresh)
        return self.portal.client.calls.since(before).read - 1

    def later(self, hours: int) -> None:
        """Let time pass in the CRM."""
        self.portal.sandbox.order("clock", {"advance_seconds": hours * 3_600})

    def held(self, name: str) -> dict[str, bool]:
        """Return the catalog's records in the lake, and whether each is deleted."""
        rows = self.lake.current("hubspot", name).to_pylist()
        return {row["_record_id"]: row["_is_deleted"] for row in rows}

    def make_list(self, name: str, members: list[str]) -> str:
        """Make a list of contacts, with these on it."""
        body = {"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"}
        list_id: str = self.portal.ask("POST", LISTS, body)["list"]["listId"]
        self.portal.ask("PUT", f"{LISTS}/{list_id}/memberships/add", members)
        return list_id


@pytest.fixture
def desk(clean_sandbox: Sandbox, tmp_path: Path) -> Iterator[Desk]:
    store = StateStore(f"sqlite:///{tmp_path}/state.sqlite")
    with opened(clean_sandbox) as portal:
        yield Desk(portal, Lake(str(tmp_path / "lake")), store)


@pytest.mark.parametrize("name", CATALOGS)
def test_a_catalog_that_did_not_change_is_kept_once(desk: Desk, name: str) -> None:
    list_id = desk.make_list(f"Kept {name}", desk.portal.ids("contacts")[:1])
    assert desk.read(name) > 0
    assert desk.read(name) == 0
    desk.portal.ask("DELETE", f"{LISTS}/{list_id}")


def test_who_left_a_list_and_who_was_on_a_list_that_is_gone_are_deleted(desk: Desk) -> None:
    ann, ben = desk.portal.ids("contacts")[:2]
    one, other = desk.make_list("One", [ann, ben]), desk.make_list("Other", [ann])
    desk.read("list_memberships")
    desk.portal.ask("PUT", f"{LISTS}/{one}/memberships/remove", [ann])
    desk.portal.ask("DELETE", f"{LISTS}/{other}")
    assert desk.read("list_memberships") == 2
    assert desk.held("list_memberships") == {
        f"{one}:{ann}": True,
        f"{one}:{ben}": False,
        f"{other}:{ann}": True,
    }
    desk.portal.ask("PUT", f"{LISTS}/{one}/memberships/add", [ann])
    assert desk.read("list_memberships") == 1
    assert desk.held("list_memberships")[f"{one}:{ann}"] is False
    desk.portal.ask("DELETE", f"{LISTS}/{one}")


MEMBERS = "list_memberships"
SEARCH = "/crm/v3/lists/search"


@pytest.fixture
def settled(desk: Desk) -> Iterator[tuple[str, list[str]]]:
    """A list of two that nobody has joined or left of late, and who is on it; its members kept."""
    members = desk.portal.ids("contacts")[:2]
    list_id = desk.make_list("Settled", members)
    desk.later(hours=2)
    assert desk.requests(MEMBERS) == 2
    yield list_id, members
    desk.portal.sandbox.order("faults", None, method="DELETE")
    desk.portal.ask("DELETE", f"{LISTS}/{list_id}")


def test_members_are_asked_for_where_their_list_moved(
    desk: Desk, settled: tuple[str, list[str]]
) -> None:
    list_id, [ann, ben] = settled
    assert desk.requests(MEMBERS) == 1
    desk.portal.ask("PUT", f"{LISTS}/{list_id}/memberships/remove", [ann])
    assert [desk.requests(MEMBERS), desk.requests(MEMBERS)] == [2, 2]  # it may show them late
    desk.later(hours=2)
    assert [desk.requests(MEMBERS), desk.requests(MEMBERS)] == [2, 1]
    assert desk.held(MEMBERS) == {f"{list_id}:{ann}": True, f"{list_id}:{ben}": False}


def test_a_list_that_comes_back_as_it_was_has_its_members_again(
    desk: Desk, settled: tuple[str, list[str]]
) -> None:
    list_id, members = settled
    ids = [f"{list_id}:{one}" for one in members]
    desk.portal.ask("DELETE", f"{LISTS}/{list_id}")
    desk.read(MEMBERS)
    assert desk.held(MEMBERS) == dict.fromkeys(ids, True)
    desk.portal.ask("PUT", f"{LISTS}/{list_id}/restore")
    desk.read(MEMBERS)
    assert desk.held(MEMBERS) == dict.fromkeys(ids, False)


def test_a_list_whose_stamps_stand_still_is_read_once_in_a_while(
    desk: Desk, settled: tuple[str, list[str]]
) -> None:
    list_id, [ann, ben] = settled
    desk = replace(desk, every=Every(members=240))
    still = {"path": SEARCH, "status": 200, "body": desk.portal.ask("POST", SEARCH, {})}
    desk.portal.sandbox.order("faults", [{**still, "count": 99}])
    desk.portal.ask("PUT", f"{LISTS}/{list_id}/memberships/remove", [ann])
    desk.later(hours=2)
    assert desk.requests(MEMBERS) == 1
    desk.later(hours=2)
    assert desk.requests(MEMBERS) == 2
    assert desk.held(MEMBERS) == {f"{list_id}:{ann}": True, f"{list_id}:{ben}": False}


@pytest.mark.parametrize(
    "bad", [{"total": 0}, {}, {"total": 1}], ids=["none", "short", "of before"]
)
def test_members_that_one_bad_answer_hid_are_back_within_the_hour(
    desk: Desk, settled: tuple[str, list[str]], bad: dict[str, int]
) -> None:
    list_id, [ann, _] = settled
    path = f"{LISTS}/{list_id}/memberships"
    some = [] if bad == {"total": 0} else [{"recordId": ann}]
    fault = {"method": "GET", "path": path, "status": 200, "body": {"results": some, **bad}}
    desk.portal.ask("PUT", f"{path}/add", desk.portal.ids("contacts")[2:3])
    desk.later(hours=2)
    desk.portal.sandbox.order("faults", [{**fault, "count": 1}])
    desk.read(MEMBERS)
    desk.later(hours=1)
    desk.read(MEMBERS)
    assert list(desk.held(MEMBERS).values()) == [False] * 3
    assert [desk.requests(MEMBERS), desk.requests(MEMBERS)] == [1, 1]


def test_a_lake_begun_anew_gets_members_whatever_was_known_of_their_list(
    desk: Desk, settled: tuple[str, list[str]], tmp_path: Path
) -> None:
    list_id, members = settled
    desk = replace(desk, lake=Lake(str(tmp_path / "anew")))
    desk.read(MEMBERS)
    assert desk.held(MEMBERS) == {f"{list_id}:{one}": False for one in members}


def test_a_full_refresh_asks_for_members_of_every_list(
    desk: Desk, settled: tuple[str, list[str]]
) -> None:
    assert settled
    assert desk.requests(MEMBERS, full_refresh=True) == 2
    assert desk.requests(MEMBERS) == 1


def test_pipelines_that_are_hidden_for_a_while_are_not_deleted(desk: Desk) -> None:
    desk.read("pipelines")
    before = desk.held("pipelines")
    desk.portal.withhold("tickets")
    assert [desk.read("pipelines", hidden="tickets") for _ in range(2)] == [0, 0]
    assert desk.held("pipelines") == before != {}
    desk.portal.withhold()
    assert desk.read("pipelines") == 0
