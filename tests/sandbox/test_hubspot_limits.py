import requests

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
