"""The tables of the HubSpot account, topic by topic."""

from connectors.sandbox.hubspot import (
    association_kinds,
    blocklist,
    object_types,
    pipelines,
    removal,
    search_index,
)
from connectors.sandbox.hubspot.custom import schemas
from connectors.sandbox.hubspot.form_api import kept_forms as forms
from connectors.sandbox.hubspot.lists import record_lists as lists
from connectors.sandbox.hubspot.oauth import tokens
from connectors.sandbox.hubspot.webhooks import events
from connectors.sandbox.store import Store


def create_tables(store: Store) -> None:
    """Create those tables that are not there yet."""
    store.create_tables(_TABLES)
    for topic in (
        *(object_types, schemas, association_kinds, pipelines, forms, lists),
        *(search_index, blocklist, removal, tokens, events),
    ):
        topic.create_tables(store)


_TABLES = """
create table if not exists hubspot_properties (
    object_type text not null, name text not null, definition text not null,
    primary key (object_type, name));
create table if not exists hubspot_property_groups (
    object_type text not null, name text not null, label text not null,
    display_order integer not null, primary key (object_type, name));
create table if not exists hubspot_records (
    object_type text not null, id integer not null, created_at integer not null,
    updated_at integer not null, archived_at integer, email text collate nocase,
    properties text not null, primary key (object_type, id));
create index if not exists record_updated on hubspot_records (object_type, updated_at, id);
create unique index if not exists contact_email on hubspot_records (email)
    where object_type = 'contacts' and archived_at is null;
create index if not exists contact_more_emails
    on hubspot_records (json_extract(properties, '$.hs_additional_emails'))
    where object_type = 'contacts'
    and json_extract(properties, '$.hs_additional_emails') is not null;
create table if not exists hubspot_history (
    object_type text not null, record_id integer not null, property text not null, value text,
    changed_at integer not null, source_type text not null, source_id text, source_label text,
    user_id integer);
create index if not exists history_record on hubspot_history (object_type, record_id, property);
create table if not exists hubspot_associations (
    from_type text not null, from_id integer not null, to_type text not null,
    to_id integer not null, type_id integer not null,
    category text not null default 'HUBSPOT_DEFINED', label text,
    primary key (from_type, from_id, to_type, to_id, type_id)) without rowid;
create table if not exists hubspot_merges (
    object_type text not null, old_id integer not null, survivor_id integer not null,
    primary key (object_type, old_id));
create table if not exists hubspot_owners (
    id integer primary key, user_id integer not null, email text not null,
    first_name text not null, last_name text not null, archived integer not null default 0,
    teams text not null default '[]', created_at integer not null, updated_at integer not null);
create table if not exists hubspot_forms (
    id text primary key, name text not null, form_type text not null,
    lifecycle_stage text not null, created_at integer not null);
create table if not exists hubspot_submissions (
    conversion_id text primary key, form_id text not null, submitted_at integer not null,
    page_url text, contact_id integer not null, fields text not null);
create index if not exists submission_form on hubspot_submissions (form_id, submitted_at);
create index if not exists submission_contact on hubspot_submissions (contact_id);
"""
