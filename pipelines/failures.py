"""What failed in a run of dbt, in words that hold nothing of what records say."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

KIND = re.compile(r"\b[A-Z]\w+ Error\b(?! in)")
"""What dbt and its adapters call an error; what follows may quote a value."""
_BAD = frozenset({"error", "fail"})


def kind_of(message: str) -> str | None:
    """Return what kind of error a message tells of; None where it names none."""
    kinds = KIND.findall(message)
    return str(kinds[-1]) if kinds else None


def what_failed(results: Iterable[Any], operations: Sequence[str]) -> str:
    """Return what failed and how to look at it.

    Args:
        results: dbt's results of nodes and operations.
        operations: Kinds of the errors that stopped operations, which have no results of use.
    """
    bad = [result for result in results if str(result.status) in _BAD]
    nodes = [result for result in bad if getattr(result, "node", None) is not None]
    others = operations or [str(result.unique_id) for result in bad if result not in nodes]
    named = sorted({*(_told(result) for result in nodes), *others})
    return f"dbt failed at: {', '.join(named)}{_next_step(nodes)}"


def _told(result: Any) -> str:
    if str(result.status) == "fail":
        return f"{result.node.name} ({result.failures or 0} rows)"
    kind = kind_of(result.message or "")
    return f"{result.node.name} ({kind})" if kind else str(result.node.name)


def _next_step(failed: Sequence[Any]) -> str:
    """Return where the SQL of a node is that failed; a test's tells the rows."""
    compiled = sorted(result.node.compiled_path for result in failed if result.node.compiled_path)
    if not compiled:
        return ""
    return (
        f". Run {compiled[0]} on warehouse.duckdb to see why; what was published before still"
        " stands"
    )
