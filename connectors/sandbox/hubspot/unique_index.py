"""Indexes over values that are unique, so that records are found by them quickly."""

from connectors.sandbox.hubspot.sql_text import property_sql
from connectors.sandbox.store import Store, literal, quoted


def index_values(store: Store, object_name: str, property_name: str) -> None:
    """Make a unique property quick to find records by."""
    index = quoted(f"unique_{object_name}_{property_name}")
    column = property_sql(property_name)
    store.run(
        f"create index if not exists {index} on hubspot_records ({column}) "
        f"where object_type = {literal(object_name)} and {column} is not null"
    )
