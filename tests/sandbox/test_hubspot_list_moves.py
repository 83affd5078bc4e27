"""What a search tells of who came to a list and went."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot
from tests.sandbox.lists import IS_OURS, LISTS, branch, list_id


@pytest.fixture
def people(hubspot: HubSpot) -> dict[str, str]:
    """Three contacts of one company, by their first names."""
    return {
        name: hubspot.create(email=f"{name}@ours.example", company="Ours GmbH")
        for name in ("ann", "bob", "cy")
    }


def told(hubspot: HubSpot, known: str) -> Any:
    """Return what a search tells of a list besides its definition, without being asked for it."""
    [found] = hubspot("POST", f"{LISTS}/search", json={"listIds": [known]}).json()["lists"]
    return found["additionalProperties"]


def test_a_search_tells_when_the_last_one_joined_a_list_and_left_it(
    hubspot: HubSpot, admin: Admin, people: dict[str, str]
) -> None:
    known, [ann, bob, cy] = list_id(hubspot), people.values()
    path, noon = f"{LISTS}/{known}/memberships", 1_782_820_800_000
    stamps = {"hs_list_reference_count": "0", "hs_last_record_added_at": str(noon)}
    hubspot("PUT", f"{path}/add", json=[ann, bob])
    assert told(hubspot, known) == {**stamps, "hs_list_size": "2"} == told(hubspot, known)
    admin.advance(60)
    hubspot("PUT", f"{path}/add-and-remove", json={"recordIdsToRemove": [ann, cy]})
    gone = {**stamps, "hs_last_record_removed_at": str(noon + 60_000)}
    assert told(hubspot, known) == {**gone, "hs_list_size": "1"}
    hubspot("PUT", f"{path}/add", json=[cy])
    joined = {**gone, "hs_last_record_added_at": str(noon + 60_000)}
    assert told(hubspot, known) == {**joined, "hs_list_size": "2"} == told(hubspot, known)


def test_whatever_changes_who_is_on_a_list_moves_its_stamps(
    hubspot: HubSpot, people: dict[str, str]
) -> None:
    dynamic = list_id(hubspot, "DYNAMIC", name="Dynamic", filterBranch=branch(IS_OURS))
    by_hand = list_id(hubspot)
    hubspot("PUT", f"{LISTS}/{by_hand}/memberships/add", json=[people["ann"]])
    before = told(hubspot, dynamic), told(hubspot, by_hand)
    body = {"primaryObjectId": people["bob"], "objectIdToMerge": people["ann"]}
    hubspot("POST", "/crm/v3/objects/contacts/merge", json=body).raise_for_status()
    after = told(hubspot, dynamic), told(hubspot, by_hand)
    assert [one["hs_list_size"] for one in (*before, *after)] == ["3", "1", "2", "1"]
    for old, new in zip(before, after, strict=True):
        assert "hs_last_record_removed_at" in new.keys() - old.keys()
