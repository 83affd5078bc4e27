"""The object types that the account has, under each of their names."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.further_types import further_types
from connectors.sandbox.store import Store

_BY_CREATEDATE = ("createdate", "hs_lastmodifieddate")
_BY_HS_CREATEDATE = ("hs_createdate", "hs_lastmodifieddate")
_IN_HS_PIPELINES = ("hs_pipeline", "hs_pipeline_stage")


@dataclass(frozen=True)
class ObjectType:
    """One type of record, by its plural name, and how HubSpot treats it."""

    name: str
    """Plural; of a custom object the fully qualified name, p<portal>_<name>."""
    singular: str
    type_id: str
    created: str
    """The property that tells when a record was created."""
    modified: str
    """The property that tells when a record was changed last; not the same for contacts."""
    shown: tuple[str, ...] = ()
    """What answers show when nothing is asked for, besides id, creation and change."""
    required: tuple[str, ...] = ()
    """What a new record can't be without."""
    searchable: tuple[str, ...] = ()
    """What the `query` of a search looks into."""
    in_pipelines: tuple[str, str] | None = None
    """The properties that hold a record's pipeline and stage, where there are any."""
    is_activity: bool = False
    """Whether its records are things done with contacts, companies and deals."""
    scope: str = ""
    """The scope that requests need, with {area} and {right}; empty for the usual one."""

    @property
    def always(self) -> tuple[str, str, str]:
        """The properties that every answer shows."""
        return (self.created, "hs_object_id", self.modified)

    @property
    def is_custom(self) -> bool:
        """Whether the account made it itself."""
        return self.type_id.startswith("2-")

    @property
    def has_lifecycle(self) -> bool:
        """Whether its records go through the lifecycle stages."""
        return self in (CONTACTS, COMPANIES)


CONTACTS = ObjectType(
    *("contacts", "contact", "0-1", "createdate", "lastmodifieddate"),
    shown=("email", "firstname", "lastname"),
    searchable=(
        *("email", "firstname", "lastname", "phone", "mobilephone", "company"),
        "hs_additional_emails",
    ),
)
COMPANIES = ObjectType(
    *("companies", "company", "0-2", *_BY_CREATEDATE),
    shown=("domain", "name"),
    searchable=("website", "phone", "name", "domain"),
)
DEALS = ObjectType(
    *("deals", "deal", "0-3", *_BY_CREATEDATE),
    shown=("amount", "closedate", "dealname", "dealstage", "pipeline"),
    searchable=("dealname", "pipeline", "dealstage", "description", "dealtype"),
    in_pipelines=("pipeline", "dealstage"),
)
TICKETS = ObjectType(
    *("tickets", "ticket", "0-5", *_BY_CREATEDATE),
    shown=("content", *_IN_HS_PIPELINES, "hs_ticket_category", "hs_ticket_priority", "subject"),
    required=("hs_pipeline_stage",),
    searchable=("subject", "content", "hs_pipeline_stage", "hs_ticket_category"),
    in_pipelines=_IN_HS_PIPELINES,
    scope="tickets",
)
LEADS = ObjectType(
    *("leads", "lead", "0-136", *_BY_HS_CREATEDATE),
    required=("hs_lead_name",),
    searchable=("hs_lead_name",),
    in_pipelines=_IN_HS_PIPELINES,
)
PRODUCTS = ObjectType(
    *("products", "product", "0-7", *_BY_CREATEDATE),
    shown=("description", "name", "price"),
    searchable=("name", "description", "price", "hs_sku"),
    scope="e-commerce",
)
LINE_ITEMS = ObjectType(
    *("line_items", "line_item", "0-8", *_BY_CREATEDATE),
    shown=("amount", "price", "quantity"),
    searchable=("name", "description"),
    scope="crm.{area}.line_items.{right}",
)
CALLS, EMAILS, MEETINGS, NOTES, TASKS = (
    ObjectType(
        *(f"{singular}s", singular, type_id, *_BY_HS_CREATEDATE),
        required=("hs_timestamp",),
        searchable=searchable,
        is_activity=True,
    )
    for singular, type_id, searchable in (
        ("call", "0-48", ("hs_call_title", "hs_call_body")),
        ("email", "0-49", ("hs_email_subject",)),
        ("meeting", "0-47", ("hs_meeting_title", "hs_meeting_body")),
        ("note", "0-46", ("hs_note_body",)),
        ("task", "0-27", ("hs_task_subject", "hs_task_body")),
    )
)
ACTIVITIES = (CALLS, EMAILS, MEETINGS, NOTES, TASKS)
OBJECT_TYPES = (
    *(CONTACTS, COMPANIES, DEALS, *ACTIVITIES),
    *(TICKETS, LEADS, PRODUCTS, LINE_ITEMS),
)
"""Those that every account has, and whose records are counted even if there are none."""
FURTHER_TYPES = tuple(
    ObjectType(name, singular, type_id, *_BY_HS_CREATEDATE, **told)
    for (name, singular, type_id), told in further_types()
)
"""Those that every account knows, and that are told of once they are used."""


_BY_NAME = {
    name: known
    for known in (*OBJECT_TYPES, *FURTHER_TYPES)
    for name in (known.name, known.singular, known.type_id)
}


def object_type_named(name: str) -> ObjectType | None:
    """Return a type that every account knows, by its plural or singular name or its type id.

    Case does not matter.
    """
    return _BY_NAME.get(name.lower())


def object_types(store: Store) -> tuple[ObjectType, ...]:
    """Return every type of the account that it uses, its own ones last."""
    used = [known for known in FURTHER_TYPES if store.value(_IS_USED, *2 * (known.name,))]
    return (*OBJECT_TYPES, *used, *_custom_types(store))


_IS_USED = """
select exists (select 1 from hubspot_records where object_type = ?)
    or exists (select 1 from hubspot_properties where object_type = ?)
"""


def find_object_type(store: Store, name: str) -> ObjectType | None:
    """Return a type by its name.

    Custom objects go by the name they were given, by p_<name>, the fully qualified name or the
    type id.
    """
    standard = object_type_named(name)
    if standard is not None:
        return standard
    wanted = name.lower()
    return next((t for t in _custom_types(store) if wanted in _names_of(t)), None)


def custom_type(
    fully_qualified_name: str, type_id: str, required: Sequence[str], searchable: Sequence[str]
) -> ObjectType:
    """Return the type of a custom object."""
    return ObjectType(
        *(fully_qualified_name, fully_qualified_name.partition("_")[2], type_id),
        *_BY_HS_CREATEDATE,
        required=tuple(required),
        searchable=tuple(searchable),
    )


def keep_object_type(store: Store, made: ObjectType) -> None:
    """Keep a custom object, in the place of what was kept of it before."""
    store.run(
        "insert into hubspot_object_types values (?, ?) "
        "on conflict (name) do update set definition = excluded.definition",
        made.name,
        msgspec.json.encode(made).decode(),
    )


def forget_object_type(store: Store, known: ObjectType) -> None:
    """Forget a custom object."""
    store.run("delete from hubspot_object_types where name = ?", known.name)


def create_tables(store: Store) -> None:
    """Create the table of custom objects."""
    store.create_tables(
        "create table if not exists hubspot_object_types "
        "(name text primary key, definition text not null);"
    )


def _custom_types(store: Store) -> list[ObjectType]:
    rows = store.rows("select definition from hubspot_object_types order by rowid")
    return [msgspec.json.decode(row["definition"], type=ObjectType) for row in rows]


def _names_of(custom: ObjectType) -> tuple[str, ...]:
    return (custom.name, custom.singular, f"p_{custom.singular}", custom.type_id)


def fully_qualified(name: str) -> str:
    """Return the name under which HubSpot knows a custom object of this account."""
    return f"p{PORTAL_ID}_{name}"
