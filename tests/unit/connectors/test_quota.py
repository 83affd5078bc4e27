import pytest

from connectors.errors import QuotaExhaustedError
from connectors.quota import DayQuota
from connectors.records import Quota
from connectors.sharing import Sharing, credential_key


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def quota_of(used: int, clock: Clock | None = None, **sharing: float) -> DayQuota:
    quota = DayQuota("hubspot", Sharing(**sharing), clock or Clock())
    quota.learn(Quota(limit=1_000, used=used))
    return quota


def passes(quota: DayQuota) -> bool:
    try:
        quota.check("here")
    except QuotaExhaustedError:
        return False
    return True


def test_before_the_first_answer_nothing_is_stopped() -> None:
    assert passes(DayQuota("hubspot", Sharing(), Clock()))


@pytest.mark.parametrize(("reserve", "last"), [(0.10, 899), (0.5, 499), (0.0, 999)])
def test_calls_pass_until_the_reserve_begins(reserve: float, last: int) -> None:
    assert passes(quota_of(last, reserve=reserve))
    assert not passes(quota_of(last + 1, reserve=reserve))


def test_who_is_stopped_at_the_reserve_is_told_of_it() -> None:
    words = r"900 of the day's 1000 .* reserve of 10% is left for other apps .*smaller reserve"
    with pytest.raises(QuotaExhaustedError, match=words):
        quota_of(900).check("here")


def test_who_leaves_no_reserve_is_told_that_nothing_is_left() -> None:
    with pytest.raises(QuotaExhaustedError, match="1000 of the day's 1000 calls are used ->"):
        quota_of(1_000, reserve=0.0).check("here")


def test_what_was_heard_long_ago_stops_nothing_since_days_end_unheard() -> None:
    clock = Clock()
    quota = quota_of(1_000, clock)
    clock.now = 299.0
    assert not passes(quota)
    clock.now = 301.0
    assert passes(quota)


def test_a_reading_that_begins_asks_once_more() -> None:
    quota = quota_of(1_000)
    quota.ask_anew()
    assert passes(quota)
    quota.learn(Quota(1_000, 950))
    assert not passes(quota)


def test_a_day_that_the_crm_calls_ended_has_ended() -> None:
    quota = quota_of(10)
    quota.spend()
    assert quota.latest == Quota(1_000, 1_000)
    assert not passes(quota)


def test_an_account_that_never_told_its_limit_is_asked_each_time() -> None:
    quota = DayQuota("hubspot", Sharing(), Clock())
    quota.spend()
    assert passes(quota)


def test_a_credentials_name_tells_hosts_and_parts_apart_and_gives_nothing_away() -> None:
    keys = [
        credential_key("https://api.hubapi.com", "pat-1"),
        credential_key("https://api.hubapi.com/", "pat-1"),
        credential_key("https://example.com", "pat-1"),
        credential_key("https://api.hubapi.com", "pat-", "1"),
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert not any("pat" in key for key in keys)
