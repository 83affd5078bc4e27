"""Finding records by words.

A field holds a word when it has it between blanks or punctuation; `a@b.example` is looked for as
its parts, one after another. Source: SOQL and SOSL Reference, "FIND {SearchQuery}".
"""

from collections.abc import Iterator
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.plan import Plan, plan_query
from connectors.sandbox.salesforce.soql.scope import column_sql
from connectors.sandbox.salesforce.soql.shape import Record, Shape
from connectors.sandbox.salesforce.soql.sql import Sql, joined
from connectors.sandbox.salesforce.soql.syntax import Expression, Path, Query, Selected
from connectors.sandbox.salesforce.sosl.syntax import FieldKind, Search

_PUNCTUATION = "@.-_/,;:'()"
_TEXTS = frozenset({"string", "email", "phone", "url", "textarea", "picklist", "combobox"})
_NAMES = frozenset({"Name", "FirstName", "LastName"})


def find(sandbox: Sandbox, sosl: str, search: Search, root: str) -> list[Record]:
    """Return the living records that hold the words of a search, object by object.

    Args:
        sandbox: Where the org is.
        sosl: The text of the search, for refusals to point into.
        search: What it says.
        root: The versioned path that links start with.

    Raises:
        Refusal: an unknown object or field.
    """
    org = Org(sandbox)
    found: list[Record] = []
    for query in search.returning or _everything(org):
        plan = _searched(plan_query(org, sosl, query), search)
        shape = Shape(plan, root)
        wanted = plan.select(shape.columns)
        found += shape.records(sandbox.store.rows(wanted.text, *wanted.values))
    return found[: search.limit]


def _everything(org: Org) -> Iterator[Query]:
    for known in org.types.values():
        if known.mergeable:
            yield Query((Selected(Expression(Path("Id", 0))),), Path(known.name, 0))


def _searched(plan: Plan, search: Search) -> Plan:
    """Return a plan whose records also hold the words."""
    fields = [f for f in plan.scope.org.fields_of(plan.known).values() if _is_in(f, search.kind)]
    words = [_holds(plan.known, fields, plan.scope.alias, word) for word in search.words]
    return replace(plan, where=joined([*words, plan.where], "and"))


def _is_in(field: Field, kind: FieldKind) -> bool:
    if kind == "name":
        return field.name in _NAMES
    if kind == "all":
        return field.type in _TEXTS
    return field.type == kind


def _holds(known: ObjectType, fields: list[Field], alias: str, word: str) -> Sql:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"% {_spaced(escaped).replace('*', '%').replace('?', '_')} %"
    parts = [
        Sql(
            f"' ' || {_spaced_sql(column_sql(known, field, alias))} || ' ' like ? escape '\\'",
            (pattern,),
        )
        for field in fields
    ]
    return joined(parts, "or") if parts else Sql("0")


def _spaced(word: str) -> str:
    for mark in _PUNCTUATION:
        word = word.replace(f"\\{mark}", " ").replace(mark, " ")
    return word


def _spaced_sql(column: str) -> str:
    for mark in _PUNCTUATION:
        column = f"replace({column}, '{mark.replace(chr(39), chr(39) * 2)}', ' ')"
    return column
