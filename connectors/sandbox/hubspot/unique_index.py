"""Indexes over values that are unique, so that records are found by them quickly."""

from connectors.sandbox.hubspot.sql_text import property_sql
from connectors.sandbox.store import Store, literal, quoted


def unique_sql(property_name: str, kind: str) -> str:
    """Return SQL of a unique property's value; numbers are the same however they are written."""
    column = property_sql(property_name)
    return f"cast(nullif({column}, '') as numeric)" if kind == "number" else column


def index_values(store: Store, object_name: str, property_name: str, kind: str) -> None:
    """Make a unique property quick to find records by."""
    index = quoted(f"unique_{object_name}_{property_name}")
    column = unique_sql(property_name, kind)
    store.run(
        f"create index if not exists {index} on hubspot_records ({column}) "
        f"where object_type = {literal(object_name)} and {column} is not null"
    )
