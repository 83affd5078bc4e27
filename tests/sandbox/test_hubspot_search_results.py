"""In which order results come, and what of them is shown."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, filtered

PROBES = filtered("company", "EQ", "Probe")


def test_results_come_in_the_order_of_creation_or_by_id(hubspot: HubSpot, admin: Admin) -> None:
    deals = "/crm/v3/objects/deals"
    for name, created in (("young", "2026-05-01"), ("old", "2020-05-01")):
        values = {"dealname": name, "createdate": f"{created}T00:00:00Z", "description": "Probe"}
        hubspot("POST", deals, json={"properties": values}).raise_for_status()
    body = {"filters": [filtered("description", "EQ", "Probe")], "properties": ["dealname"]}
    orders = []
    for by_creation in (True, False):
        admin.setting(hubspot_search_by_creation=by_creation)
        results = hubspot("POST", f"{deals}/search", json=body).json()["results"]
        orders.append([deal["properties"]["dealname"] for deal in results])
    assert orders == [["old", "young"], ["young", "old"]]


@pytest.mark.parametrize(
    "body",
    [
        {"sorts": [{"propertyName": "email", "direction": "UP"}]},
        {"sorts": [{"propertyName": "email", "direction": "descending"}]},
        {"properties": "email"},
    ],
)
def test_a_sort_up_or_down_and_a_list_of_properties_are_all_that_is_taken(
    hubspot: HubSpot, body: dict[str, Any]
) -> None:
    answer = hubspot("POST", f"{CONTACTS}/search", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_sort_without_a_direction_goes_up(hubspot: HubSpot) -> None:
    ids = [hubspot.create(company="Probe", firstname=name) for name in "ba"]
    results = hubspot.search(PROBES, sorts=[{"propertyName": "firstname"}]).json()["results"]
    assert [contact["id"] for contact in results] == ids[::-1]


def test_an_archived_record_is_counted_until_the_index_knows_and_not_shown(
    hubspot: HubSpot, admin: Admin
) -> None:
    first, second = (hubspot.create(company="Probe") for _ in range(2))
    admin.setting(hubspot_search_limit=1000, hubspot_search_lag_seconds=86_400)
    hubspot("DELETE", f"{CONTACTS}/{first}")
    body = hubspot.search(PROBES).json()
    assert (body["total"], [contact["id"] for contact in body["results"]]) == (2, [second])
    admin.setting(hubspot_search_shows_current=False)
    stale = hubspot.search(PROBES).json()["results"]
    assert [contact["archived"] for contact in stale] == [False, False]
    admin.advance(86_400)
    assert hubspot.search(PROBES).json()["total"] == 1
