"""Queries in a field list: the children of each record found.

Source: SOQL and SOSL Reference, "Relationship Queries": parents without children have null.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.relationships import ChildRelationship, child_relationships
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.plan import Plan, plan_in
from connectors.sandbox.salesforce.soql.scope import Scope
from connectors.sandbox.salesforce.soql.shape import Record, Shape
from connectors.sandbox.salesforce.soql.sql import Sql, joined
from connectors.sandbox.salesforce.soql.syntax import Path, Query
from connectors.sandbox.store import quoted


def add_children(sandbox: Sandbox, plan: Plan, records: Sequence[Record], root: str) -> None:
    """Add to each record what the queries within the query find below it.

    Raises:
        Refusal: an unknown relationship, or what is wrong with an inner query.
    """
    for query in plan.children:
        relation = _relationship(plan, query.source)
        inner = _inner_plan(plan, query, relation, [_id_of(record) for record in records])
        below = _children_of(sandbox, inner, relation, root)
        for record in records:
            found = below.get(_id_of(record), [])
            end = None if query.limit is None else query.offset + query.limit
            found = found[query.offset : end]
            listed = {"totalSize": len(found), "done": True, "records": found}
            record[str(relation.name)] = listed if found else None


def find_down(org: Org, known: ObjectType, name: str) -> ChildRelationship | None:
    """Return the relationship by which records refer to those of an object, or None."""
    for one in child_relationships(org.types.values(), known):
        is_meant = (one.name or "").lower() == name.lower()
        if is_meant and one.field.name.lower() in org.fields_of(one.child):
            return one
    return None


def _relationship(plan: Plan, source: Path) -> ChildRelationship:
    name = source.text.rpartition(".")[2]
    relation = find_down(plan.scope.org, plan.known, name)
    if relation is None:
        raise plan.scope.refused(source, _unknown(name), "INVALID_TYPE")
    return relation


def _unknown(name: str) -> str:
    return (
        f"Didn't understand relationship '{name}' in FROM part of query call. If you are "
        "attempting to use a custom relationship, be sure to append the '__r' after the custom "
        "relationship name. Please reference your WSDL or the describe call for the appropriate "
        "names."
    )


def _inner_plan(
    plan: Plan, query: Query, relation: ChildRelationship, parents: Sequence[str]
) -> Plan:
    """Return the plan of an inner query for the children of some records."""
    outer = plan.scope
    scope = Scope(outer.org, outer.soql, relation.child, "c", query.alias)
    inner = replace(plan_in(scope, query), limits="")
    if inner.children or not inner.outputs:
        message = "only one level of inner queries is served here, and none that counts"
        raise Refusal("MALFORMED_QUERY", message)
    among = Sql(
        f"{_reference(relation)} in (select value from json_each(?))",  # noqa: S608 - a column of the schema
        (json.dumps(parents),),
    )
    return replace(inner, where=joined([among, inner.where], "and"))


def _children_of(
    sandbox: Sandbox, inner: Plan, relation: ChildRelationship, root: str
) -> dict[str, list[Record]]:
    shape = Shape(inner, root)
    wanted = inner.select([_reference(relation), *shape.columns])
    rows = [tuple(row) for row in sandbox.store.rows(wanted.text, *wanted.values)]
    below: dict[str, list[Record]] = {}
    for row, record in zip(rows, shape.records(row[1:] for row in rows), strict=True):
        below.setdefault(row[0], []).append(record)
    return below


def _reference(relation: ChildRelationship) -> str:
    return f"c.{quoted(relation.field.name)}"


def _id_of(record: Record) -> str:
    return str(record["attributes"]["url"]).rpartition("/")[2]
