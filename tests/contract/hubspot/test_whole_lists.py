"""First reads of a list: each record once, whatever goes wrong on the way."""

import threading
from collections import Counter
from math import ceil

import pytest

from connectors.errors import ForbiddenError, UnreadableAnswerError
from connectors.hubspot import listing, pages, whole_list
from connectors.records import Batch, Cursor
from connectors.tally import counting
from tests.contract.hubspot.account import FIELDS, PLAIN, Account, cities_of, rows

LIST = "/crm/v3/objects/contacts"
PAGE, BATCH_ROWS = 5, 20


@pytest.fixture
def crowd(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Some hundred contacts, in so small pages that several chains read them."""
    account.create(100)
    monkeypatch.setattr(pages, "LIST_SIZE", PAGE)
    monkeypatch.setattr(listing, "PAGES_A_CHAIN", 4)
    monkeypatch.setattr(whole_list, "SHORT", 4)
    return account


def read(account: Account, cursor: Cursor | None = None) -> list[dict[str, object]]:
    source = account.source(batch_rows=BATCH_ROWS)
    return rows(source.read(PLAIN.stream, FIELDS, cursor))


def test_several_chains_read_each_record_once(crowd: Account) -> None:
    assert Counter(row["_record_id"] for row in read(crowd)) == Counter(crowd.ids())


def test_chains_cost_little_more_than_one(crowd: Account) -> None:
    source = crowd.source()
    found = rows(source.read(PLAIN.stream, FIELDS, None))
    least, searches, chains = ceil(len(found) / PAGE), 2, 1 + len(found) // PAGE // 4
    assert least <= source.calls.read <= least + searches + 2 * chains


def test_a_list_that_broke_off_anywhere_is_finished_later(crowd: Account) -> None:
    batches = list(crowd.source(batch_rows=BATCH_ROWS).read(PLAIN.stream, FIELDS, None))
    assert len(batches) > 4
    for stopped in range(1, len(batches)):
        kept = batches[stopped - 1].cursor
        assert kept is not None
        resumed = read(crowd, Cursor.from_json(kept.to_json()))
        assert {r["_record_id"] for r in (*rows(batches[:stopped]), *resumed)} == crowd.ids()


def test_every_request_is_counted_for_who_asked_for_it(crowd: Account) -> None:
    source = crowd.source()
    with counting() as calls:
        list(source.read(PLAIN.stream, FIELDS, None))
    assert calls == source.calls


def test_a_reading_that_is_given_up_leaves_no_thread_behind(crowd: Account) -> None:
    reading = iter(crowd.source(batch_rows=BATCH_ROWS).read(PLAIN.stream, FIELDS, None))
    next(reading)
    assert threads_of_ours()
    reading.close()  # type: ignore[attr-defined]
    assert not threads_of_ours()


def threads_of_ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("hubspot")]


def test_a_refusal_in_the_middle_is_no_reason_to_skip_the_object(crowd: Account) -> None:
    crowd.fault(preset="hubspot-missing-scope", path=LIST, skip=3, count=99)
    with pytest.raises(ForbiddenError):
        read(crowd)


def test_ids_far_apart_are_read_whole_too(crowd: Account) -> None:
    for number in range(3):
        crowd.jump_ids(10_000 * 10**number)
        crowd.create(7)
    assert Counter(row["_record_id"] for row in read(crowd)) == Counter(crowd.ids())


@pytest.mark.parametrize(
    "preset",
    [
        *("page-lost", "page-twice", "page-stale", "html-with-200", "body-torn", "body-cut"),
        "hubspot-locked",
    ],
)
@pytest.mark.parametrize("skip", [0, 7])
def test_no_passing_fault_costs_a_record(crowd: Account, preset: str, skip: int) -> None:
    crowd.fault(preset=preset, path=LIST, skip=skip, count=1)
    found = Counter(row["_record_id"] for row in read(crowd))
    assert found == Counter(crowd.ids())


def test_a_page_that_stays_empty_though_more_follows_is_an_error(crowd: Account) -> None:
    crowd.fault(preset="page-lost", path=LIST, skip=3, count=99)
    with pytest.raises(UnreadableAnswerError, match="more follows"):
        read(crowd)


@pytest.mark.parametrize("skip", range(1, 12, 3))
def test_a_list_that_ends_too_early_is_an_error(crowd: Account, skip: int) -> None:
    crowd.fault(status=200, body={"results": []}, path=LIST, skip=skip, count=99)
    with pytest.raises(UnreadableAnswerError, match=r"lacks the record|ends before"):
        read(crowd)


def test_a_short_list_that_ends_too_early_is_an_error(account: Account) -> None:
    account.create(100)
    account.fault(status=200, body={"results": []}, path=LIST, skip=1, count=99)
    with pytest.raises(UnreadableAnswerError, match="lacks the record"):
        read(account)


def test_what_was_read_before_an_error_can_be_kept(crowd: Account) -> None:
    crowd.fault(preset="page-lost", path=LIST, skip=6, count=99)
    kept: list[Batch] = []
    with pytest.raises(UnreadableAnswerError):
        kept.extend(crowd.source().read(PLAIN.stream, FIELDS, None))
    crowd.admin("DELETE", "faults")
    [last] = kept
    assert rows(kept)
    assert {r["_record_id"] for r in (*rows(kept), *read(crowd, last.cursor))} == crowd.ids()


def test_records_that_change_behind_the_list_come_with_the_first_increment(crowd: Account) -> None:
    edited = sorted(crowd.ids())[:30:3]
    inputs = [{"id": one, "properties": {"city": "Bergen"}} for one in edited]
    request = {"path": f"{LIST}/batch/update", "body": {"inputs": inputs}}
    crowd.fault(kind="meanwhile", path=LIST, skip=9, count=1, requests=[request])
    source = crowd.source()
    *_, last = source.read(PLAIN.stream, FIELDS, None)
    later = cities_of(rows(source.read(PLAIN.stream, FIELDS, last.cursor)))
    assert {one: later.get(one) for one in edited} == dict.fromkeys(edited, "Bergen")


def test_records_that_go_while_the_list_is_read_do_not_end_it(crowd: Account) -> None:
    gone = sorted(crowd.ids())[-12:]
    requests = [{"path": f"{LIST}/{one}", "method": "DELETE"} for one in gone]
    crowd.fault(kind="meanwhile", path=LIST, skip=5, count=1, requests=requests)
    found = {row["_record_id"] for row in read(crowd)}
    assert crowd.ids() <= found <= crowd.ids() | set(gone)


def test_a_list_is_asked_for_by_batch_once_its_address_is_too_long(crowd: Account) -> None:
    crowd.fault(preset="uri-too-long", path=LIST, count=1)
    found = read(crowd)
    assert cities_of(found) == crowd.cities()
