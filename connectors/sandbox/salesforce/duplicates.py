"""Duplicate rules: a record like one that is there is refused, or let in on a second thought.

The answer's shape is that of recorded refusals. Source: REST API Developer Guide, "Duplicate Rule
Header".
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.org_rules import DuplicateRule, rules_for
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.queries import fetch_records
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.store import quoted


def check_duplicates(
    sandbox: Sandbox,
    known: ObjectType,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    author: Author,
) -> None:
    """Check the record that a write would leave against all others of its object.

    Args:
        sandbox: Where the records are.
        known: Their object.
        before: The record's values before the write, empty for a new one.
        after: Its values after the write.
        author: Who writes; people on pages see the warning and save.

    Raises:
        Refusal: DUPLICATES_DETECTED, with the records it is like.
    """
    saves = author.saves_duplicates and sandbox.settings.salesforce_duplicate_header
    for rule in rules_for(sandbox.settings.salesforce_duplicate_rules, DuplicateRule, known.name):
        passes = author.sees_all_fields or (rule.allow_save and saves)
        if passes or (before and not rule.on_update):
            continue
        twins = _twins(sandbox, known, rule, after)
        if twins:
            details = _result(sandbox, known, rule, twins, author)
            key = sandbox.settings.salesforce_duplicate_result_key
            raise Refusal("DUPLICATES_DETECTED", rule.message, details={key: details})


def _twins(
    sandbox: Sandbox, known: ObjectType, rule: DuplicateRule, after: Mapping[str, Any]
) -> list[str]:
    values = [after.get(name) for name in rule.fields]
    if any(value is None for value in values):
        return []
    same = " and ".join(f"{quoted(name)} = ?" for name in rule.fields)
    sql = (
        f"select Id from {known.table} where {same} and not IsDeleted and Id is not ? "  # noqa: S608 - names of our schema
        "order by Id limit 100"
    )
    return [row["Id"] for row in sandbox.store.rows(sql, *values, after.get("Id"))]


def _result(
    sandbox: Sandbox, known: ObjectType, rule: DuplicateRule, twins: list[str], author: Author
) -> dict[str, Any]:
    visible = readable_fields(sandbox.store, known)
    fields = list(visible.values()) if author.wants_duplicates else [known.fields["Id"]]
    found = fetch_records(sandbox, known, fields, twins, author.root)
    matches = {
        "entityType": known.name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": [
            {
                "additionalInformation": [],
                "fieldDiffs": [],
                "matchConfidence": 100.0,
                "record": found[twin],
            }
            for twin in twins
        ],
        "rule": rule.matching_rule,
        "size": len(twins),
        "success": True,
    }
    return {
        "allowSave": rule.allow_save,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": known.name,
        "errorMessage": rule.message,
        "matchResults": [matches],
    }
