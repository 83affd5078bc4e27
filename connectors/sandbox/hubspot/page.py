"""The pages of a contact, a company and a deal, and the list of contacts."""

from collections.abc import Callable

from connectors.sandbox.clock import from_ms
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.calculated import with_calculated
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import COMPANIES, CONTACTS, DEALS, ObjectType
from connectors.sandbox.hubspot.page_values import record_name, shown_value, text_of
from connectors.sandbox.hubspot.pipelines import stages_in
from connectors.sandbox.hubspot.records import Record, find_record, read_record
from connectors.sandbox.hubspot.related import related_lists
from connectors.sandbox.hubspot.schema import properties, standard_properties
from connectors.sandbox.hubspot.timeline import events_of
from connectors.sandbox.record_page import ListedRecord, PathStep, RecordPage, path_of
from connectors.sandbox.store import Store

_OFF_PATH = frozenset({"evangelist", "other"})
_STAGES = {"contacts": "lifecyclestage", "companies": "lifecyclestage", "deals": "dealstage"}
_SUBTITLES = {
    "contacts": ("jobtitle", "company"),
    "companies": ("industry", "country"),
    "deals": ("pipeline", "amount"),
}
_FIELDS = {
    "contacts": (
        *("hubspot_owner_id", "email", "hs_additional_emails", "phone", "mobilephone"),
        *("wechat_id", "company", "jobtitle", "country", "territory", "industry"),
        *("numemployees", "hs_analytics_source", "hs_lead_status", "num_conversion_events"),
        *("salesforceleadid", "salesforcecontactid", "createdate", "lastmodifieddate"),
    ),
    "companies": (
        *("hubspot_owner_id", "domain", "website", "phone", "industry", "country"),
        *("numberofemployees", "annualrevenue", "salesforceaccountid"),
        *("createdate", "hs_lastmodifieddate"),
    ),
    "deals": (
        *("hubspot_owner_id", "pipeline", "dealstage", "amount", "closedate", "dealtype"),
        *("hs_is_closed", "hs_is_closed_won", "salesforceopportunityid"),
        *("createdate", "hs_lastmodifieddate"),
    ),
}


def contact_page(sandbox: Sandbox, record_id: str) -> RecordPage | None:
    """Return the page of a contact, archived ones included; None for an unknown id."""
    return _page(sandbox, CONTACTS, record_id)


def company_page(sandbox: Sandbox, record_id: str) -> RecordPage | None:
    """Return the page of a company, archived ones included; None for an unknown id."""
    return _page(sandbox, COMPANIES, record_id)


def deal_page(sandbox: Sandbox, record_id: str) -> RecordPage | None:
    """Return the page of a deal, archived ones included; None for an unknown id."""
    return _page(sandbox, DEALS, record_id)


PAGES: dict[str, Callable[[Sandbox, str], RecordPage | None]] = {
    "contacts": contact_page,
    "companies": company_page,
    "deals": deal_page,
}
"""By the part of the address below /ui/hubspot/."""


def _page(sandbox: Sandbox, object_type: ObjectType, text: str) -> RecordPage | None:
    store, record_id = sandbox.store, id_of(text)
    record = find_record(store, object_type, record_id) or find_record(
        store, object_type, record_id, archived=True
    )
    if record is None:
        return None
    known = properties(store, object_type.name)
    standard = standard_properties(object_type.name)
    own = (e for name, e in known.items() if name not in standard and not e.hubspot_defined)
    [record] = with_calculated(sandbox, object_type, [record], _FIELDS[object_type.name])
    subtitle = (text_of(store, known[n], record.value(n)) for n in _SUBTITLES[object_type.name])
    return RecordPage(
        crm="hubspot",
        kind=object_type.singular.capitalize(),
        record_id=str(record.id),
        name=record_name(record),
        subtitle=" · ".join(part for part in subtitle if part),
        notes=_notes(record, record_id),
        path=_path(store, record),
        fields=tuple(shown_value(store, known[n], record) for n in _FIELDS[object_type.name]),
        own_fields=tuple(shown_value(store, entry, record) for entry in own),
        events=tuple(events_of(store, record, known)),
        related=tuple(related_lists(store, record)),
    )


def _notes(record: Record, asked_id: int) -> tuple[str, ...]:
    singular, notes = record.object_type.singular, []
    if record.archived_at is not None:
        notes.append(f"This {singular} is archived.")
    if record.id != asked_id:
        notes.append(f"Record {asked_id} was merged into this {singular}.")
    return tuple(notes)


def _path(store: Store, record: Record) -> tuple[PathStep, ...]:
    name = _STAGES[record.object_type.name]
    known = properties(store, record.object_type.name)[name]
    stages = {stage.id: stage.label for stage in stages_in(store, record.object_type.name)}
    labels = stages or {v: label for v, label in known.options.items() if v not in _OFF_PATH}
    return path_of(list(labels.values()), text_of(store, known, record.kept.get(name)))


def find_contacts(store: Store, text: str, most: int) -> list[ListedRecord]:
    """Return living contacts whose name, company or address holds a text, latest change first."""
    rows = store.rows(
        "select * from hubspot_records where object_type = 'contacts' and archived_at is null "
        "and (email like ?1 "
        "or (properties ->> 'firstname') || ' ' || (properties ->> 'lastname') like ?1 "
        "or properties ->> 'company' like ?1) order by updated_at desc, id limit ?2",
        f"%{text}%",
        most,
    )
    return [_listed(store, read_record(CONTACTS, row)) for row in rows]


def count_contacts(store: Store) -> int:
    """Return how many contacts live."""
    return int(
        store.value(
            "select count(*) from hubspot_records "
            "where object_type = 'contacts' and archived_at is null"
        )
    )


def _listed(store: Store, contact: Record) -> ListedRecord:
    stage = standard_properties("contacts")["lifecyclestage"]
    return ListedRecord(
        crm="hubspot",
        record_id=str(contact.id),
        name=record_name(contact),
        company=str(contact.value("company") or ""),
        email=str(contact.value("email") or ""),
        status=text_of(store, stage, contact.value("lifecyclestage")),
        modified_at=from_ms(contact.updated_at),
    )
