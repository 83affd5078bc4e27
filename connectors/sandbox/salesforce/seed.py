"""The sandbox company as Salesforce holds it: Leads, their history and their tasks."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.journeys import StageKey, Step, Touch
from connectors.sandbox.people import Person, company
from connectors.sandbox.salesforce.history import Entry, change_entries, keep_entry
from connectors.sandbox.salesforce.ids import make_id, new_id
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.sessions import ORGANIZATION
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store, quoted

STATUS: dict[StageKey, str] = {
    "friend": "New",
    "name": "New",
    "engaged": "Nurturing",
    "lead": "Marketing Qualified",
    "sales_lead": "Working",
    "opportunity": "Qualified",
    "customer": "Qualified",
    "recycled": "Recycled",
    "disqualified": "Disqualified",
}
_MARKETING: frozenset[StageKey] = frozenset({"name", "engaged", "lead"})
_FOUNDED = "2024-01-08T09:00:00.000+0000"


def user_id(number: int) -> str:
    """Return the id of a user by their place in the company: 0 runs sales operations."""
    return make_id("005", number + 2)


def seed_users(store: Store) -> None:
    """Write the organization, the API user and the people who sell."""
    _write(
        store,
        "Organization",
        [
            {
                "Id": ORGANIZATION,
                "Name": "Leadcycle Sandbox",
                "OrganizationType": "Enterprise Edition",
                "IsSandbox": True,
                "TimeZoneSidKey": "UTC",
                "CreatedDate": _FOUNDED,
                "SystemModstamp": _FOUNDED,
            }
        ],
    )
    sellers = [
        _user(user_id(number), entry[0], entry[1], entry[2], f"user{number}")
        for number, entry in enumerate(company()["users"])
    ]
    api_user = _user(INTEGRATION_USER, "Leadcycle", "Integration", None, "integration")
    _write(store, "User", [api_user, *sellers])


def _user(record_id: str, first: str, last: str, title: str | None, login: str) -> dict[str, Any]:
    return {
        "Id": record_id,
        "Username": f"{login}@sandbox.example",
        "Email": f"{login}@sandbox.example",
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Title": title,
        "IsActive": True,
        "UserType": "Standard",
        "TimeZoneSidKey": "UTC",
        "CreatedDate": _FOUNDED,
        "LastModifiedDate": _FOUNDED,
        "SystemModstamp": _FOUNDED,
    }


def seed_leads(sandbox: Sandbox, people: Iterable[Person]) -> dict[int, str]:
    """Write the Leads of those whom Salesforce knows; return their ids by person."""
    store, ids, leads, tasks = sandbox.store, {}, [], []
    for person in people:
        if person.systems == "hubspot":
            continue
        lead_id = new_id(store, "00Q")
        ids[person.number] = lead_id
        steps = _steps_in_salesforce(person)
        leads.append(_lead(person, lead_id, steps, sandbox.clock.now))
        _write_history(store, person, lead_id, steps)
        tasks += [_task(store, person, lead_id, t) for t in person.touches if t.kind != "form"]
    _write(store, "Lead", leads)
    _write(store, "Task", tasks)
    _delete_few(store, leads)
    return ids


def _steps_in_salesforce(person: Person) -> list[Step]:
    # A contact is synced into Salesforce some minutes after HubSpot learns of it.
    delay = timedelta(minutes=9) if person.systems == "both" else timedelta()
    first = next((s for s in person.steps if s.stage != "friend"), person.steps[0])
    later = [step for step in person.steps if step.at > first.at]
    return [Step(first.stage, first.at + delay), *later]


def _lead(person: Person, lead_id: str, steps: list[Step], now: datetime) -> dict[str, Any]:
    last, owner = steps[-1], user_id(person.owner if _is_assigned(steps) else 0)
    modified, author = stamp(last.at), _author(person, last)
    if person.luck > 0.94:
        # A mass update one night: many records with one and the same stamp.
        night = (now - timedelta(days=20)).replace(hour=2, minute=0)
        if last.at < night:
            modified, author = stamp(night), user_id(0)
    return {
        "Id": lead_id,
        "IsDeleted": 0.02 < person.luck < 0.035,
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "Name": f"{person.first_name} {person.last_name}",
        "Company": person.company,
        "Title": person.title,
        "Phone": person.phone,
        "Country": person.country,
        "Industry": person.industry,
        "NumberOfEmployees": person.employees,
        "Email": _email(person),
        "LeadSource": company()["channels"][person.channel][1],
        "Status": STATUS[last.stage],
        "OwnerId": owner,
        **_conversion(person, steps),
        "CreatedDate": stamp(steps[0].at),
        "CreatedById": _author(person, steps[0]),
        "LastModifiedDate": modified,
        "LastModifiedById": author,
        "SystemModstamp": modified,
    }


def _email(person: Person) -> str | None:
    if person.systems == "both":
        # Some type addresses with capitals: the same mailbox all the same.
        return (
            person.email if person.linked else person.email.title().replace(".Example", ".example")
        )
    return None if person.luck < 0.03 else person.email


def _conversion(person: Person, steps: list[Step]) -> dict[str, Any]:
    won = next((step for step in steps if step.stage == "opportunity"), None)
    if won is None or not 0.1 < person.luck < 0.5:
        return {"IsConverted": False, "ConvertedDate": None, "ConvertedContactId": None}
    contact_id = make_id("003", person.number + 1)
    day = won.at.date().isoformat()
    return {"IsConverted": True, "ConvertedDate": day, "ConvertedContactId": contact_id}


def _is_assigned(steps: list[Step]) -> bool:
    return any(step.stage not in ("friend", "name", "engaged") for step in steps)


def _author(person: Person, step: Step) -> str:
    return user_id(0 if step.stage in _MARKETING else person.owner)


def _write_history(store: Store, person: Person, lead_id: str, steps: list[Step]) -> None:
    first = steps[0]
    keep_entry(
        store, lead_id, _author(person, first), stamp(first.at), ("created", "Text", None, None)
    )
    assigned = _is_assigned(steps[:1])
    for before, after in pairwise(steps):
        old, new = STATUS[before.stage], STATUS[after.stage]
        entries: list[Entry] = [("Status", "Text", old, new)] if old != new else []
        if not assigned and _is_assigned([after]):
            assigned = True
            entries += change_entries(store, "OwnerId", user_id(0), user_id(person.owner))
        for entry in entries:
            keep_entry(store, lead_id, _author(person, after), stamp(after.at), entry)


def _task(store: Store, person: Person, lead_id: str, touch: Touch) -> dict[str, Any]:
    when, owner = stamp(touch.at), user_id(person.owner)
    is_call = touch.kind == "call"
    return {
        "Id": new_id(store, "00T"),
        "IsDeleted": 0.02 < person.luck < 0.035,
        "IsArchived": False,
        "IsClosed": True,
        "WhoId": lead_id,
        "OwnerId": owner,
        "Subject": touch.what,
        "Status": "Completed",
        "Priority": "Normal",
        "Type": touch.kind.capitalize(),
        "TaskSubtype": {"call": "Call", "email": "Email"}.get(touch.kind, "Task"),
        "CallType": "Outbound" if is_call else None,
        "CallDurationInSeconds": 60 + person.number % 900 if is_call else None,
        "ActivityDate": touch.at.date().isoformat(),
        "CompletedDateTime": when,
        "CreatedDate": when,
        "CreatedById": owner,
        "LastModifiedDate": when,
        "LastModifiedById": owner,
        "SystemModstamp": when,
    }


def _delete_few(store: Store, leads: Iterable[Mapping[str, Any]]) -> None:
    gone = [(lead["Id"],) for lead in leads if lead["IsDeleted"]]
    store.run_many("update salesforce_LeadHistory set IsDeleted = 1 where LeadId = ?", gone)


def _write(store: Store, object_name: str, records: list[dict[str, Any]]) -> None:
    if not records:
        return
    columns = ", ".join(quoted(name) for name in records[0])
    marks = ", ".join("?" for _ in records[0])
    table = quoted(f"salesforce_{object_name}")
    sql = f"insert into {table} ({columns}) values ({marks})"  # noqa: S608 - names of our schema
    store.run_many(sql, [tuple(record.values()) for record in records])
