"""Where deployments, retrievals and definitions of list views are kept."""

from connectors.sandbox.store import Store

_TABLES = """
create table if not exists salesforce_list_views (
    full_name text primary key collate nocase, id text not null, definition text not null);
create table if not exists salesforce_deploys (
    id text primary key, status text not null, options text not null, package blob not null,
    polls integer not null, result text not null);
create table if not exists salesforce_retrieves (id text primary key, wanted text not null);
"""


def create_metadata_tables(store: Store) -> None:
    """Create them all."""
    store.create_tables(_TABLES)
