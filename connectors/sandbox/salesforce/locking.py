"""Row locks: who writes a child keeps its parent locked, and others wait or are turned away."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import ObjectType

_PARENTS = frozenset({"Account", "Campaign", "Opportunity"})


def lock_parents(sandbox: Sandbox, known: ObjectType, *states: Mapping[str, Any]) -> None:
    """Lock the parents that a record has, before and after a write, if the org locks at all.

    Raises:
        Refusal: UNABLE_TO_LOCK_ROW, since another request holds one of them.
        RowsHeldError: the same, and the org's requests wait for a while.
    """
    seconds = sandbox.settings.salesforce_lock_seconds
    if not seconds:
        return
    references = [field.name for field in known.fields.values() if _PARENTS & {*field.refers_to}]
    parents = {state.get(name) for state in states for name in references} - {None}
    own = {state["Id"] for state in states if known.name in _PARENTS and "Id" in state}
    taken = sandbox.row_locks.take(map(str, parents | own), seconds)
    if taken:
        message = (
            "unable to obtain exclusive access to this record or "
            f"{len(taken)} records: {','.join(taken)}"
        )
        raise Refusal("UNABLE_TO_LOCK_ROW", message)
