"""Rows of one request that mean the same record: none of them is written.

Source: Salesforce Help, "Error 'Duplicate Id Specified'"; rows are looked at together as they go to
triggers together, 200 at most.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field

RECORD_ID = Field("Id", "Record ID", "id")
"""The field that says it where rows of several objects come together."""


class Doubles:
    """The keys that several rows give."""

    def __init__(self, key: Field, given: Iterable[Any]) -> None:
        """Look at what each row gives in its key field; None or nothing is no key."""
        self._key = key
        counts = Counter(self._folded(value) for value in given)
        self._doubled = {folded for folded, count in counts.items() if folded and count > 1}

    def check(self, value: Any) -> None:
        """Let a row pass whose key no other row gives.

        Raises:
            Refusal: DUPLICATE_VALUE.
        """
        if self._folded(value) not in self._doubled:
            return
        if self._key.type == "id":
            raise Refusal("DUPLICATE_VALUE", f"Duplicate id specified: {value}")
        message = f"Duplicate external id specified: {value}"
        raise Refusal("DUPLICATE_VALUE", message, fields=[self._key.name])

    def _folded(self, value: Any) -> str:
        text = "" if value is None else str(value).strip()
        if self._key.type == "id":
            return full_id(text) or text
        return text if self._key.case_sensitive else text.lower()


def given_in(row: Mapping[str, Any], name: str) -> Any:
    """Return what a row gives for a field by its name in any case, or None."""
    return next((value for given, value in row.items() if given.lower() == name.lower()), None)
