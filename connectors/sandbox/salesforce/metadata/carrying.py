"""Carrying out a deployment: each component by itself, and all of it undone where that is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata.components import KINDS
from connectors.sandbox.salesforce.metadata.package import Component
from connectors.sandbox.salesforce.times import stamp

Message = dict[str, Any]
_ORDER = tuple(KINDS)


@dataclass(frozen=True)
class Carried:
    """What became of a package's components, a message for each."""

    successes: Sequence[Message]
    failures: Sequence[Message]


class _UndoneError(Exception):
    """The deployment is not to last."""


def carry_out(
    sandbox: Sandbox, components: Sequence[Component], *, check_only: bool, all_or_none: bool
) -> Carried:
    """Put components into the org and take away those that are to go.

    Args:
        sandbox: Where the org is.
        components: What the package holds.
        check_only: Whether all is undone in the end, whatever came of it.
        all_or_none: Whether all is undone if anything fails.
    """
    try:
        with sandbox.store.savepoint():
            messages = _each(sandbox, components)
            failures = [message for message in messages if not message["success"]]
            if check_only or (all_or_none and failures):
                raise _UndoneError
    except _UndoneError:
        pass
    return Carried([message for message in messages if message["success"]], failures)


def _each(sandbox: Sandbox, components: Sequence[Component]) -> list[Message]:
    removed = [_apply(sandbox, part) for part in components if part.removes]
    waiting = sorted((part for part in components if not part.removes), key=_rank)
    done: list[Message] = []
    while waiting:
        # A formula may read a field that comes later in the file: those that fail try again.
        tried = [(part, _apply(sandbox, part)) for part in waiting]
        done += [message for _, message in tried if message["success"]]
        failed = [part for part, message in tried if not message["success"]]
        if len(failed) == len(waiting):
            done += [message for _, message in tried]
            break
        waiting = failed
    return [*removed, *done]


def _rank(part: Component) -> tuple[int, bool]:
    known = _ORDER.index(part.kind) if part.kind else len(_ORDER)
    return known, bool(part.metadata.get("formula"))


def _apply(sandbox: Sandbox, part: Component) -> Message:
    if part.problem:
        return _message(sandbox, part, problem=part.problem)
    kind = KINDS[part.kind]
    try:
        with sandbox.store.savepoint():
            if part.removes:
                return _removed(sandbox, part)
            outcome = kind.put(sandbox, part.full_name, part.metadata)
    except Refusal as refusal:
        return _message(sandbox, part, problem=refusal.message)
    return _message(sandbox, part, id=outcome.id, created=outcome.created, changed=outcome.changed)


def _removed(sandbox: Sandbox, part: Component) -> Message:
    kind = KINDS[part.kind]
    if kind.read(sandbox.store, part.full_name) is None:
        # Taking away what is not there is a warning, and no failure.
        problem = f"No {part.kind} named: {part.full_name} found"
        return _message(sandbox, part) | {"problem": problem, "problemType": "Warning"}
    removed = kind.delete(sandbox, part.full_name)
    return _message(sandbox, part, id=removed, changed=True) | {"deleted": True}


def _message(sandbox: Sandbox, part: Component, **told: Any) -> Message:
    problem = told.get("problem")
    return {
        "changed": told.get("changed", False),
        "columnNumber": part.column if problem and part.column else None,
        "componentType": part.kind,
        "created": told.get("created", False),
        "createdDate": stamp(sandbox.clock.now),
        "deleted": False,
        "fileName": part.file,
        "fullName": part.full_name,
        "id": told.get("id") or None,
        "lineNumber": part.line if problem and part.line else None,
        "problem": problem,
        "problemType": "Error" if problem else None,
        "success": problem is None,
    }


def manifest_message(sandbox: Sandbox, names: Iterable[str]) -> list[Message]:
    """Return the messages about package.xml and its like, which count as no components."""
    return [_message(sandbox, Component("", name, name), changed=True) for name in names]
