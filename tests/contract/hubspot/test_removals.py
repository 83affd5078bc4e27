"""Records that are archived, restored, merged or erased."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot import lookups, pages
from connectors.hubspot.source import HubSpotSource
from connectors.records import Cursor
from tests.contract.hubspot.account import FIELDS, PLAIN, Account, rows

EVER = datetime(1970, 1, 1, tzinfo=UTC)
HISTORY = PLAIN.history_stream


@pytest.fixture
def source(account: Account) -> HubSpotSource:
    return account.source()


def states(found: list[dict[str, object]]) -> dict[object, object]:
    return {row["_record_id"]: row["_is_deleted"] for row in found}


def increment(source: HubSpotSource, cursor: Cursor) -> dict[object, object]:
    return states(rows(source.read(PLAIN.stream, FIELDS, cursor)))


def an_hour_later(account: Account, source: HubSpotSource) -> Cursor:
    cursor = Cursor(source.clock(), read_at=source.clock())
    account.admin.advance(3600)
    return cursor


def test_what_was_archived_since_is_told_with_its_last_values(
    account: Account, source: HubSpotSource
) -> None:
    [old, new] = account.create(2, city="Oslo")
    account.archive(old)
    since = an_hour_later(account, source).modified_at
    account.archive(new)
    [row] = rows(source.deletions(PLAIN.stream, FIELDS, since.replace(microsecond=1)))
    assert (row["_record_id"], row["_is_deleted"], row["city"]) == (new, True, "Oslo")
    assert row["_modified_at"] == source.clock()


def test_a_bin_of_several_pages_is_read_whole(
    account: Account, source: HubSpotSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LIST_SIZE", 2)
    gone = account.create(7)
    for one in gone:
        account.archive(one)
    found = states(rows(source.deletions(PLAIN.stream, FIELDS, source.clock())))
    assert found == dict.fromkeys(gone, True)


def test_a_bin_that_ends_too_early_is_an_error(
    account: Account, source: HubSpotSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LIST_SIZE", 2)
    for one in account.create(5):
        account.archive(one)
    account.fault(status=200, body={"results": []}, path="*/contacts", skip=1, count=99)
    with pytest.raises(UnreadableAnswerError, match="lacks the record"):
        list(source.deletions(PLAIN.stream, FIELDS, EVER))


def test_what_was_restored_is_no_longer_told_and_comes_with_the_increment(
    account: Account, source: HubSpotSource
) -> None:
    [chosen] = account.create(1)
    cursor = an_hour_later(account, source)
    account.archive(chosen)
    order = {"crm": "hubspot", "object": "contacts", "record_id": chosen}
    account.admin("POST", "restores", order).raise_for_status()
    assert chosen not in states(rows(source.deletions(PLAIN.stream, FIELDS, EVER)))
    assert increment(source, cursor) == {chosen: False}


@pytest.mark.parametrize("keeps_id", [False, True])
def test_a_merge_leaves_one_record_and_buries_the_others(
    account: Account, source: HubSpotSource, keeps_id: bool
) -> None:
    account.admin.setting(hubspot_merge_keeps_id=keeps_id)
    [first, other] = account.create(2)
    cursor = an_hour_later(account, source)
    left = account.merge(first, other)
    assert (left == first) is keeps_id
    assert increment(source, cursor) == {first: True, other: True, left: False}


@pytest.mark.parametrize("keeps_id", [False, True])
def test_a_chain_of_merges_buries_all_but_the_last(
    account: Account, source: HubSpotSource, keeps_id: bool
) -> None:
    account.admin.setting(hubspot_merge_keeps_id=keeps_id)
    parts = account.create(3)
    cursor = an_hour_later(account, source)
    left = account.merge(account.merge(parts[0], parts[1]), parts[2])
    found = increment(source, cursor)
    assert found.pop(left) is False
    assert set(parts) - {left} <= found.keys()
    assert set(found.values()) == {True}


def test_a_buried_record_has_no_values_of_its_own(account: Account, source: HubSpotSource) -> None:
    [first, other] = account.create(2)
    cursor = an_hour_later(account, source)
    account.merge(first, other)
    found = rows(source.read(PLAIN.stream, FIELDS, cursor))
    buried = [row for row in found if row["_is_deleted"]]
    assert [{row[field.name] for field in FIELDS} for row in buried] == [{None}, {None}]


def test_merges_of_long_ago_are_not_told_of_by_a_first_read(
    account: Account, source: HubSpotSource
) -> None:
    account.merge(*account.create(2))
    account.admin.advance(3600)
    assert set(states(rows(source.read(PLAIN.stream, FIELDS, None))).values()) == {False}


def test_a_merge_while_the_list_is_read_is_told_of(account: Account, source: HubSpotSource) -> None:
    [first, other] = account.create(2)
    body = {"primaryObjectId": first, "objectIdToMerge": other}
    request = {"path": "/crm/v3/objects/contacts/merge", "body": body}
    account.fault(kind="meanwhile", path="*/contacts", count=1, requests=[request])
    found = states(rows(source.read(PLAIN.stream, FIELDS, None)))
    assert (found[first], found[other]) == (True, True)


@pytest.mark.parametrize("keeps_id", [False, True])
def test_records_merged_between_two_batches_have_one_history(
    account: Account, monkeypatch: pytest.MonkeyPatch, keeps_id: bool
) -> None:
    monkeypatch.setattr(lookups, "HISTORY_SIZE", 1)
    account.admin.setting(hubspot_merge_keeps_id=keeps_id)
    known = replace(PLAIN, histories=("email", "city"))
    chosen = account.create(2)
    body = {"primaryObjectId": chosen[0], "objectIdToMerge": chosen[1]}
    request = {"path": "/crm/v3/objects/contacts/merge", "body": body}
    account.fault(kind="meanwhile", path="*/batch/read", count=1, requests=[request])
    read = list(account.source(known).read_records(known.stream, FIELDS, chosen))
    [left] = {row["_record_id"] for row in rows(read) if not row["_is_deleted"]} - {chosen[1]}
    again = account.source(known).read_records(known.stream, FIELDS, [left])
    told = [row["_record_id"] for row in rows(read, HISTORY) if row["contact_id"] == left]
    assert told == [row["_record_id"] for row in rows(list(again), HISTORY)]


def test_what_is_gone_is_left_out_of_records_asked_for(
    account: Account, source: HubSpotSource
) -> None:
    [stays, archived, erased, merged, other] = account.create(5)
    account.archive(archived)
    body = {"objectId": erased}
    account.people("POST", "/crm/v3/objects/contacts/gdpr-delete", json=body).raise_for_status()
    left = account.merge(merged, other)
    asked = [stays, archived, erased, merged, other]
    found = states(rows(source.read_records(PLAIN.stream, FIELDS, asked)))
    assert {one for one, is_deleted in found.items() if not is_deleted} == {stays, left}
