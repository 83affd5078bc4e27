"""The object types that the account has, under each of their names."""

from dataclasses import dataclass
from functools import cache

_BY_CREATEDATE = ("createdate", "hs_lastmodifieddate")
_OF_ACTIVITIES = ("hs_createdate", "hs_lastmodifieddate")


@dataclass(frozen=True)
class ObjectType:
    """One type of record, by its plural name, and how HubSpot treats it."""

    name: str
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

    @property
    def always(self) -> tuple[str, str, str]:
        """The properties that every answer shows."""
        return (self.created, "hs_object_id", self.modified)

    @property
    def is_activity(self) -> bool:
        """Whether its records are things done with contacts, companies and deals."""
        return self.created == "hs_createdate"


CONTACTS = ObjectType(
    "contacts",
    "contact",
    "0-1",
    "createdate",
    "lastmodifieddate",
    shown=("email", "firstname", "lastname"),
)
COMPANIES = ObjectType("companies", "company", "0-2", *_BY_CREATEDATE, shown=("domain", "name"))
DEALS = ObjectType(
    "deals",
    "deal",
    "0-3",
    *_BY_CREATEDATE,
    shown=("amount", "closedate", "dealname", "dealstage", "pipeline"),
)
NOTES, MEETINGS, CALLS, EMAILS, TASKS = (
    ObjectType(f"{singular}s", singular, type_id, *_OF_ACTIVITIES, required=("hs_timestamp",))
    for singular, type_id in (
        ("note", "0-46"),
        ("meeting", "0-47"),
        ("call", "0-48"),
        ("email", "0-49"),
        ("task", "0-27"),
    )
)
OBJECT_TYPES = (CONTACTS, COMPANIES, DEALS, CALLS, EMAILS, MEETINGS, NOTES, TASKS)
ACTIVITIES = (CALLS, EMAILS, MEETINGS, NOTES, TASKS)


@cache
def object_type_named(name: str) -> ObjectType | None:
    """Return the object type by its plural or singular name in any case, or by its type id."""
    wanted = name.lower()
    return next((t for t in OBJECT_TYPES if wanted in (t.name, t.singular, t.type_id)), None)
