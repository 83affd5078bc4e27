"""Records and stage values that the numbers do not contain, by reason."""

from collections.abc import Iterable

from dashboard.rows import SetAsideCount, UnmappedValue
from dashboard.words import crm_label, in_words


def table_of_set_aside(counts: Iterable[SetAsideCount]) -> list[dict[str, object]]:
    """Return records set aside as rows of a table, the most frequent first."""
    return [
        {
            "Reason": in_words(count.reason),
            "Records": count.n,
            "CRM": crm_label(count.source_system),
            "Object": in_words(count.object_name),
        }
        for count in sorted(counts, key=lambda c: (-c.n, c.reason, c.source_system, c.object_name))
    ]


def table_of_unmapped(values: Iterable[UnmappedValue]) -> list[dict[str, object]]:
    """Return unmapped stage values as rows of a table, the most frequent first."""
    return [
        {
            "Value": value.field_value,
            "Records": value.record_count,
            "CRM": crm_label(value.source_system),
            "Object": in_words(value.object_name),
            "Field": value.field_name,
            "Last seen (UTC)": value.last_seen_at,
        }
        for value in sorted(values, key=lambda v: (-v.record_count, v.source_system, v.field_value))
    ]
