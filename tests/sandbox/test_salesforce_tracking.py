"""History that an org began to keep late, or keeps no longer."""

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, lines, make

MARCH = "2026-03-01T00:00:00Z"


def fields_told(salesforce: Salesforce, condition: str) -> dict[str, int]:
    soql = f"SELECT Field, COUNT(Id) n FROM LeadHistory WHERE {condition} GROUP BY Field"
    return {row["Field"]: row["n"] for row in salesforce.query(soql)}


def is_tracked(salesforce: Salesforce, name: str) -> bool:
    where = f"EntityDefinition.QualifiedApiName = 'Lead' AND QualifiedApiName = '{name}'"
    soql = f"SELECT IsFieldHistoryTracked FROM FieldDefinition WHERE {where}"
    [field] = salesforce("GET", "tooling/query", params={"q": soql}).json()["records"]
    found: bool = field["IsFieldHistoryTracked"]
    return found


def test_nothing_is_known_of_the_time_before_a_field_was_tracked(
    salesforce: Salesforce, admin: Admin
) -> None:
    before, since = (fields_told(salesforce, f"CreatedDate {side} {MARCH}") for side in ("<", ">="))
    admin.setting(salesforce_history_since={"Lead.Status": MARCH})
    left = {field: count for field, count in before.items() if field != "Status"}
    assert fields_told(salesforce, f"CreatedDate < {MARCH}") == left != before
    assert fields_told(salesforce, f"CreatedDate >= {MARCH}") == since
    assert is_tracked(salesforce, "Status")


def test_a_field_that_is_no_longer_tracked_keeps_its_old_lines(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_history_until={"Lead.OwnerId": MARCH})
    assert "Owner" in fields_told(salesforce, f"CreatedDate < {MARCH}")
    assert "Owner" not in fields_told(salesforce, f"CreatedDate >= {MARCH}")
    assert [is_tracked(salesforce, name) for name in ("OwnerId", "Status")] == [False, True]


def test_changes_of_an_untracked_field_leave_no_line(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_history_until={"Lead.Status": MARCH})
    lead = make(salesforce, "Lead", LeadSource="Web")
    change(salesforce, "Lead", lead, Status="Working", LeadSource="Event")
    told = lines(salesforce, "LeadHistory", lead, "Field")
    assert told == [("created",), ("LeadSource",)]
    admin.setting(salesforce_history_until={})
    assert lines(salesforce, "LeadHistory", lead, "Field") == told


def test_an_object_without_history_has_no_lines(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_history_until={"Lead": "2000-01-01T00:00:00Z"})
    assert salesforce.query("SELECT Id FROM LeadHistory", everything=True) == []
    assert salesforce.query("SELECT Id FROM ContactHistory LIMIT 1") != []
    assert not is_tracked(salesforce, "Status")


@pytest.mark.parametrize(
    "moments", [{"Lead.City": MARCH}, {"Account": MARCH}, {"Lead.Status": "soon"}, {"Lead": 1}]
)
def test_only_what_has_a_history_can_be_switched(admin: Admin, moments: dict[str, object]) -> None:
    answer = admin("PATCH", "settings", {"salesforce_history_since": moments})
    assert answer.status_code == 400
