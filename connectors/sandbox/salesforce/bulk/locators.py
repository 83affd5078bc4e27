"""Locators: places in a list, written as Salesforce does: `MTAwMDA` is 10000 in base64."""

import base64
import binascii

from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal


def locator_of(place: str | int) -> str:
    """Return the locator of a place."""
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def place_of(locator: str) -> str:
    """Return the place of a locator.

    Raises:
        Refusal: INVALID_QUERY_LOCATOR.
    """
    try:
        padded = locator + "=" * (-len(locator) % 4)
        return base64.urlsafe_b64decode(padded).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        raise bad_locator(locator) from None


def row_of(locator: str) -> int:
    """Return the number of the row that a locator leads to.

    Raises:
        Refusal: INVALID_QUERY_LOCATOR.
    """
    row = read_count(place_of(locator))
    if row is None:
        raise bad_locator(locator)
    return row


def bad_locator(locator: str) -> Refusal:
    """A locator that leads nowhere."""
    return Refusal("INVALID_QUERY_LOCATOR", f"invalid query locator: {locator}")
