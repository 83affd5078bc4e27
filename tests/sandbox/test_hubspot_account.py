from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.store import Store
from tests.sandbox.clients import Admin, HubSpot

OWNERS = "/crm/v3/owners"
FOUNDED = "2024-01-08T09:00:00Z"

GONE = {
    "id": "99",
    "email": "gone@sandbox.example",
    "type": "PERSON",
    "firstName": "Kim",
    "lastName": "Gone",
    "userIdIncludingInactive": 98,
    "createdAt": FOUNDED,
    "updatedAt": "2025-01-01T00:00:00Z",
    "archived": True,
    "teams": [
        {"id": "1", "name": "EMEA", "primary": True},
        {"id": "2", "name": "Inbound"},
    ],
}


@pytest.fixture
def leaver(state: Path) -> int:
    """An owner who left the company, in two teams."""
    store = Store(state / "sandbox.sqlite")
    teams = '[{"id": "1", "name": "EMEA", "primary": true}, {"id": "2", "name": "Inbound"}]'
    store.run(
        "insert into hubspot_owners values (99, 98, 'gone@sandbox.example', 'Kim', 'Gone', 1, ?, "
        "1704704400000, 1735689600000)",
        teams,
    )
    store.close()
    return 99


def names(answer: dict[str, Any]) -> list[str]:
    return [owner["email"] for owner in answer["results"]]


def test_owners_come_page_by_page(hubspot: HubSpot) -> None:
    everyone = names(hubspot("GET", OWNERS).json())
    first = hubspot("GET", OWNERS, params={"limit": 2}).json()
    rest = hubspot("GET", OWNERS, params=first["paging"]["next"]).json()
    assert names(first) + names(rest) == everyone
    assert len(set(everyone)) == len(everyone) > 2


def test_owners_who_left_have_a_list_of_their_own(leaver: int, hubspot: HubSpot) -> None:
    [archived] = [
        owner
        for owner in hubspot("GET", OWNERS, params={"archived": "true"}).json()["results"]
        if owner["id"] == str(leaver)
    ]
    assert archived == GONE
    assert "gone@sandbox.example" not in names(hubspot("GET", OWNERS).json())


def test_an_owner_who_left_is_read_only_when_asked_for(leaver: int, hubspot: HubSpot) -> None:
    path = f"{OWNERS}/{leaver}"
    statuses = [
        hubspot("GET", path, params={"archived": archived}).status_code
        for archived in ("false", "true")
    ]
    assert statuses == [404, 200]


@pytest.mark.parametrize("root", ["/crm/v3/pipelines", "/crm/pipelines/2026-09"])
def test_the_stages_of_deals_say_how_likely_and_whether_closed(hubspot: HubSpot, root: str) -> None:
    [pipeline] = hubspot("GET", f"{root}/deals").json()["results"]
    stages = [
        (stage["id"], stage["displayOrder"], *sorted(stage["metadata"].items()))
        for stage in pipeline["stages"]
    ]
    assert (pipeline["id"], pipeline["label"]) == ("default", "Sales Pipeline")
    assert stages[0] == (
        "appointmentscheduled",
        0,
        ("isClosed", "false"),
        ("probability", "0.2"),
    )
    assert [stage[0] for stage in stages if stage[2] == ("isClosed", "true")] == [
        "closedwon",
        "closedlost",
    ]


def test_a_pipeline_is_read_by_its_id(hubspot: HubSpot) -> None:
    [listed] = hubspot("GET", "/crm/v3/pipelines/deals").json()["results"]
    assert hubspot("GET", "/crm/v3/pipelines/0-3/default").json() == listed
    assert hubspot("GET", "/crm/v3/pipelines/deals/nope").status_code == 404


def test_an_object_without_pipelines_has_none(hubspot: HubSpot) -> None:
    assert hubspot("GET", "/crm/v3/pipelines/notes").json() == {"results": []}
    assert hubspot("GET", "/crm/v3/pipelines/butterflies").status_code == 400


def test_the_account_tells_its_id_and_what_is_used_of_the_day(hubspot: HubSpot) -> None:
    assert hubspot("GET", "/account-info/v3/details").json()["portalId"] == 24681357
    usage = hubspot("GET", "/account-info/2026-03/api-usage/daily/private-apps").json()
    assert usage == {
        "results": [
            {
                "name": "private-apps-api-calls-daily",
                "usageLimit": 650000,
                "currentUsage": 2,
                "collectedAt": "2026-06-30T12:00:00Z",
                "fetchStatus": "SUCCESS",
                "resetsAt": "2026-07-01T00:00:00Z",
            }
        ]
    }


def test_the_account_tells_its_time_zone_to_old_clients_too(hubspot: HubSpot, admin: Admin) -> None:
    assert admin("PATCH", "settings", {"hubspot_time_zone": "Mars"}).status_code == 400
    admin.setting(hubspot_time_zone="America/New_York")
    told = hubspot("GET", "/integrations/v1/me").json()
    assert told == {
        "portalId": 24681357,
        "timeZone": "America/New_York",
        "currency": "USD",
        "utcOffsetMilliseconds": -14_400_000,
        "utcOffset": "-04:00",
    }
    details = hubspot("GET", "/account-info/v3/details").json()
    assert {key: details[key] for key in ("timeZone", "utcOffset", "utcOffsetMilliseconds")} == {
        key: told[key] for key in ("timeZone", "utcOffset", "utcOffsetMilliseconds")
    }


def test_an_owner_is_found_by_the_id_of_the_user_and_by_the_address(hubspot: HubSpot) -> None:
    owner = hubspot("GET", OWNERS).json()["results"][0]
    params = {"idProperty": "userId"}
    assert hubspot("GET", f"{OWNERS}/{owner['userId']}", params=params).json() == owner
    assert hubspot("GET", OWNERS, params={"email": owner["email"]}).json() == {"results": [owner]}
    assert hubspot("GET", f"{OWNERS}/1", params={"idProperty": "email"}).status_code == 400


def test_a_hundred_owners_are_the_most_of_a_page_unless_the_setting_says_more(
    hubspot: HubSpot, admin: Admin
) -> None:
    params = {"limit": 101}
    assert hubspot("GET", OWNERS, params=params).status_code == 400
    admin.setting(hubspot_owner_page_size=500)
    assert hubspot("GET", OWNERS, params=params).status_code == 200
