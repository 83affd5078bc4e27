"""What clients older than v3 still ask for, and the account's users and teams."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot

V2 = "/properties/v2"
USERS = "/settings/v3/users"


def named(listed: list[dict[str, Any]], name: str) -> dict[str, Any]:
    [found] = [known for known in listed if known["name"] == name]
    return found


def test_old_properties_are_a_bare_list_of_the_same_definitions(hubspot: HubSpot) -> None:
    now = hubspot("GET", "/crm/v3/properties/contacts").json()["results"]
    listed = hubspot("GET", f"{V2}/contact/properties").json()
    assert [known["name"] for known in listed] == [known["name"] for known in now]


def test_an_old_property_has_the_keys_of_its_time(hubspot: HubSpot) -> None:
    listed = hubspot("GET", f"{V2}/companies/properties").json()
    assert named(listed, "name") == {
        "name": "name",
        "label": "Company name",
        "description": "",
        "groupName": "companyinformation",
        "type": "string",
        "fieldType": "text",
        "options": [],
        "displayOrder": -1,
        "formField": True,
        "readOnlyValue": False,
        "readOnlyDefinition": True,
        "hidden": False,
        "mutableDefinitionNotDeletable": False,
        "favorited": False,
        "favoritedOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "referencedObjectType": None,
        "displayMode": "current_value",
        "showCurrencySymbol": False,
        "deleted": False,
        "hubspotDefined": True,
        "createdAt": None,
        "updatedAt": None,
        "createdUserId": None,
        "updatedUserId": None,
    }


def test_an_old_enumeration_has_options_that_may_change(hubspot: HubSpot) -> None:
    stages = hubspot("GET", f"{V2}/contacts/properties/named/lifecyclestage").json()
    assert (stages["readOnlyDefinition"], stages["mutableDefinitionNotDeletable"]) == (False, True)
    assert stages["options"][0] == {
        "label": "Subscriber",
        "value": "subscriber",
        "description": None,
        "displayOrder": 0,
        "hidden": False,
        "readOnly": False,
        "doubleData": 0.0,
    }


@pytest.mark.parametrize("name", ["contacts", "companies", "deals"])
def test_properties_of_v1_are_those_of_v2(hubspot: HubSpot, name: str) -> None:
    for path in ("properties", "properties/named/hs_object_id"):
        old, newer = (hubspot("GET", f"/properties/{v}/{name}/{path}") for v in ("v1", "v2"))
        assert (old.status_code, old.json()) == (200, newer.json())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/properties/v1/tickets/properties", 404),
        ("/properties/v1/tickets/properties/named/subject", 404),
        (f"{V2}/contacts/properties/named/nothing", 404),
        (f"{V2}/butterflies/properties", 400),
        ("/crm-pipelines/v1/pipelines/leads", 400),
    ],
)
def test_there_are_no_other_old_properties_and_pipelines(
    hubspot: HubSpot, path: str, status: int
) -> None:
    assert hubspot("GET", path).status_code == status


def test_an_old_property_of_the_accounts_own_tells_when_it_was_made(hubspot: HubSpot) -> None:
    body = {"name": "tone", "label": "Tone", "type": "string", "fieldType": "text"}
    body |= {"groupName": "contactinformation"}
    hubspot("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    made = hubspot("GET", f"{V2}/contacts/properties/named/tone").json()
    assert (made["createdAt"], made["hubspotDefined"]) == (1_782_820_800_000, False)
    assert (made["readOnlyDefinition"], made["mutableDefinitionNotDeletable"]) == (False, False)


@pytest.mark.parametrize(("name", "first"), [("deals", "default"), ("tickets", "0")])
def test_old_pipelines_have_ids_and_times_of_their_time(
    hubspot: HubSpot, name: str, first: str
) -> None:
    [pipeline] = hubspot("GET", f"/crm-pipelines/v1/pipelines/{name}").json()["results"]
    [now] = hubspot("GET", f"/crm/v3/pipelines/{name}").json()["results"]
    stages, founded = pipeline.pop("stages"), 1_704_704_400_000
    times = {"createdAt": founded, "updatedAt": founded}
    assert pipeline == {
        "pipelineId": first,
        "label": now["label"],
        "objectType": name[:-1].upper(),
        "displayOrder": 0,
        "active": True,
        "default": True,
        **times,
    }
    assert stages == [
        {"stageId": stage["id"], "active": True, **times}
        | {key: stage[key] for key in ("label", "displayOrder", "metadata")}
        for stage in now["stages"]
    ]


def test_a_further_pipeline_is_not_the_default_one(hubspot: HubSpot) -> None:
    stage = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.1"}}
    body = {"label": "Renewals", "displayOrder": 3, "stages": [stage]}
    hubspot("POST", "/crm/v3/pipelines/deals", json=body).raise_for_status()
    listed = hubspot("GET", "/crm-pipelines/v1/pipelines/deals").json()["results"]
    assert [known["default"] for known in listed] == [True, False]


def test_users_are_the_owners_who_have_not_left(hubspot: HubSpot) -> None:
    owners = hubspot("GET", "/crm/v3/owners").json()["results"]
    users = hubspot("GET", USERS).json()["results"]
    assert [int(user["id"]) for user in users] == sorted(owner["userId"] for owner in owners)
    keys = ("email", "firstName", "lastName")
    assert sorted([user[key] for key in keys] for user in users) == sorted(
        [owner[key] for key in keys] for owner in owners
    )
    assert [user["superAdmin"] for user in users] == [True, *(False for _ in users[1:])]


def test_the_next_page_of_users_keeps_the_callers_parameters(hubspot: HubSpot) -> None:
    first = hubspot("GET", USERS, params={"limit": 1, "mine": "x y"}).json()
    after = first["results"][0]["id"]
    link = f"{hubspot.url}{USERS}?limit=1&mine=x+y&after={after}"
    assert first["paging"] == {"next": {"after": after, "link": link}}


def test_a_user_has_the_documented_keys(hubspot: HubSpot) -> None:
    owners = hubspot("GET", "/crm/v3/owners").json()["results"]
    owner = next(owner for owner in owners if "teams" in owner)
    user = hubspot("GET", f"{USERS}/{owner['userId']}").json()
    assert {key: user[key] for key in user.keys() - owner.keys()} == {
        "roleIds": [],
        "primaryTeamId": owner["teams"][0]["id"],
        "secondaryTeamIds": [],
        "superAdmin": False,
        "sendWelcomeEmail": False,
    }


def test_users_come_in_pages_of_a_hundred_at_most(hubspot: HubSpot) -> None:
    everyone, found, after = hubspot("GET", USERS).json()["results"], [], "0"
    while after:
        page = hubspot("GET", USERS, params={"limit": 2, "after": after}).json()
        found += page["results"]
        after = page.get("paging", {}).get("next", {}).get("after", "")
    assert found == everyone
    assert hubspot("GET", USERS, params={"limit": 101}).status_code == 400


def test_the_next_page_of_users_is_behind_a_link(hubspot: HubSpot) -> None:
    second = hubspot("GET", USERS).json()["results"][1]
    link = hubspot("GET", f"{USERS}/?limit=1").json()["paging"]["next"]["link"]
    assert link.startswith(hubspot.url)
    assert hubspot("GET", link.removeprefix(hubspot.url)).json()["results"] == [second]


def test_a_user_is_read_by_id_or_address(hubspot: HubSpot) -> None:
    user = hubspot("GET", USERS).json()["results"][1]
    by_address = f"{USERS}/{user['email']}?idProperty=EMAIL"
    for path in (f"{USERS}/{user['id']}", f"{USERS}/{user['id']}?idProperty=USER_ID", by_address):
        assert hubspot("GET", path).json() == user
    assert hubspot("GET", f"{USERS}/1").status_code == 404
    assert hubspot("GET", f"{USERS}/1?idProperty=name").status_code == 400


def test_teams_tell_who_is_in_them(hubspot: HubSpot) -> None:
    users = hubspot("GET", USERS).json()["results"]
    teams = hubspot("GET", f"{USERS}/teams").json()["results"]
    assert {team["id"]: team["userIds"] for team in teams} == {
        team["id"]: [user["id"] for user in users if user.get("primaryTeamId") == team["id"]]
        for team in teams
    }
    assert {user["primaryTeamId"] for user in users if "primaryTeamId" in user} == {
        team["id"] for team in teams
    }
    assert all(team.keys() == {"id", "name", "userIds", "secondaryUserIds"} for team in teams)


def test_old_views_need_a_key(hubspot: HubSpot) -> None:
    del hubspot.session.headers["Authorization"]
    for path in (f"{V2}/contacts/properties", "/crm-pipelines/v1/pipelines/deals", USERS):
        assert hubspot("GET", path).status_code == 401
