"""Whole numbers as texts of a request give them: short ones in ASCII digits, or none at all."""

GREATEST = 2**31 - 1
"""What an xsd:int holds at most."""


def read_count(text: str, most: int = GREATEST) -> int | None:
    """Return the number from 0 to `most` that a text is, or None: a text of any length is safe."""
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(most)):
        return None
    number = int(digits)
    return number if number <= most else None
