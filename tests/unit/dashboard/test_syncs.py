"""The last sync into each CRM object."""

from dashboard.syncs import latest, table_of
from tests.unit.dashboard.usual_tables import AS_OF, plan

OLD, NEW = plan(1, "salesforce", "leads", "superseded"), plan(9, "salesforce", "leads", "waiting")
APPLIED = plan(3, "hubspot", "contacts", outcome=(100, 2, 20))
COUNTS = (
    *("Unchanged", "Written", "Rejected", "Held back"),
    *("Kept as people typed", "Not found", "Left for later"),
)


def test_only_the_newest_plan_of_each_object_is_kept() -> None:
    assert latest([NEW, OLD, APPLIED]) == [APPLIED, NEW]


def test_a_plan_reads_as_a_row_of_counts() -> None:
    (row,) = table_of([APPLIED])

    assert [*row] == ["CRM", "Object", "As of (UTC)", "State", "Records", *COUNTS]
    assert [*row.values()] == [
        *("HubSpot", "contacts", AS_OF, "Applied", 4000),
        *(3868, 100, 2, 2, 5, 3, 20),
    ]


def test_the_counts_of_an_applied_plan_sum_to_its_records() -> None:
    (row,) = table_of([APPLIED])

    assert sum(int(str(row[count])) for count in COUNTS) == row["Records"]


def test_a_plan_that_waits_for_a_person_says_so_and_leaves_all_for_later() -> None:
    (row,) = table_of([NEW])

    assert (row["State"], row["Written"], row["Left for later"]) == (
        "Waits for approval",
        None,
        122,
    )
