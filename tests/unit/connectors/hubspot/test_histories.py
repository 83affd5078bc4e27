from connectors.hubspot.answers import HistoryEntry, Record
from connectors.hubspot.histories import history_rows

EARLY, LATE = "2026-11-22T09:00:00.500Z", "2026-11-22T09:00:01Z"


def record(**histories: list[HistoryEntry]) -> Record:
    return Record("7", {}, histories)


def test_entries_come_oldest_first_with_their_place() -> None:
    entries = [HistoryEntry(LATE, "customer"), HistoryEntry(EARLY, "lead", "CRM_UI", "userId:1")]
    oldest, newest = history_rows("contact", record(lifecyclestage=entries))
    assert oldest.values == {
        "contact_id": "7",
        "property": "lifecyclestage",
        "value": "lead",
        "changed_at": EARLY,
        "source_type": "CRM_UI",
        "source_id": "userId:1",
        "position": 0,
    }
    assert (newest.values["value"], newest.values["position"]) == ("customer", 1)


def test_changes_of_the_same_millisecond_are_counted_from_the_oldest() -> None:
    entries = [HistoryEntry(LATE), HistoryEntry(EARLY), HistoryEntry(EARLY)]
    assert [row.record_id for row in history_rows("contact", record(hs_lead_status=entries))] == [
        "7:hs_lead_status:1795338000500:0",
        "7:hs_lead_status:1795338000500:1",
        "7:hs_lead_status:1795338001000:0",
    ]


def test_a_newer_change_leaves_older_ids_as_they_were() -> None:
    before = [HistoryEntry(EARLY, "a")]
    after = [HistoryEntry(EARLY, "b"), *before]
    [old] = history_rows("contact", record(lifecyclestage=before))
    assert next(history_rows("contact", record(lifecyclestage=after))).record_id == old.record_id
