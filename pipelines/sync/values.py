"""Field values as both CRMs return them, so that equal values compare equal."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from connectors.records import FieldType, Value

SCALE = Decimal("0.01")


def normalise(value: object, field_type: FieldType) -> Value:
    """Return the value as the CRM will give it back.

    Text loses surrounding blanks and an empty one is None (Salesforce stores it so), datetimes are
    UTC whole seconds (Salesforce keeps no fraction), dates are UTC days, decimals have two places,
    half up.
    """
    if value is None or value == "":
        return None
    if field_type == "datetime":
        return _instant(value)
    if field_type == "decimal":
        return Decimal(str(value)).quantize(SCALE, ROUND_HALF_UP) + 0  # no minus zero
    if field_type == "date":
        return _day(value)
    if field_type == "string":
        return str(value).strip() or None
    if isinstance(value, int | bool):
        return value
    raise TypeError(f"a {type(value).__name__} can't be a {field_type}")


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return _instant(value).date()
    if not isinstance(value, date):
        raise TypeError(f"a {type(value).__name__} can't be a date")
    return value


def _instant(value: object) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise TypeError("an instant without a time zone")
    return instant.astimezone(UTC).replace(microsecond=0)


def to_text(value: Value) -> str | None:
    """Return a normalised value as it is kept in plans and receipts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def from_text(text: str | None, field_type: FieldType) -> Value:
    """Read what `to_text` wrote."""
    if text is None:
        return None
    if field_type == "boolean":
        return text == "true"
    if field_type == "integer":
        return int(text)
    if field_type == "date":
        return date.fromisoformat(text)
    return normalise(text, field_type)
