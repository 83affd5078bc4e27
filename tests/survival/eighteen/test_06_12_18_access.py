"""Sessions that end, limits that are reached, and objects that our user may not read."""

from pathlib import Path
from typing import Any

import pytest

from connectors.errors import QuotaExhaustedError, UnavailableError
from connectors.hubspot.auth import AppLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.tokens import TokenFile
from connectors.records import Crm
from pipelines.reading import steps
from tests.survival.eighteen.deeds import (
    BY_BULK,
    DAY,
    PAGED,
    PEOPLE,
    agree,
    ids,
    in_soak,
    let_pass,
    of,
    touch,
    values,
)
from tests.survival.world import World

ENDED = {"preset": "salesforce-all-sessions-ended"}
SESSIONS = [
    (PAGED, {"salesforce_token_calls": 3}, {}),
    (BY_BULK, {"salesforce_token_calls": 3}, {}),
    in_soak(PAGED, {}, {**ENDED, "path": "*/query/0r8*", "skip": 1}),
    in_soak(BY_BULK, {}, {**ENDED, "path": "*/jobs/query"}),
    in_soak(BY_BULK, {}, {**ENDED, "path": "*/jobs/query/*", "skip": 1}),
    (BY_BULK, {}, {**ENDED, "path": "*/results"}),
]


@pytest.mark.parametrize(("road", "settings", "fault"), SESSIONS)
def test_06_token_dies_in_the_middle_of_a_long_job(
    world: World, road: dict[str, int], settings: dict[str, int], fault: dict[str, Any]
) -> None:
    world.admin.setting(**road, **settings)
    world.fault(*([fault] if fault else []))
    assert world.extract("salesforce", "leads").status == "whole"
    world.salesforce.log_in()
    assert agree(world, "salesforce")


def test_06_token_dies_and_the_token_endpoint_is_down_for_a_while(world: World) -> None:
    world.admin.setting(**PAGED, salesforce_token_calls=4)
    down = {"path": "/services/oauth2/token", "status": 500, "body": "down"}
    world.fault({**down, "skip": 1, "count": 2})
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


def test_06_a_key_that_is_refused_once_by_mistake_goes_on(world: World) -> None:
    world.fault({"preset": "hubspot-unauthorized", "path": "*/contacts", "skip": 3, "count": 1})
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


def _refresh_token(world: World) -> str:
    return str(world.running.credentials["hubspot"]["refresh_token"])


def _by_oauth(world: World, monkeypatch: pytest.MonkeyPatch, tokens: TokenFile) -> None:
    """Let the next reading come in as an installed app, as a new process would."""
    keys = world.running.credentials["hubspot"]
    login = AppLogin(keys["client_id"], keys["client_secret"], tokens)
    client = HubSpotClient.connect(keys["base_url"], login, calls_per_ten_seconds=None)
    monkeypatch.setattr(steps, "connect_source", lambda *_: HubSpotSource(client))


def test_06_refresh_tokens_that_rotate_are_kept_before_they_are_used(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.admin.setting(hubspot_rotates_refresh_tokens=True, hubspot_app_ten_second_limit=10_000)
    tokens = TokenFile(tmp_path / "token", _refresh_token(world))
    ended = {"preset": "hubspot-all-sessions-ended", "path": "*/contacts*"}
    for place in range(3):
        world.fault({**ended, "skip": 2 * place})
        _by_oauth(world, monkeypatch, tokens)
        touch(world, "hubspot", ids(world, "hubspot", 5), f"Town {place}")
        assert world.extract("hubspot", "contacts").status == "whole"
        world.no_faults()
    assert tokens.read() != _refresh_token(world)
    assert agree(world, "hubspot")


def test_06_a_rotated_token_outlives_a_process_that_dies_right_after(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.admin.setting(hubspot_rotates_refresh_tokens=True, hubspot_app_ten_second_limit=10_000)
    tokens = TokenFile(tmp_path / "token", _refresh_token(world))
    _by_oauth(world, monkeypatch, tokens)
    world.fault({"kind": "drop", "path_prefix": "/crm", "count": 1_000})
    with pytest.raises(UnavailableError):
        world.extract("hubspot", "contacts")
    world.no_faults()
    _by_oauth(world, monkeypatch, TokenFile(tmp_path / "token", _refresh_token(world)))
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


PASSING = [
    ("hubspot", "hubspot-ten-secondly", "*/contacts/batch/read"),
    in_soak("hubspot", "hubspot-secondly", "*/contacts/search"),
    in_soak("hubspot", "hubspot-retry-after", "*/contacts/search"),
    ("salesforce", "salesforce-too-many-at-once", "*/queryAll/"),
    in_soak("salesforce", "salesforce-unavailable", "*/queryAll/"),
]


@pytest.mark.parametrize(("crm", "preset", "path"), PASSING)
def test_12_a_limit_that_passes_is_waited_for(
    world: World, crm: Crm, preset: str, path: str
) -> None:
    world.extract(crm, PEOPLE[crm])
    let_pass(world, 60)
    touch(world, crm, ids(world, crm, 20))
    world.fault({"preset": preset, "path": path, "count": 3})
    result = world.extract(crm, PEOPLE[crm])
    assert (result.status, result.calls.retried, result.calls.limited > 0) == (
        "whole",
        3,
        preset != "salesforce-unavailable",
    )
    assert agree(world, crm)


DAILY = [
    in_soak("hubspot", "hubspot-quota-gone", "/crm/v3/objects/contacts", 3),
    ("hubspot", "hubspot-daily", "/crm/v3/objects/contacts", 3),
    ("salesforce", "salesforce-quota-gone", "*/query/0r8*", 1),
]


@pytest.mark.parametrize(("crm", "preset", "path", "skip"), DAILY)
def test_12_a_daily_limit_is_no_success_and_the_next_day_goes_on(
    world: World, crm: Crm, preset: str, path: str, skip: int
) -> None:
    world.admin.setting(**PAGED)
    world.fault({"preset": preset, "path": path, "skip": skip, "count": 1_000})
    result = world.extract(crm, PEOPLE[crm])
    assert of(result, PEOPLE[crm]).status == "partial"
    assert "calls" in of(result, PEOPLE[crm]).why
    world.no_faults()
    let_pass(world, DAY)
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


LIMITS = {"salesforce": 100_000, "hubspot": 650_000}


@pytest.mark.parametrize("crm", ["hubspot", in_soak("salesforce")])
def test_12_the_reserve_is_left_to_other_apps(world: World, crm: Crm) -> None:
    world.admin.setting(**PAGED)
    reserve = LIMITS[crm] // 10
    world.admin("POST", "usage", {"crm": crm, "left": reserve + 6}).raise_for_status()
    result = world.extract(crm)
    assert result.status == "partial"
    assert {found.status for found in result.streams} <= {"whole", "partial", "skipped"}
    assert result.quota is not None
    assert 0 <= result.quota.limit - result.quota.used - reserve + 6 <= 6 + 4
    let_pass(world, DAY)
    assert world.extract(crm).status == "whole"
    assert agree(world, crm)


def test_12_the_day_of_the_account_begins_at_its_own_midnight(world: World) -> None:
    world.admin.setting(hubspot_time_zone="Asia/Tokyo")
    world.admin("POST", "usage", {"crm": "hubspot", "left": 0}).raise_for_status()
    with pytest.raises(QuotaExhaustedError):
        world.extract("hubspot", "contacts")
    let_pass(world, 3 * 3_600 + 60)
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


REFUSED = [
    ("hubspot", {"hubspot_withheld_scopes": ["crm.objects.deals.read"]}, "deals"),
    in_soak("hubspot", {"hubspot_hidden_objects": ["companies"]}, "companies"),
    in_soak("hubspot", {"hubspot_unbought_objects": ["leads"]}, "leads"),
    ("salesforce", {"salesforce_hidden_objects": ["Opportunity"]}, "opportunities"),
]


@pytest.mark.parametrize(("crm", "settings", "stream"), REFUSED)
def test_18_one_object_that_is_refused_is_skipped_with_the_reason_and_others_go_on(
    world: World, crm: Crm, settings: dict[str, Any], stream: str
) -> None:
    world.admin.setting(**settings)
    result = world.extract(crm)
    refused = of(result, stream)
    assert (refused.status, refused.rows_read, bool(refused.skipped)) == ("skipped", 0, True)
    assert "failed" not in {found.status for found in result.streams}
    assert agree(world, crm)
    world.admin.setting(**{name: [] for name in settings})
    assert of(world.extract(crm, stream), stream).status == "whole"
    assert bool(values(world, crm, stream)) == (stream != "leads")


@pytest.mark.parametrize(
    ("crm", "settings", "none", "stream"),
    [
        ("hubspot", {"hubspot_withheld_scopes": ["crm.objects.contacts.read"]}, [], "contacts"),
        ("salesforce", {"salesforce_hidden_objects": ["Lead"]}, [], "leads"),
    ],
)
def test_18_an_object_that_is_refused_later_is_never_taken_for_empty(
    world: World, crm: Crm, settings: dict[str, Any], none: list[str], stream: str
) -> None:
    world.extract(crm, stream)
    before = world.known(crm, stream)
    world.admin.setting(**settings)
    let_pass(world, DAY)
    assert of(world.extract(crm, stream), stream).status != "whole"
    assert world.known(crm, stream) == before
    world.admin.setting(**dict.fromkeys(settings, none))
    touch(world, crm, ids(world, crm, 5))
    assert world.extract(crm, stream).status == "whole"
    assert agree(world, crm)
