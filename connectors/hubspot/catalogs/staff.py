"""Owners and their teams."""

from collections.abc import Iterator, Sequence

from connectors.errors import ForbiddenError
from connectors.hubspot.answers import Owner, OwnerPage
from connectors.hubspot.catalogs.answers import UserTeam, UserTeamList
from connectors.hubspot.catalogs.parts import Entry, Page, Part
from connectors.hubspot.client import HubSpotClient, Params
from connectors.hubspot.paging import read_pages
from connectors.hubspot.streams.shape import ObjectStream

PAGE_SIZE = 100


def owner_parts(client: HubSpotClient, _objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield the one part that owners make: those who are there, then those who have left."""
    yield Part("", _owner_pages(client))


def team_parts(client: HubSpotClient, _objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield the one part that teams make."""
    yield Part("", _team_pages(client))


def _owner_pages(client: HubSpotClient) -> Iterator[Page]:
    for archived in ("false", "true"):
        for owners in _read_owners(client, archived):
            yield Page(map(_owner_entry, owners), client.latest_time())


def _read_owners(client: HubSpotClient, archived: str) -> Iterator[list[Owner]]:
    params: Params = {"limit": PAGE_SIZE, "archived": archived}
    for page in read_pages(client, client.paths.owners(), params, OwnerPage):
        yield page.results


def _owner_entry(owner: Owner) -> Entry:
    return owner.id, {
        "owner_id": owner.id,
        "user_id": owner.user_id or owner.user_id_including_inactive,
        "email": owner.email,
        "first_name": owner.first_name,
        "last_name": owner.last_name,
        "is_archived": owner.archived,
        "team_ids": ";".join(team.id for team in owner.teams),
        "team_names": ";".join(team.name for team in owner.teams),
        "created_at": owner.created_at,
        "updated_at": owner.updated_at,
    }


def _team_pages(client: HubSpotClient) -> Iterator[Page]:
    """Read the teams of the settings, or gather them from the owners where these are hidden."""
    try:
        teams = client.get(client.paths.teams(), {}, UserTeamList).results
    except ForbiddenError:
        owners = [owner for page in _read_owners(client, "false") for owner in page]
        teams = _teams_of(owners)
    yield Page([_team_entry(team) for team in teams], client.latest_time())


def _teams_of(owners: Sequence[Owner]) -> list[UserTeam]:
    """Return the teams that somebody is on: others show in the settings only."""
    teams: dict[str, UserTeam] = {}
    for owner in owners:
        for told in owner.teams:
            team = teams.setdefault(told.id, UserTeam(told.id, told.name))
            users = team.user_ids if told.primary else team.secondary_user_ids
            users.append(str(owner.user_id))
    return list(teams.values())


def _team_entry(team: UserTeam) -> Entry:
    return team.id, {
        "team_id": team.id,
        "name": team.name,
        "user_ids": sorted(team.user_ids),
        "secondary_user_ids": sorted(team.secondary_user_ids),
    }
