"""Deletes, archives, restores, merges, erasures and conversions, until base has them all."""

from collections.abc import Callable

import pytest

from connectors.records import Crm
from tests.sandbox.clients import CONTACTS
from tests.survival.eighteen.deeds import (
    DAY,
    PEOPLE,
    agree,
    create_contacts,
    create_leads,
    ids,
    in_soak,
    let_pass,
    touch,
)
from tests.survival.world import HOUR, World


def _delete(world: World, crm: Crm, record_id: str) -> None:
    path = f"sobjects/Lead/{record_id}" if crm == "salesforce" else f"{CONTACTS}/{record_id}"
    client = world.salesforce if crm == "salesforce" else world.hubspot
    client("DELETE", path).raise_for_status()


def _restore(world: World, crm: Crm, record_id: str) -> None:
    kind = "Lead" if crm == "salesforce" else "contacts"
    body = {"crm": crm, "object": kind, "record_id": record_id}
    world.admin("POST", "restores", body).raise_for_status()


def _merge(world: World, crm: Crm, winner: str, *losers: str) -> str:
    kind = "Lead" if crm == "salesforce" else "contacts"
    body = {"crm": crm, "object": kind, "winner": winner, "losers": list(losers)}
    answer = world.admin("POST", "merges", body)
    answer.raise_for_status()
    return str(answer.json()["survivor"])


def _erase(world: World, crm: Crm, record_id: str) -> None:
    if crm == "salesforce":
        _delete(world, crm, record_id)
        body = {"object": "Lead", "record_ids": [record_id]}
        world.admin("POST", "purges", body).raise_for_status()
    else:
        body = {"objectId": record_id}
        world.hubspot("POST", f"{CONTACTS}/gdpr-delete", json=body).raise_for_status()


def _delete_and_restore(world: World, crm: Crm, record_id: str) -> None:
    _delete(world, crm, record_id)
    world.admin.advance(60)
    _restore(world, crm, record_id)


Deed = Callable[[World, Crm, str], None]
DEEDS = [_delete, _erase, in_soak(_delete_and_restore)]


@pytest.mark.parametrize("wait", [60, in_soak(DAY)])
@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_11_removals_reach_base_within_the_hour(
    world: World, crm: Crm, deed: Deed, wait: int
) -> None:
    world.extract(crm, PEOPLE[crm])
    let_pass(world, wait)
    removed = ids(world, crm, 3, start=5)
    for record_id in removed:
        deed(world, crm, record_id)
    let_pass(world, HOUR + 60)
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    if deed is _erase:  # HubSpot shows nothing of it: only a comparison can tell.
        assert world.reconcile(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)
    assert removed[0] in world.base(crm, PEOPLE[crm])


def test_11_what_get_deleted_has_forgotten_or_never_knew_is_found_all_the_same(
    world: World,
) -> None:
    world.admin.setting(salesforce_replication_since=world.admin("GET", "clock").json()["now"])
    let_pass(world, 90)
    assert world.extract("salesforce", "leads").status == "whole"
    purged = ids(world, "salesforce", 3, start=5)
    for record_id in purged:
        _delete(world, "salesforce", record_id)
    purge = {"object": "Lead", "record_ids": purged, "by_admin": True}
    world.admin("POST", "purges", purge).raise_for_status()
    let_pass(world, HOUR + 60)
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_11_a_record_that_is_removed_read_restored_and_changed_lives_in_base(
    world: World, crm: Crm
) -> None:
    world.extract(crm, PEOPLE[crm])
    [removed] = ids(world, crm, 1, start=5)
    _delete(world, crm, removed)
    let_pass(world, HOUR + 60)
    world.extract(crm, PEOPLE[crm])
    assert world.base(crm, PEOPLE[crm])[removed]["_is_deleted"]
    _restore(world, crm, removed)
    let_pass(world, HOUR + 60)
    world.extract(crm, PEOPLE[crm])
    assert not world.base(crm, PEOPLE[crm])[removed]["_is_deleted"]
    touch(world, crm, [removed])
    world.extract(crm, PEOPLE[crm])
    assert world.known(crm, PEOPLE[crm])[removed] == world.held(crm, PEOPLE[crm])[removed]


@pytest.mark.parametrize("keeps_id", [False, in_soak(True)])
@pytest.mark.parametrize("between", [True, in_soak(False)])
@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_11_a_chain_of_merges_leaves_one_record(
    world: World, crm: Crm, keeps_id: bool, between: bool
) -> None:
    world.admin.setting(hubspot_merge_keeps_id=keeps_id)
    make = create_leads if crm == "salesforce" else create_contacts
    first, second, third = make(world, ["Ann", "Beth", "Cleo"])
    world.extract(crm, PEOPLE[crm])
    survivor = _merge(world, crm, second, first)
    let_pass(world, 60)
    if between:
        world.extract(crm, PEOPLE[crm])
    survivor = _merge(world, crm, third, survivor)
    let_pass(world, HOUR + 60)
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)
    assert {first, second, third} & world.known(crm, PEOPLE[crm]).keys() <= {survivor}


@pytest.mark.parametrize("keeps_id", [False, in_soak(True)])
def test_11_what_was_merged_into_a_record_is_gone_when_that_is_archived(
    world: World, keeps_id: bool
) -> None:
    world.admin.setting(hubspot_merge_keeps_id=keeps_id)
    made = create_contacts(world, ["Ann", "Beth"])
    world.extract("hubspot", "contacts")
    _delete(world, "hubspot", _merge(world, "hubspot", *made))
    let_pass(world, HOUR + 60)
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


def test_11_records_removed_between_pages_leave_no_ghosts(world: World) -> None:
    first, *gone = ids(world, "hubspot", 6, start=20)
    requests = [{"method": "DELETE", "path": f"{CONTACTS}/{one}"} for one in [*gone, first]]
    path = {"path": CONTACTS, "skip": 4}
    world.fault({"kind": "meanwhile", **path, "requests": requests})
    world.extract("hubspot", "contacts")
    let_pass(world, HOUR + 60)
    world.extract("hubspot", "contacts")
    assert agree(world, "hubspot")


@pytest.mark.parametrize("opportunity", [True, in_soak(False)])
def test_11_conversion_reaches_base_on_every_side(world: World, opportunity: bool) -> None:
    streams = ("leads", "contacts", "accounts")
    [lead] = create_leads(world, ["Dora"])
    world.extract("salesforce", *streams)
    let_pass(world, 60)
    body = {"lead_id": lead, "opportunity": opportunity}
    world.admin("POST", "conversions", body).raise_for_status()
    assert world.extract("salesforce", *streams).status == "whole"
    assert [agree(world, "salesforce", name) for name in streams] == [True, True, True]
    assert world.base("salesforce", "leads")[lead]["IsConverted"]


def test_11_removals_older_than_any_bin_are_found_by_the_comparison(world: World) -> None:
    world.extract("salesforce", "leads")
    for record_id in ids(world, "salesforce", 3):
        _delete(world, "salesforce", record_id)
    let_pass(world, 40 * DAY)
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")
