"""The lists of associated records on a record's page."""

from connectors.sandbox.hubspot.association_kinds import PRIMARY
from connectors.sandbox.hubspot.associations import associations_of
from connectors.sandbox.hubspot.object_types import COMPANIES, CONTACTS, DEALS, ObjectType
from connectors.sandbox.hubspot.page_values import record_name, text_of
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.schema import standard_properties
from connectors.sandbox.record_page import Related, RelatedList, page_link
from connectors.sandbox.store import Store

_DETAILS = {"contacts": "lifecyclestage", "companies": "domain", "deals": "dealstage"}


def related_lists(store: Store, record: Record) -> list[RelatedList]:
    """Return the contacts, companies and deals that a record is associated with, if any."""
    others = (kind for kind in (COMPANIES, CONTACTS, DEALS) if kind != record.object_type)
    lists = (_related_list(store, record, kind) for kind in others)
    return [made for made in lists if made.records]


def _related_list(store: Store, record: Record, kind: ObjectType) -> RelatedList:
    related = []
    for to_id, several in associations_of(store, record, kind).items():
        other = find_record(store, kind, to_id)
        if other is not None:
            is_primary = any(association.label == PRIMARY for association in several)
            related.append(_related(store, other, is_primary))
    return RelatedList(kind.name.capitalize(), tuple(related))


def _related(store: Store, other: Record, is_primary: bool) -> Related:
    object_name = other.object_type.name
    name = _DETAILS[object_name]
    detail = text_of(store, standard_properties(object_name)[name], other.value(name))
    return Related(
        name=record_name(other),
        detail=", ".join(part for part in (detail, "primary" if is_primary else "") if part),
        link=page_link("hubspot", object_name, str(other.id)),
    )
