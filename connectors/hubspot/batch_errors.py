"""What the errors of a batch's answer say: who is gone, who has nothing to tell, what has failed.

A record is gone only where HubSpot says so. Whatever else is told of it, a fault of HubSpot's own
among them, is no answer, and is asked for again.
Source: developers.hubspot.com, "Error handling" (multi-status errors); recorded answers.
"""

from collections.abc import Collection, Iterable

from connectors.hubspot.answers import BatchError
from connectors.hubspot.insisting import ContradictionError

_NOT_FOUND = "OBJECT_NOT_FOUND"
_ALONE = "crm.associations.NO_ASSOCIATIONS_FOUND"
_GONE_AT_THIS_END = "crm.associations.FROM_OBJECT_NOT_FOUND"
_FROM = "fromObjectId"


def check_errors(path: str, errors: Iterable[BatchError]) -> None:
    """See that the errors tell of records that are gone or alone, and of nothing else.

    Raises:
        ContradictionError: part of the answer has failed; asked again, it may be whole.
    """
    for error in filter(_is_failure, errors):
        what = f"part of the answer is missing ({error.sub_category or error.category})"
        raise ContradictionError("hubspot", path, what)


def failed(errors: Iterable[BatchError], asked: Collection[str]) -> set[str]:
    """Return those asked for that HubSpot failed at; none where a failure names none of them.

    One that was asked for alone needs no name.
    """
    wanted, failures = set(asked), list(filter(_is_failure, errors))
    if failures and len(wanted) == 1:
        return wanted
    named = [wanted & _named(error) for error in failures]
    return set().union(*named) if all(named) else set()


def _named(error: BatchError) -> set[str]:
    return {record_id for name in ("ids", _FROM) for record_id in error.context.get(name, ())}


def _is_failure(error: BatchError) -> bool:
    return _NOT_FOUND not in (error.category, error.sub_category) and error.sub_category != _ALONE


def gone(errors: Iterable[BatchError]) -> set[str]:
    """Return the ids that errors tell no record has."""
    found: set[str] = set()
    for error in errors:
        if _is_failure(error):
            continue
        found.update(error.context.get("ids", ()))
        if error.sub_category == _GONE_AT_THIS_END:
            found.update(error.context.get(_FROM, ()))
    return found


def alone(errors: Iterable[BatchError]) -> set[str]:
    """Return the ids of records that errors tell are associated with nothing."""
    telling = (e for e in errors if e.sub_category != _GONE_AT_THIS_END and not _is_failure(e))
    return {record_id for error in telling for record_id in error.context.get(_FROM, ())}
