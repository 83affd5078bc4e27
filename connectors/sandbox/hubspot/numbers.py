"""Whole numbers in texts, ids among them, as far as the store can keep them."""

import re

_DIGITS = re.compile(r"[0-9]{1,19}")


def number_in(text: str) -> int | None:
    """Return what digits tell, or None for any other text and for more than 63 bits."""
    number = int(text) if _DIGITS.fullmatch(text) else None
    return number if number is not None and number < 1 << 63 else None


def id_of(text: str) -> int:
    """Return an id from a path or a body; 0, which nothing has, for what is none."""
    return number_in(text) or 0
