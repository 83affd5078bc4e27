"""Long lists of ids in portions."""

from collections.abc import Iterator, Sequence

PORTION = 10_000
"""Records asked for in one call of a source, which makes of it as many requests as it needs."""


def portions(record_ids: Sequence[str], most: int | None = None) -> Iterator[Sequence[str]]:
    """Yield the ids in their order, at most so many, or PORTION, at a time."""
    size = most or PORTION
    for at in range(0, len(record_ids), size):
        yield record_ids[at : at + size]
