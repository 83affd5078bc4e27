"""Which way costs fewer calls: REST pages or a Bulk job.

Measured by the first page over REST, which says how many records there are and how many of them
a page holds: 2,000, or fewer of wide ones.
"""

from math import ceil

from connectors.records import Road

REST, BULK = "rest", "bulk"
_AROUND_A_JOB = 8
"""Calls to make a job, to look at it five times or so, to list its pages, and to remove it."""
_ROWS_OF_A_RESULT = 50_000
"""Rows of a page of a Bulk result at least, as far as has been seen."""


def choose_road(announced: int, page_rows: int, queries: int) -> Road:
    """Return the road that costs fewer calls.

    Args:
        announced: Records that there are.
        page_rows: How many of them a page over REST holds.
        queries: Pages over REST that make up a page of whole records, 1 unless they are wide.
    """
    rest = ceil(announced / max(page_rows, 1)) * queries
    # The page that told of the numbers has been read already.
    bulk = 1 + _AROUND_A_JOB + ceil(announced / _ROWS_OF_A_RESULT)
    if rest <= bulk:
        return Road(REST, rest, BULK, bulk)
    return Road(BULK, bulk, REST, rest)
