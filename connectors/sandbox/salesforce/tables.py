"""The tables of the org: one for every object, and those of its own bookkeeping."""

from connectors.sandbox.salesforce.bulk.tables import create_bulk_tables
from connectors.sandbox.salesforce.currencies import add_currencies
from connectors.sandbox.salesforce.metadata.tables import create_metadata_tables
from connectors.sandbox.salesforce.pricebooks import add_standard_pricebook
from connectors.sandbox.salesforce.profiles import add_profiles
from connectors.sandbox.salesforce.schema import ObjectType, standard_types
from connectors.sandbox.salesforce.stages import add_stages
from connectors.sandbox.store import Store, quoted


def create_tables(store: Store) -> None:
    """Create a table for every object, and those for custom fields, sessions and cursors."""
    store.create_tables(_OWN_TABLES)
    create_bulk_tables(store)
    create_metadata_tables(store)
    for known in standard_types().values():
        store.create_tables("".join(table_sql(known)))
    add_currencies(store)
    add_profiles(store)
    add_standard_pricebook(store)
    add_stages(store)


def table_sql(known: ObjectType) -> list[str]:
    """Return the statements that make the table of an object, and its indexes."""
    columns = ", ".join(field.column for field in known.kept_fields)
    return [
        f"create table if not exists {known.table} ({columns}, primary key (Id));",
        *(index_sql(known, indexed) for indexed in _indexed_columns(known)),
    ]


def _indexed_columns(known: ObjectType) -> list[tuple[str, ...]]:
    stamps = [name for name in ("SystemModstamp", "CreatedDate") if name in known.fields]
    return [
        *((stamp, "Id") for stamp in stamps[:1]),
        *((name,) for name in _PARENTS if name in known.fields),
    ]


def index_sql(known: ObjectType, columns: tuple[str, ...]) -> str:
    """Return the statement that indexes columns of an object's table."""
    name = index_name(known, columns)
    return f"create index if not exists {name} on {known.table} ({', '.join(columns)});"


def index_name(known: ObjectType, columns: tuple[str, ...]) -> str:
    """Return what that index is called."""
    return quoted("_".join((known.name, *columns)))


_OWN_TABLES = """
create table if not exists salesforce_custom_fields (
    object_name text, name text, field text, primary key (object_name, name));
create table if not exists salesforce_custom_objects (
    id text not null, name text primary key collate nocase, prefix text not null,
    metadata text not null, created_at text not null, modified_at text not null);
create table if not exists salesforce_sessions (
    token text primary key, expires_at text not null, calls integer not null,
    refresh_token text not null);
create table if not exists salesforce_refresh_tokens (token text primary key);
create table if not exists salesforce_codes (
    code text primary key, redirect_uri text not null, challenge text not null,
    expires_at text not null);
create table if not exists salesforce_deletions (
    object text not null, id text not null, deleted_at text not null, primary key (object, id))
    without rowid;
create index if not exists salesforce_deletions_at on salesforce_deletions (object, deleted_at);
create table if not exists salesforce_usage (slice integer primary key, calls integer not null);
create table if not exists salesforce_flows (
    number integer primary key autoincrement, due_at text not null, record_id text not null,
    sets text not null);
create table if not exists salesforce_cursors (
    id text primary key, opened_at text not null, soql text not null, hidden_too integer not null,
    tooling integer not null, size integer not null);
create table if not exists salesforce_cursor_ids (
    cursor text, chunk integer, ids text not null, primary key (cursor, chunk)) without rowid;
"""
_PARENTS = (
    "LeadId",
    "ContactId",
    "AccountId",
    "OpportunityId",
    "CampaignId",
    "WhoId",
    "WhatId",
    "ConvertedContactId",
    "Product2Id",
    "PricebookEntryId",
)
"""References that merges, conversions, deletes and pages follow."""
