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


def test_before_the_first_answer_nothing_is_stopped() -> None:
    DayQuota("hubspot", Sharing(), Clock()).check("read", "here")


def test_a_read_stops_at_the_reserve_and_says_why() -> None:
    quota_of(899).check("read", "here")
    with pytest.raises(
        QuotaExhaustedError,
        match=r"900 of the day's 1000 .* reserve of 10% is left for other apps .*smaller reserve",
    ):
        quota_of(900).check("read", "here")


def test_a_write_goes_on_until_nothing_is_left() -> None:
    quota_of(999).check("write", "here")
    with pytest.raises(QuotaExhaustedError, match="1000 of the day's 1000 calls are used ->"):
        quota_of(1_000).check("write", "here")


def test_each_has_a_reserve_of_its_own() -> None:
    quota_of(949, read_reserve=0.05, write_reserve=0.5).check("read", "here")
    with pytest.raises(QuotaExhaustedError, match="50%"):
        quota_of(500, read_reserve=0.05, write_reserve=0.5).check("write", "here")


def test_what_was_heard_long_ago_stops_nothing_since_days_end_unheard() -> None:
    clock = Clock()
    quota = quota_of(1_000, clock)
    clock.now = 301.0
    quota.check("read", "here")


def test_a_reading_that_begins_asks_once_more() -> None:
    quota = quota_of(1_000)
    quota.ask_anew()
    quota.check("read", "here")
    quota.learn(Quota(1_000, 950))
    with pytest.raises(QuotaExhaustedError):
        quota.check("read", "here")


def test_a_day_that_the_crm_calls_ended_has_ended() -> None:
    quota = quota_of(10)
    quota.spend()
    assert quota.latest == Quota(1_000, 1_000)
    with pytest.raises(QuotaExhaustedError):
        quota.check("write", "here")


def test_an_account_that_never_told_its_limit_is_asked_each_time() -> None:
    quota = DayQuota("hubspot", Sharing(), Clock())
    quota.spend()
    quota.check("read", "here")


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
