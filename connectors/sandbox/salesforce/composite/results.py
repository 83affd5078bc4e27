"""One result for each record of a collection, and all or none of them kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.undoing import UndoneError
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.web import Answer

Result = dict[str, Any]
Write = Callable[[dict[str, Any]], Result]
"""Writes a record and returns what its result says besides success."""


def each(
    sandbox: Sandbox,
    records: Sequence[dict[str, Any]],
    write: Write,
    *,
    all_or_none: bool,
    when_refused: Callable[[dict[str, Any]], Result] = lambda _: {},
    extra_when_refused: Mapping[str, Any] | None = None,
) -> Answer:
    """Write every record and answer with a result for each, in their order.

    Args:
        sandbox: Where the records go.
        records: The records as they were given.
        write: Writes one; a refusal is its result, unless the whole request can't be read.
        all_or_none: Whether one refusal undoes all.
        when_refused: What a result says of a record that was refused, such as its id.
        extra_when_refused: What the results of refused records end with.
    """
    extra = dict(extra_when_refused or {})

    def refused(record: dict[str, Any], refusal: Refusal) -> Result:
        errors = [refusal.row_error()]
        return {**when_refused(record), "success": False, "errors": errors, **extra}

    def attempt(record: dict[str, Any]) -> Result:
        try:
            with sandbox.store.savepoint():
                made = write(record)
        except Refusal as refusal:
            if refusal.code == "JSON_PARSER_ERROR":
                raise
            return refused(record, refusal)
        return {"id": made["id"], "success": True, "errors": []} | made

    try:
        with sandbox.store.savepoint():
            results = [attempt(record) for record in records]
            if all_or_none and not all(result["success"] for result in results):
                raise UndoneError(results)
    except UndoneError as undone:
        pairs = zip(records, undone.results, strict=True)
        results = [refused(r, _undone()) if result["success"] else result for r, result in pairs]
    return Answer(200, results)


def _undone() -> Refusal:
    return Refusal(
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "Record rolled back because not all records were valid and the request was using "
        "AllOrNone header",
    )
