"""The filter branches of a list, compiled into SQL over rows of hubspot_records.

HubSpot's documentation ("List filters"): a branch of the type OR holds branches of the type AND,
whose filters must all hold. Of the filter types, those on properties are taken.
"""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal, bad_input, list_refused
from connectors.sandbox.hubspot.filter_operators import Sql, join
from connectors.sandbox.hubspot.filters import Searchable
from connectors.sandbox.hubspot.lists.operations import OPERATIONS
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.requests import object_in, objects_of

MOST_DEPTH, MOST_PER_BRANCH = 3, 250
_BRANCHES: Mapping[str, str] = {"OR": " or ", "AND": " and "}


def compile_branch(sandbox: Sandbox, object_type: ObjectType, branch: Mapping[str, Any]) -> Sql:
    """Return the condition of a filter branch.

    Raises:
        Refusal: a branch, a filter or an operation of another kind, or an unknown property.
    """
    if branch.get("filterBranchType") != "OR":
        raise _invalid("The root filter branch must be of the type OR")
    return _compile(Searchable(sandbox, object_type), branch, MOST_DEPTH)


def _compile(searchable: Searchable, branch: Mapping[str, Any], depth: int) -> Sql:
    kind = str(branch.get("filterBranchType"))
    if kind not in _BRANCHES or depth == 0:
        raise _invalid(f"Filter branches of the type {kind} are not supported here")
    branches, given = (objects_of(branch, key) for key in ("filterBranches", "filters"))
    if len(branches) + len(given) > MOST_PER_BRANCH:
        raise _invalid(f"Up to {MOST_PER_BRANCH} filters or branches are allowed in a branch")
    below = [_compile(searchable, inner, depth - 1) for inner in branches]
    filters = [_compile_filter(searchable, one) for one in given]
    if not below and not filters:
        raise _invalid(f"A filter branch of the type {kind} must hold branches or filters")
    return join(_BRANCHES[kind], [*below, *filters])


def _compile_filter(searchable: Searchable, given: Mapping[str, Any]) -> Sql:
    if given.get("filterType") != "PROPERTY":
        raise _invalid(f"Filters of the type {given.get('filterType')} are not supported here")
    known = searchable.property(str(given.get("property")))
    operation = object_in(given, "operation")
    compile_operation = _operation_of(operation)
    made = compile_operation(searchable, known, operation)
    is_empty = f"{searchable.column(known)} is null"
    if operation.get("includeObjectsWithNoValueSet") is True:
        return Sql(f"({is_empty} or {made.text})", made.values)
    return made


def _operation_of(operation: Mapping[str, Any]) -> Callable[..., Sql]:
    kind, operator = str(operation.get("operationType")), str(operation.get("operator"))
    if kind not in OPERATIONS:
        raise _invalid(f"Operations of the type {kind} are not supported here")
    if operator not in OPERATIONS[kind]:
        known = ", ".join(OPERATIONS[kind])
        raise bad_input(f"{operator} is no operator of the type {kind}; there are {known}")
    return OPERATIONS[kind][operator]


def _invalid(message: str) -> Refusal:
    return list_refused("INVALID_FILTER_BRANCH", message)
