"""The named instants of committing a load: where a process that dies may leave something behind.

In the product they do nothing. A test replaces `passing` and kills the process at each of them in
turn, so that every instant is tried and none is left to chance. Callers say
`commit_points.passing(...)`, never import the function by itself.
"""

from enum import StrEnum


class CommitPoint(StrEnum):
    """What has just been done, in the order in which a run passes it."""

    CLAIM_MADE = "claim_made"
    """The run has its epoch: older runs are fenced off; their leftovers still lie about."""
    LEFTOVERS_REMOVED = "leftovers_removed"
    """Claims and files aside that older runs left are gone."""
    ROWS_CHOSEN = "rows_chosen"
    """It is known what to keep; nothing of it is on disk."""
    ASIDE_BEGUN = "aside_begun"
    """The file aside exists and is empty."""
    ASIDE_WRITTEN = "aside_written"
    """The file aside is whole and on disk; no reader looks there."""
    EPOCH_CHECKED = "epoch_checked"
    """No newer run had claimed the CRM; the load is about to be committed."""
    LOAD_COMMITTED = "load_committed"
    """Readers see the load and its cursor; locally the file aside is there too."""
    ASIDE_REMOVED = "aside_removed"
    """Nothing is left to do for this load."""
    MARKS_NOTED = "marks_noted"
    """The state store knows which reading beside the increments has been done."""


def passing(point: CommitPoint) -> None:
    """Go on: what happens here happens in tests only."""
