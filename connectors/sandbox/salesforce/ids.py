"""Salesforce record ids: 15 case-sensitive characters, or 18 with a checksum of their case."""

from connectors.sandbox.store import Store

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_INSTANCE = "5e0000"


FIRST_NEW = 30_000_000_000
"""Above the number of every seeded record, so that people who appear later keep theirs."""


def new_id(store: Store, prefix: str) -> str:
    """Return the next 18-character id of an object's key prefix."""
    return make_id(prefix, FIRST_NEW + store.next_number(f"salesforce {prefix}"))


def make_id(prefix: str, number: int) -> str:
    """Return the 18-character id of a number; greater numbers have greater ids."""
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return with_checksum(prefix + _INSTANCE + digits)


def user_id(number: int) -> str:
    """Return the id of a user by their place in the company: 0 runs sales operations."""
    return make_id("005", number + 2)


def with_checksum(id15: str) -> str:
    """Return the 18-character form of a 15-character id."""
    chunks = (id15[start : start + 5] for start in (0, 5, 10))
    return id15 + "".join(_CHECK[_capitals(chunk)] for chunk in chunks)


def full_id(text: object) -> str | None:
    """Return the 18-character form of an id of either length, or None when it is no id."""
    if not isinstance(text, str) or len(text) not in (15, 18):
        return None
    if not (text.isascii() and text.isalnum()):
        return None
    return with_checksum(text[:15])


def _capitals(chunk: str) -> int:
    return sum(1 << place for place, letter in enumerate(chunk) if letter.isupper())
