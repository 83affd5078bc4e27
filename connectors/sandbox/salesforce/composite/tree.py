"""sObject trees: up to 200 new records with their children, all created or none.

Source: REST API Developer Guide, "sObject Tree": on failure only what failed is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.undoing import UndoneError
from connectors.sandbox.salesforce.errors import Refusal, bad_json, no_such_column
from connectors.sandbox.salesforce.intake import type_of
from connectors.sandbox.salesforce.records import create_record
from connectors.sandbox.salesforce.relationships import child_relationships
from connectors.sandbox.salesforce.requests import author_of, json_object, object_of
from connectors.sandbox.salesforce.schema import ObjectType, object_types
from connectors.sandbox.web import Answer, Call, Endpoint

RECORDS, TYPES, LEVELS = 200, 5, 5


@dataclass(frozen=True)
class Node:
    """One record of a tree, with the field and the reference id of its parent."""

    known: ObjectType
    reference_id: str
    values: Mapping[str, Any]
    parent_field: str = ""
    parent: str = ""


def create_tree(sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/tree/X."""
    known = object_of(sandbox, call)
    nodes = list(_read(sandbox, known, json_object(call).get("records"), Node(known, "", {}), 1))
    _check(nodes)
    try:
        with sandbox.store.savepoint():
            ids = _create(sandbox, call, nodes)
    except UndoneError as failed:
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
            raise UndoneError([result]) from refusal
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
        named = type_of(sandbox, entry)
        if named.name != known.name:
            raise Refusal("INVALID_TYPE", f"sObject type '{named.name}' is not supported.")
        values = {name: value for name, value in entry.items() if not _is_branch(value)}
        reference_id = str(entry["attributes"].get("referenceId", ""))
        node = Node(named, reference_id, values, parent.parent_field, parent.reference_id)
        yield node
        for name, branch in entry.items():
            if _is_branch(branch):
                yield from _children(sandbox, node, name, branch, level + 1)


def _children(
    sandbox: Sandbox, node: Node, relationship: str, branch: Any, level: int
) -> Iterator[Node]:
    below = child_relationships(object_types(sandbox.store).values(), node.known)
    found = next((each for each in below if each.name == relationship), None)
    if found is None:
        raise no_such_column(relationship, node.known.name)
    parent = Node(node.known, node.reference_id, {}, found.field.name)
    yield from _read(sandbox, found.child, branch["records"], parent, level)


def _is_branch(value: Any) -> bool:
    return isinstance(value, dict) and "records" in value


def _check(nodes: Sequence[Node]) -> None:
    if not nodes or len(nodes) > RECORDS:
        raise Refusal("LIMIT_EXCEEDED", f"A tree holds between 1 and {RECORDS} records")
    if len({node.known.name for node in nodes}) > TYPES:
        raise Refusal("LIMIT_EXCEEDED", f"A tree holds records of at most {TYPES} types")
    names = [node.reference_id for node in nodes]
    if not all(names):
        raise Refusal("INVALID_INPUT", "Include a reference ID for each record in the request.")
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        message = f"Duplicate ReferenceId provided in the request: {doubled[0]}"
        raise Refusal("INVALID_INPUT", message)


ENDPOINTS = (
    Endpoint("POST", "/services/data/{version}/composite/tree/{object}", create_tree, "write"),
)
