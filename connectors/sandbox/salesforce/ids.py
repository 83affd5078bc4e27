"""Salesforce record ids: 15 case-sensitive characters, or 18 with a checksum of their case."""

from connectors.sandbox.store import Store

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = tuple(first + second for first in _DIGITS for second in _DIGITS)
_CAPITALS = str.maketrans({digit: str(int(digit.isupper())) for digit in _DIGITS})
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_INSTANCE = "5e0000"


FIRST_NEW = 30_000_000_000
"""Above the number of every seeded record, so that people who appear later keep theirs."""


def new_id(store: Store, prefix: str) -> str:
    """Return the next 18-character id of an object's key prefix."""
    return make_id(prefix, FIRST_NEW + store.next_number(f"salesforce {prefix}"))


def custom_prefix(store: Store) -> str:
    """Return the key prefix of the next custom object: a00, a01 and so on."""
    return "a" + _PAIRS[store.next_number("salesforce custom object") - 1]


def make_id(prefix: str, number: int) -> str:
    """Return the 18-character id of a number; greater numbers have greater ids."""
    rest, last = divmod(number, len(_PAIRS))
    first, middle = divmod(rest, len(_PAIRS))
    return with_checksum(prefix + _INSTANCE + _PAIRS[first] + _PAIRS[middle] + _PAIRS[last])


def user_id(number: int) -> str:
    """Return the id of a user by their place in the company: 0 runs sales operations."""
    return make_id("005", number + 2)


def with_checksum(id15: str) -> str:
    """Return the 18-character form of a 15-character id."""
    capitals = id15.translate(_CAPITALS)[::-1]
    checks = (int(capitals[start : start + 5], 2) for start in (10, 5, 0))
    return id15 + "".join(_CHECK[check] for check in checks)


def full_id(text: object) -> str | None:
    """Return the 18-character form of an id of either length, or None when it is no id.

    Nor is it one when its last three characters do not fit the case of the others.
    """
    if not isinstance(text, str) or len(text) not in (15, 18):
        return None
    if not (text.isascii() and text.isalnum()):
        return None
    whole = with_checksum(text[:15])
    return whole if len(text) == len(text[:15]) or text == whole else None
