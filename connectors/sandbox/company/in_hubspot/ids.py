"""Ids in HubSpot of what the company draws: the same in every sandbox of one size."""

import uuid
from collections.abc import Mapping

FIRST_IDS: Mapping[str, int] = {
    "contacts": 51_000_000,
    "companies": 9_100_000_000,
    "deals": 17_000_000_000,
    "calls": 31_000_000_000,
    "emails": 33_000_000_000,
    "meetings": 35_000_000_000,
    "notes": 37_000_000_000,
    "tasks": 39_000_000_000,
}
RECORDS_EACH = 100
"""How many records of one type a person may have."""
FIRST_OWNER, FIRST_USER = 71_000_001, 9_100_001


def record_id(object_type: str, person: int, count: int) -> int:
    """Return the id of the count-th record of a type that a person has, from 0."""
    return FIRST_IDS[object_type] + (person + 1) * RECORDS_EACH + count


def company_id(firm: int) -> int:
    """Return the id of a firm's company."""
    return FIRST_IDS["companies"] + firm + 1


def owner_id(number: int) -> int:
    """Return the id of a colleague's owner; 0 runs sales operations."""
    return FIRST_OWNER + number


def hubspot_user_id(number: int) -> int:
    """Return the id of the user behind an owner."""
    return FIRST_USER + number


def form_id(key: str) -> str:
    """Return the id of a form; the same in every sandbox."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{key}.forms.sandbox.example"))
