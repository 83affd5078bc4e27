"""Inputs of a batch one by one, and the answer that tells of them all.

HubSpot's guide ("Multi-status errors"): an input that carries an `objectWriteTraceId` fails alone,
and the answer is a 207 that names it; without one its failure is that of the whole batch. Results
come in another order than the inputs.
"""

from collections.abc import Callable, Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View, completed, mixed
from connectors.sandbox.hubspot.errors import ContactExists, Refusal
from connectors.sandbox.hubspot.portal_rules import RuleBroken
from connectors.sandbox.web import Answer

TRACE = "objectWriteTraceId"


def each_input(
    sandbox: Sandbox, inputs: Sequence[View], write: Callable[[View], View | None]
) -> tuple[list[View], list[View]]:
    """Write every input by itself; return the views of what was written, and the errors.

    An input of which `write` returns None is in neither.

    Raises:
        Refusal: an input fails that can't fail alone.
    """
    views, errors = [], []
    for entry in inputs:
        try:
            with sandbox.store.savepoint():
                view = write(entry)
        except Refusal as refusal:
            if not _fails_alone(refusal, entry):
                raise
            errors.append(_error(refusal, entry))
        else:
            if view is not None:
                views.append(view | ({TRACE: entry[TRACE]} if TRACE in entry else {}))
    return views, errors


def _fails_alone(refusal: Refusal, entry: View) -> bool:
    codes = [error.get("code") for error in refusal.more.get("errors", ())]
    if "PROPERTY_DOESNT_EXIST" in codes:
        return False
    return TRACE in entry or (isinstance(refusal, RuleBroken) and "id" in entry)


def _error(refusal: Refusal, entry: View) -> View:
    context: dict[str, list[str]] = dict(refusal.more.get("context", {}))
    if TRACE in entry:
        context[TRACE] = [str(entry[TRACE])]
    if "id" in entry:
        context["ids"] = [str(entry["id"])]
    if isinstance(refusal, ContactExists):
        context["existingId"] = [str(refusal.contact_id)]
    return {
        "status": "error",
        "category": refusal.category,
        "message": refusal.message,
        "context": context,
    }


def batch_answer(
    sandbox: Sandbox, views: list[View], errors: Sequence[View], status: int = 200
) -> Answer:
    """Return the answer to a batch: a 207 as soon as there is an error."""
    return completed(sandbox, _out_of_order(sandbox, views), errors, status)


def _out_of_order(sandbox: Sandbox, views: list[View]) -> list[View]:
    shuffled = mixed(sandbox, views, ",".join(view["id"] for view in views))
    return shuffled if shuffled != views else shuffled[::-1]
