import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import HistoryEntry
from connectors.hubspot.histories import history_table
from connectors.hubspot.shapes import ShapedRecord
from connectors.hubspot.streams.people import CONTACTS

EARLY, LATE = "2026-11-22T09:00:00.500Z", "2026-11-22T09:00:01Z"


def entries_of(**histories: list[HistoryEntry]) -> list[dict[str, object]]:
    records = [ShapedRecord("7", None, histories)]
    return list(history_table(CONTACTS, records).to_pylist())


def ids_of(**histories: list[HistoryEntry]) -> list[object]:
    return [row["_record_id"] for row in entries_of(**histories)]


def test_entries_come_oldest_first() -> None:
    entries = [HistoryEntry(LATE, "customer"), HistoryEntry(EARLY, "lead", "CRM_UI", "userId:1")]
    oldest, newest = entries_of(lifecyclestage=entries)
    assert oldest["_modified_at"] == oldest.pop("changed_at")
    assert {name: oldest[name] for name in oldest if not name.startswith("_")} == {
        "contact_id": "7",
        "property": "lifecyclestage",
        "value": "lead",
        "source_type": "CRM_UI",
        "source_id": "userId:1",
    }
    assert newest["value"] == "customer"


def test_changes_of_the_same_millisecond_are_counted_from_the_oldest() -> None:
    entries = [HistoryEntry(LATE), HistoryEntry(EARLY), HistoryEntry(EARLY)]
    assert ids_of(hs_lead_status=entries) == [
        "7:hs_lead_status:1795338000500:0",
        "7:hs_lead_status:1795338000500:1",
        "7:hs_lead_status:1795338001000:0",
    ]


def test_a_newer_change_leaves_older_ids_as_they_were() -> None:
    before = [HistoryEntry(EARLY, "a")]
    after = [HistoryEntry(EARLY, "b"), *before]
    assert ids_of(lifecyclestage=after)[:1] == ids_of(lifecyclestage=before)


def test_an_entry_is_the_same_row_though_older_ones_are_no_longer_shown() -> None:
    newest_first = [HistoryEntry(LATE, "customer"), HistoryEntry(EARLY, "lead")]
    [_, whole] = entries_of(lifecyclestage=newest_first)
    assert entries_of(lifecyclestage=newest_first[:1]) == [whole]


@pytest.mark.parametrize("order", [1, -1])
def test_a_record_that_came_twice_has_the_entries_of_the_fuller_answer_once(order: int) -> None:
    before = ShapedRecord("7", None, {"email": [HistoryEntry(EARLY, "a@old.example")]})
    merged = [HistoryEntry(LATE, "b@new.example"), *before.properties_with_history["email"]]
    after, other = ShapedRecord("7", None, {"email": merged}), ShapedRecord("8", None, {})
    twice = [before, other, after][::order]
    assert history_table(CONTACTS, twice).equals(history_table(CONTACTS, [after]))


def test_stamps_may_be_epoch_milliseconds() -> None:
    assert ids_of(email=[HistoryEntry("1795338000500")]) == ["7:email:1795338000500:0"]


def test_an_entry_without_a_stamp_is_no_entry() -> None:
    with pytest.raises(UnreadableAnswerError, match="no readable time stamp"):
        entries_of(email=[HistoryEntry("")])
