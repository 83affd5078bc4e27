"""Salesforce record ids: 15 case-sensitive characters, or 18 with three that repeat their case."""

_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT, _PART = 15, 5


def whole_id(record_id: str) -> str:
    """Return an id as the API gives it: with the three that reports leave out.

    Each of the three tells of five characters which are capitals, the first as the lowest bit
    (Salesforce, *ID Field Type*: 18-character ids are safe where case is not kept).
    """
    if len(record_id) != _SHORT:
        return record_id
    parts = (record_id[start : start + _PART] for start in range(0, _SHORT, _PART))
    return record_id + "".join(_CHECK[_capitals(part)] for part in parts)


def _capitals(part: str) -> int:
    return sum(1 << place for place, letter in enumerate(part) if letter.isupper())
