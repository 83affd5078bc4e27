"""The sandbox company as HubSpot holds it: contacts, their history, forms and submissions."""

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.sandbox.clock import to_ms
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import FIRST_ID, Source
from connectors.sandbox.journeys import StageKey, Step, Touch
from connectors.sandbox.people import Person, company
from connectors.sandbox.store import Store

STAGE: dict[StageKey, str] = {
    "friend": "subscriber",
    "name": "lead",
    "engaged": "lead",
    "lead": "marketingqualifiedlead",
    "sales_lead": "salesqualifiedlead",
    "opportunity": "opportunity",
    "customer": "customer",
    "recycled": "lead",
    "disqualified": "other",
}
_LEAD_STATUS: dict[StageKey, str] = {
    "name": "NEW",
    "lead": "OPEN",
    "sales_lead": "IN_PROGRESS",
    "opportunity": "OPEN_DEAL",
    "recycled": "BAD_TIMING",
    "disqualified": "UNQUALIFIED",
}
_FIRST_OWNER, _FIRST_USER = 71_000_001, 9_100_001
_FOUNDED_MS = 1_704_704_400_000
Change = tuple[str, str, int, Source]
"""Property, value, milliseconds since 1970, source."""


def owner_id(number: int) -> int:
    """Return the id of an owner by their place in the company: 0 runs sales operations."""
    return _FIRST_OWNER + number


def form_id(key: str) -> str:
    """Return the id of a form; the same in every sandbox."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{key}.forms.sandbox.example"))


def seed_account(store: Store) -> None:
    """Write owners and forms."""
    for number, entry in enumerate(company()["users"]):
        email = f"user{number}@sandbox.example"
        store.run(
            "insert into hubspot_owners values (?, ?, ?, ?, ?)",
            owner_id(number),
            _FIRST_USER + number,
            email,
            entry[0],
            entry[1],
        )
    for key, form in company()["forms"].items():
        store.run(
            "insert into hubspot_forms values (?, ?, 'hubspot', ?, ?)",
            form_id(key),
            form["name"],
            form["stage"],
            _FOUNDED_MS,
        )


def seed_contacts(sandbox: Sandbox, people: Iterable[Person], lead_ids: Mapping[int, str]) -> None:
    """Write the contacts of those whom HubSpot knows, each with its history and submissions."""
    for person in people:
        if person.systems == "salesforce":
            continue
        contact_id = FIRST_ID + 50 * sandbox.store.next_number("hubspot contacts")
        changes = _changes(person)
        values = _standing(person, lead_ids) | _latest(changes)
        _write_contact(sandbox.store, person, contact_id, values, changes)
        _write_submissions(sandbox, person, contact_id)


def _standing(person: Person, lead_ids: Mapping[int, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "email": person.email,
        "firstname": person.first_name,
        "lastname": person.last_name,
        "company": person.company,
        "jobtitle": person.title,
        "phone": person.phone,
        "country": person.country,
        "industry": person.industry,
        "numemployees": _size(person.employees),
        "hs_analytics_source": company()["channels"][person.channel][2],
    }
    if person.number in lead_ids and person.linked:
        values["salesforceleadid"] = lead_ids[person.number]
    forms = [touch for touch in person.touches if touch.kind == "form"]
    if forms:
        values |= {
            "num_conversion_events": str(len(forms)),
            "recent_conversion_date": to_ms(forms[-1].at),
            "recent_conversion_event_name": company()["forms"][forms[-1].what]["name"],
        }
    return values


def _size(employees: int) -> str:
    bounds = ((5, "1-5"), (25, "5-25"), (50, "25-50"), (100, "50-100"), (500, "100-500"))
    small = next((label for most, label in bounds if employees <= most), None)
    return small or ("500-1000" if employees <= 1000 else "1000+")


def _changes(person: Person) -> list[Change]:
    changes: list[Change] = []
    held, owned = "", False
    for step in person.steps:
        when, source = to_ms(step.at), _source(person, step)
        changes += _stage_changes(held, step, when, source)
        held = STAGE[step.stage]
        if step.stage in _LEAD_STATUS:
            changes.append(("hs_lead_status", _LEAD_STATUS[step.stage], when, source))
        if step.stage == "lead" and not owned:
            owned = True
            changes.append(("hubspot_owner_id", str(owner_id(person.owner)), when, source))
    return changes


def _stage_changes(held: str, step: Step, when: int, source: Source) -> list[Change]:
    stage = STAGE[step.stage]
    if stage == held:
        return []
    if step.stage == "recycled":
        # HubSpot goes back only by way of an empty value.
        return [
            ("lifecyclestage", "", when - 1000, source),
            ("lifecyclestage", stage, when, source),
        ]
    return [("lifecyclestage", stage, when, source)]


def _source(person: Person, step: Step) -> Source:
    if step.stage in ("sales_lead", "recycled", "disqualified", "opportunity"):
        user = _FIRST_USER + person.owner
        return Source("CRM_UI", f"userId:{user}", None, user)
    if step.at == person.steps[0].at:
        form = next((t for t in person.touches if t.kind == "form" and t.at == step.at), None)
        return Source("FORM", form_id(form.what)) if form else Source("IMPORT", "import-1")
    return Source("AUTOMATION_PLATFORM", "enrollmentId:1", "Lifecycle workflow")


def _latest(changes: Iterable[Change]) -> dict[str, str]:
    return {name: value for name, value, _, _ in changes}


def _write_contact(
    store: Store, person: Person, contact_id: int, values: dict[str, Any], changes: list[Change]
) -> None:
    created = to_ms(person.steps[0].at)
    touched = [to_ms(touch.at) for touch in person.touches if touch.kind == "form"]
    updated = max([created, *(change[2] for change in changes), *touched])
    archived = updated + 60_000 if 0.05 < person.luck < 0.06 else None
    store.run(
        "insert into hubspot_contacts values (?, ?, ?, ?, ?, ?)",
        contact_id,
        created,
        archived or updated,
        archived,
        values["email"],
        json.dumps(values, ensure_ascii=False),
    )
    first = Source("IMPORT", "import-1")
    standing = [(n, v, created, first) for n, v in values.items() if n in _HISTORY_FROM_START]
    store.run_many(
        "insert into hubspot_history values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (contact_id, name, value, when, src.type, src.id, src.label, src.user_id)
            for name, value, when, src in [*standing, *changes]
        ],
    )


_HISTORY_FROM_START = frozenset({"email", "firstname", "lastname", "company"})


def _write_submissions(sandbox: Sandbox, person: Person, contact_id: int) -> None:
    for touch in person.touches:
        if touch.kind == "form":
            sandbox.store.run(
                "insert into hubspot_submissions values (?, ?, ?, ?, ?, ?)",
                str(uuid.uuid5(uuid.NAMESPACE_OID, f"{contact_id}:{to_ms(touch.at)}:{touch.what}")),
                form_id(touch.what),
                to_ms(touch.at),
                "https://www.sandbox.example" + company()["forms"][touch.what]["page"],
                contact_id,
                json.dumps(_filled(person, touch), ensure_ascii=False),
            )


def _filled(person: Person, touch: Touch) -> list[dict[str, str]]:
    values = {"email": person.email}
    if touch.what != "newsletter":
        values |= {"firstname": person.first_name, "lastname": person.last_name}
    return [{"name": n, "value": v, "objectTypeId": "0-1"} for n, v in values.items()]
