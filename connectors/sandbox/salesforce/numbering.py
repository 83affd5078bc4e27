"""Numbers that records get one after the other, in the format of their field.

Source: Metadata API Developer Guide, "CustomField", `displayFormat`: `C-{0000}` has four digits.
"""

import re

from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.store import Store

_FIRST = 1_000
"""Numbers begin above it, as those of an org that has been used for a while."""
_DIGITS = re.compile(r"\{(0+)\}")


def is_number_format(text: str) -> bool:
    """Tell whether a text is the format of an automatic number."""
    return _DIGITS.search(text) is not None


def next_numbers(store: Store, known: ObjectType) -> dict[str, str]:
    """Return the numbers of a new record, by the names of their fields."""
    return {
        field.name: _written(field.numbered, store.next_number(f"{known.name}.{field.name}"))
        for field in known.kept_fields
        if field.numbered
    }


def _written(number_format: str, number: int) -> str:
    return _DIGITS.sub(lambda digits: str(_FIRST + number).zfill(len(digits[1])), number_format)
