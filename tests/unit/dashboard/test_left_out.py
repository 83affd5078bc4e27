"""Records and stage values that the numbers do not contain."""

from dataclasses import replace

from dashboard.left_out import table_of_set_aside, table_of_unmapped
from dashboard.rows import SetAsideCount
from tests.unit.dashboard.usual_tables import LEGACY_STATUS

FEW = SetAsideCount("hubspot", "form_submission", "submission_without_contact", 2)
MANY = SetAsideCount("salesforce", "campaign_member", "member_without_person", 1203)


def test_the_most_frequent_reason_stands_first() -> None:
    assert [row["Records"] for row in table_of_set_aside([FEW, MANY])] == [1203, 2]


def test_reason_and_object_are_said_in_words() -> None:
    (row,) = table_of_set_aside([FEW])

    assert row == {
        "Reason": "Submission without contact",
        "Records": 2,
        "CRM": "HubSpot",
        "Object": "Form submission",
    }


def test_a_stage_value_is_shown_as_the_crm_spells_it() -> None:
    (row,) = table_of_unmapped([LEGACY_STATUS])

    assert row == {
        "Value": "Open - Not Contacted",
        "Records": 1400,
        "CRM": "Salesforce",
        "Object": "Lead",
        "Field": "Status",
        "Last seen (UTC)": LEGACY_STATUS.last_seen_at,
    }


def test_the_most_frequent_stage_value_stands_first() -> None:
    seldom = replace(LEGACY_STATUS, field_value="Open", record_count=1)

    assert [row["Records"] for row in table_of_unmapped([seldom, LEGACY_STATUS])] == [1400, 1]
