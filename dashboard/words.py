"""Keys, instants and amounts in the words of the page."""

from datetime import datetime
from decimal import Decimal

CRM_LABELS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}


def in_words(key: str) -> str:
    """Say a key (`impossible_date`) as words."""
    return key.replace("_", " ").capitalize()


def crm_label(source_system: str) -> str:
    """Name a CRM as it spells itself."""
    return CRM_LABELS.get(source_system, source_system)


def when(instant: datetime) -> str:
    """Say an instant (UTC) to the minute."""
    return f"{instant:%d %b %Y %H:%M} UTC"


def whole_amount(amount: Decimal) -> str:
    """Say an amount in whole units, without a sign: the tables know of no currency."""
    return f"{amount:,.0f}"
