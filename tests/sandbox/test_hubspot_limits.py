import pytest
import requests

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import CONTACTS, Admin, HubSpot


def test_a_wrong_key_is_refused(hubspot: HubSpot) -> None:
    headers = {"Authorization": "Bearer pat-na1-wrong"}
    answer = requests.get(hubspot.url + CONTACTS, headers=headers, timeout=10)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_ten_seconds_have_an_allowance(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_ten_second_limit=2)
    answers = [hubspot("GET", CONTACTS) for _ in range(3)]
    left = [answer.headers["X-HubSpot-RateLimit-Remaining"] for answer in answers]
    assert ([answer.status_code for answer in answers], left) == ([200, 200, 429], ["1", "0", "0"])
    assert answers[2].json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert answers[2].json()["message"] == "You have reached your ten_secondly_rolling limit."


def test_what_is_left_of_the_second_counts_down(hubspot: HubSpot) -> None:
    answers = [hubspot("GET", CONTACTS) for _ in range(2)]
    left = [int(a.headers["X-HubSpot-RateLimit-Secondly-Remaining"]) for a in answers]
    assert left == [18, 17]


def test_searches_have_an_allowance_of_their_own_and_tell_of_the_day_only(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin.setting(hubspot_search_limit=1, hubspot_ten_second_limit=1)
    hubspot("GET", CONTACTS)
    answers = [hubspot.search(), hubspot.search()]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["message"] == "You have reached your secondly limit."
    limits = {name.lower() for name in answers[0].headers if "ratelimit" in name.lower()}
    assert limits == {"x-hubspot-ratelimit-daily", "x-hubspot-ratelimit-daily-remaining"}


def test_the_day_has_an_allowance_that_returns_at_midnight(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_daily_limit=1)
    hubspot("GET", CONTACTS)
    assert hubspot("GET", CONTACTS).json()["policyName"] == "DAILY"
    admin.advance(12 * 3600)
    assert hubspot("GET", CONTACTS).status_code == 200


def test_every_answer_has_an_id_of_its_own(hubspot: HubSpot) -> None:
    refused = hubspot("GET", f"{CONTACTS}?limit=1000")
    taken = hubspot("GET", CONTACTS)
    assert refused.json()["correlationId"] == refused.headers["X-HubSpot-Correlation-Id"]
    assert taken.headers["X-HubSpot-Correlation-Id"] != refused.json()["correlationId"]


def test_the_day_ends_at_midnight_in_the_accounts_time_zone(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_time_zone="Asia/Tokyo", hubspot_daily_limit=1)
    hubspot("GET", CONTACTS)
    admin.advance(3 * 3600 - 1)
    assert hubspot("GET", CONTACTS).status_code == 429
    admin.advance(1)
    assert hubspot("GET", CONTACTS).status_code == 200


def as_app(running: RunningSandbox) -> requests.Session:
    """Return a session of an OAuth app."""
    keys = running.credentials["hubspot"]
    form = {name: keys[name] for name in ("client_id", "client_secret", "refresh_token")}
    form["grant_type"] = "refresh_token"
    token = requests.post(f"{running.url}/oauth/v1/token", form, timeout=10).json()
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token['access_token']}"
    return session


def test_an_app_has_a_window_of_its_own_and_hears_nothing_of_the_day(
    running: RunningSandbox, hubspot: HubSpot, admin: Admin
) -> None:
    app, url = as_app(running), running.url + CONTACTS
    admin.setting(hubspot_ten_second_limit=1)
    hubspot("GET", CONTACTS)
    answer = app.get(url, timeout=10)
    told = {n.lower(): v for n, v in answer.headers.items() if "ratelimit" in n.lower()}
    assert (answer.status_code, told) == (
        200,
        {
            "x-hubspot-ratelimit-interval-milliseconds": "10000",
            "x-hubspot-ratelimit-max": "110",
            "x-hubspot-ratelimit-remaining": "109",
            "x-hubspot-ratelimit-secondly": "11",
            "x-hubspot-ratelimit-secondly-remaining": "10",
        },
    )


def test_the_window_of_an_app_is_a_setting(running: RunningSandbox, admin: Admin) -> None:
    app, url = as_app(running), running.url + CONTACTS
    admin.setting(hubspot_app_ten_second_limit=1)
    answers = [app.get(url, timeout=10) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["policyName"] == "TEN_SECONDLY_ROLLING"


def test_searches_of_the_key_and_of_an_app_are_counted_together(
    running: RunningSandbox, hubspot: HubSpot, admin: Admin
) -> None:
    app = as_app(running)
    admin.setting(hubspot_search_limit=1)
    hubspot.search()
    answer = app.request("POST", f"{running.url}{CONTACTS}/search", json={}, timeout=10)
    assert (answer.status_code, answer.json()["policyName"]) == (429, "SECONDLY")


@pytest.mark.parametrize("after", ["", "10", "10000"])
def test_retry_after_is_there_only_when_the_setting_says_so(
    hubspot: HubSpot, admin: Admin, after: str
) -> None:
    admin.setting(hubspot_ten_second_limit=0, hubspot_retry_after=after)
    answer = hubspot("GET", CONTACTS)
    body = {name: value for name, value in answer.json().items() if name != "correlationId"}
    assert answer.headers.get("Retry-After", "") == after
    assert body == {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "policyName": "TEN_SECONDLY_ROLLING",
        "groupName": "publicapi:private-apps:24681357",
        "category": "RATE_LIMITS",
    }


def test_one_setting_switches_all_counting_off(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(rate_limits=False, hubspot_ten_second_limit=0, hubspot_daily_limit=0)
    answer = hubspot("GET", CONTACTS)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if "ratelimit" in name.lower()]


def test_refusals_tell_of_the_allowances_too(hubspot: HubSpot) -> None:
    refused = hubspot("GET", f"{CONTACTS}?limit=1000")
    assert (refused.status_code, refused.headers["X-HubSpot-RateLimit-Remaining"]) == (400, "189")


def test_an_address_with_too_many_property_names_is_too_long(hubspot: HubSpot) -> None:
    names = ",".join(f"property_number_{number}" for number in range(1_000))
    answer = hubspot("GET", CONTACTS, params={"properties": names})
    assert (answer.status_code, answer.headers["Content-Type"]) == (414, "text/html")
