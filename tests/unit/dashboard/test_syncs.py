"""The last sync into each CRM object."""

from datetime import timedelta

from dashboard.rows import SyncResult
from dashboard.syncs import latest, table_of
from tests.unit.dashboard.published_builder import AS_OF

NEW = SyncResult("salesforce", "leads", AS_OF, 3, 97, 1)
OLD = SyncResult("salesforce", "leads", AS_OF - timedelta(days=1), 100, 0, 0)
CONTACTS = SyncResult("hubspot", "contacts", AS_OF - timedelta(days=2), 5, 5, 0)


def test_only_the_newest_result_of_each_object_is_kept() -> None:
    assert latest([NEW, OLD, CONTACTS]) == [CONTACTS, NEW]


def test_a_result_reads_as_a_row_of_counts() -> None:
    assert table_of([NEW]) == [
        {
            "CRM": "Salesforce",
            "Object": "leads",
            "As of (UTC)": AS_OF,
            "Written": 3,
            "Unchanged": 97,
            "Rejected": 1,
        }
    ]
