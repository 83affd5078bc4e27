"""References from one subrequest to the answer of an earlier one: `@{newAccount.id}`.

Source: REST API Developer Guide, "Composite Subrequest": a dot names a field, brackets an element.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.salesforce.composite.subrequests import REFERENCE_ID_RULE, Subrequest
from connectors.sandbox.salesforce.counts import read_count

_REFERENCE = re.compile(r"@\{([^}]*)\}")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


class DanglingError(Exception):
    """A reference leads to nothing."""

    def __init__(self, reference: str) -> None:
        origin = re.split(r"[.\[]", reference)[0]
        super().__init__(
            f"Invalid reference specified. No value for {reference} found in {origin}. Provided "
            f"referenceId ('{reference}') {REFERENCE_ID_RULE}"
        )


def resolved(request: Subrequest, answers: Mapping[str, Any]) -> Subrequest:
    """Return a request whose references are replaced by values of earlier answers.

    Args:
        request: The request as it was given.
        answers: Bodies of answers so far, by reference id; failed requests have none.

    Raises:
        DanglingError: a reference leads to nothing, or to null.
    """
    return replace(request, url=_filled(request.url, answers), body=_filled(request.body, answers))


def references_of(request: Subrequest) -> set[str]:
    """Return the reference ids that a request refers to."""
    texts = [request.url, *_texts(request.body)]
    found = (reference for text in texts for reference in _REFERENCE.findall(text))
    return {re.split(r"[.\[]", reference)[0] for reference in found}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _filled(value: Any, answers: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, answers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, answers) for inner in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _looked_up(whole[1], answers)
    return _REFERENCE.sub(lambda found: str(_looked_up(found[1], answers)), value)


def _looked_up(reference: str, answers: Mapping[str, Any]) -> Any:
    value: Any = answers
    for step in _STEP.findall(reference):
        value = _stepped(value, step)
        if value is None:
            raise DanglingError(reference)
    return value


def _stepped(value: Any, step: str) -> Any:
    if step.startswith("["):
        is_list = isinstance(value, list)
        place = read_count(step[1:-1], len(value) - 1) if is_list else None
        return None if place is None else value[place]
    if not isinstance(value, Mapping):
        return None
    folded = {str(name).lower(): inner for name, inner in value.items()}
    return value.get(step, folded.get(step.lower()))
