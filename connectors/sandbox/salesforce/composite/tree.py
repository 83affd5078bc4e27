"""sObject trees: up to 200 new records with their children, all created or none.

Source: REST API Developer Guide, "sObject Tree": on failure only what failed is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.records import create_record
from connectors.sandbox.salesforce.requests import author_of, json_object, object_of
from connectors.sandbox.salesforce.schema import ObjectType, find_type
from connectors.sandbox.web import Answer, Call, Endpoint

RECORDS, TYPES, LEVELS = 200, 5, 5
_PARENT_FIELDS: Mapping[tuple[str, str], str] = {
    ("Account", "Contacts"): "AccountId",
    ("Account", "Opportunities"): "AccountId",
    ("Account", "Tasks"): "WhatId",
    ("Account", "Events"): "WhatId",
    ("Contact", "Tasks"): "WhoId",
    ("Contact", "Events"): "WhoId",
    ("Contact", "CampaignMembers"): "ContactId",
    ("Contact", "OpportunityContactRoles"): "ContactId",
    ("Lead", "Tasks"): "WhoId",
    ("Lead", "Events"): "WhoId",
    ("Lead", "CampaignMembers"): "LeadId",
    ("Opportunity", "Tasks"): "WhatId",
    ("Opportunity", "Events"): "WhatId",
    ("Opportunity", "OpportunityContactRoles"): "OpportunityId",
    ("Campaign", "CampaignMembers"): "CampaignId",
    ("Campaign", "Opportunities"): "CampaignId",
}
"""The field by which the records under a child relationship refer to their parent."""


@dataclass(frozen=True)
class Node:
    """One record of a tree, with the field and the reference id of its parent."""

    known: ObjectType
    reference_id: str
    values: Mapping[str, Any]
    parent_field: str = ""
    parent: str = ""


class _FailedError(Exception):
    """Some records could not be created."""

    def __init__(self, results: list[dict[str, Any]]) -> None:
        super().__init__()
        self.results = results


def create_tree(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/tree/X."""
    known = object_of(sandbox, call)
    nodes = list(_read(sandbox, known, json_object(call).get("records"), Node(known, "", {}), 1))
    _check(nodes)
    try:
        with sandbox.store.savepoint():
            ids = _create(sandbox, call, nodes)
    except _FailedError as failed:
        return Answer(400, {"hasErrors": True, "results": failed.results})
    results = [{"referenceId": name, "id": record_id} for name, record_id in ids.items()]
    return Answer(201, {"hasErrors": False, "results": results})


def _create(sandbox: Sandbox, call: Call, nodes: Sequence[Node]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for node in nodes:
        link = {node.parent_field: ids[node.parent]} if node.parent else {}
        try:
            created = create_record(sandbox, node.known, {**node.values, **link}, author_of(call))
        except Refusal as refusal:
            errors = [refusal.row_error()]
            result = {"referenceId": node.reference_id, "errors": errors}
            raise _FailedError([result]) from refusal
        ids[node.reference_id] = created
    return ids


def _read(
    sandbox: Sandbox, known: ObjectType, listed: Any, parent: Node, level: int
) -> Iterator[Node]:
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise bad_json("records: a list of objects is required")
    if level > LEVELS:
        raise Refusal("LIMIT_EXCEEDED", f"A tree can't be deeper than {LEVELS} levels")
    for entry in listed:
        attributes = entry.get("attributes") or {}
        named = find_type(sandbox.store, str(attributes.get("type")))
        if named is None or (level == 1 and named.name != known.name):
            message = f"sObject type '{attributes.get('type')}' is not supported."
            raise Refusal("INVALID_TYPE", message)
        values = {name: value for name, value in entry.items() if not _is_branch(value)}
        link = _PARENT_FIELDS.get((parent.known.name, parent.parent_field), "")
        node = Node(
            named, str(attributes.get("referenceId", "")), values, link, parent.reference_id
        )
        yield node
        for name, branch in entry.items():
            if _is_branch(branch):
                yield from _children(sandbox, node, name, branch, level + 1)


def _children(
    sandbox: Sandbox, node: Node, relationship: str, branch: Any, level: int
) -> Iterator[Node]:
    if (node.known.name, relationship) not in _PARENT_FIELDS:
        message = f"No such column '{relationship}' on sobject of type {node.known.name}"
        raise Refusal("INVALID_FIELD", message)
    parent = Node(node.known, node.reference_id, {}, relationship)
    yield from _read(sandbox, node.known, branch["records"], parent, level)


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict) and "records" in value


def _check(nodes: Sequence[Node]) -> None:
    if not nodes or len(nodes) > RECORDS:
        raise Refusal("LIMIT_EXCEEDED", f"A tree holds between 1 and {RECORDS} records")
    if len({node.known.name for node in nodes}) > TYPES:
        raise Refusal("LIMIT_EXCEEDED", f"A tree holds records of at most {TYPES} types")
    names = [node.reference_id for node in nodes]
    doubled = [name for name in names if not name or names.count(name) > 1]
    if doubled:
        message = f"Duplicate ReferenceId provided in the request: {doubled[0]}"
        raise Refusal("INVALID_INPUT", message)


ENDPOINTS = (
    Endpoint("POST", "/services/data/{version}/composite/tree/{object}", create_tree, "write"),
)
