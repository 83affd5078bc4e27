"""Contacts: what is kept, what a change does, and the history that HubSpot writes by itself."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Problem, contact_exists, invalid_values
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept, check_value
from connectors.sandbox.store import Store

FIRST_ID = 51_000_000
_COLUMNS = "id, created_at, updated_at, archived_at, properties"


@dataclass(frozen=True)
class Contact:
    """One contact. Times are milliseconds since 1970."""

    id: int
    created_at: int
    updated_at: int
    archived_at: int | None
    kept: Mapping[str, Kept]

    def value(self, name: str) -> Kept:
        """Return a kept value, HubSpot's own included."""
        match name:
            case "hs_object_id":
                return str(self.id)
            case "createdate":
                return self.created_at
            case "lastmodifieddate":
                return self.updated_at
            case "hs_email_domain":
                return str(self.kept.get("email") or "").partition("@")[2] or None
            case _:
                return self.kept.get(name)


@dataclass(frozen=True)
class Source:
    """Who or what made a change, as history tells it."""

    type: str
    id: str | None = None
    label: str | None = None
    user_id: int | None = None


INTEGRATION = Source("INTEGRATION", "4096512", "Leadcycle service key")


def find_contact(store: Store, contact_id: int, archived: bool = False) -> Contact | None:
    """Return a contact by its id, among the living or the archived."""
    sql = f"select {_COLUMNS} from hubspot_contacts where id = ?"  # noqa: S608 - a constant
    row = store.row(sql, contact_id)
    found = None if row is None else read_contact(row)
    return found if found and (found.archived_at is not None) == archived else None


def find_by_email(store: Store, email: str) -> Contact | None:
    """Return the living contact that has an address as its first or as an additional one."""
    email = email.strip().lower()
    contact_id = store.value(
        "select id from hubspot_contacts where archived_at is null and email = ?", email
    ) or store.value(
        "select id from hubspot_contacts where archived_at is null and "
        "';' || json_extract(properties, '$.hs_additional_emails') || ';' like ?",
        f"%;{email};%",
    )
    return None if contact_id is None else find_contact(store, contact_id)


def read_contact(row: Any) -> Contact:
    """Return the contact that a row of the table keeps."""
    kept = json.loads(row["properties"])
    return Contact(row["id"], row["created_at"], row["updated_at"], row["archived_at"], kept)


def check_values(store: Store, given: Mapping[str, Any]) -> dict[str, Kept]:
    """Return given values as they are kept; a null is left out, as HubSpot does.

    Raises:
        Refusal: with every value that is not valid.
    """
    known, checked, problems = properties(store), {}, []
    for name, value in given.items():
        if name not in known:
            message = f'Property "{name}" does not exist'
            problems.append(Problem("PROPERTY_DOESNT_EXIST", name, message))
        elif value is not None:
            result = check_value(known[name], value)
            if isinstance(result, Problem):
                problems.append(result)
            else:
                checked[name] = result
    problems += _owner_problems(store, checked)
    if problems:
        raise invalid_values(problems)
    return checked


def _owner_problems(store: Store, checked: Mapping[str, Kept]) -> list[Problem]:
    owner = checked.get("hubspot_owner_id")
    if owner is None or store.value("select 1 from hubspot_owners where id = ?", owner):
        return []
    message = f"{owner} was not one of the allowed options: []"
    return [Problem("INVALID_OPTION", "hubspot_owner_id", message, str(owner))]


def create_contact(sandbox: Sandbox, values: Mapping[str, Kept], source: Source) -> Contact:
    """Create a contact from checked values.

    Raises:
        Refusal: the e-mail address is a contact's.
    """
    _check_email_free(sandbox.store, values.get("email"), None)
    contact_id = FIRST_ID + 50 * sandbox.store.next_number("hubspot contacts")
    now = sandbox.clock.now_ms
    stage = sandbox.settings.hubspot_new_contact_stage
    defaults: dict[str, Kept] = {"lifecyclestage": stage} if stage else {}
    kept = {name: value for name, value in {**defaults, **values}.items() if value is not None}
    sandbox.store.run(
        "insert into hubspot_contacts values (?, ?, ?, null, ?, ?)",
        contact_id,
        now,
        now,
        kept.get("email"),
        json.dumps(kept),
    )
    _keep_history(sandbox.store, contact_id, kept.items(), now, source)
    return Contact(contact_id, now, now, None, kept)


def change_contact(
    sandbox: Sandbox, contact: Contact, values: Mapping[str, Kept], source: Source
) -> Contact:
    """Change a contact by checked values; a stage that would go back is passed over in silence.

    Raises:
        Refusal: the e-mail address is another contact's.
    """
    taken = {n: v for n, v in values.items() if not _goes_back(sandbox.store, contact, n, v)}
    if not taken:
        return contact
    _check_email_free(sandbox.store, taken.get("email"), contact.id)
    kept = {n: v for n, v in {**contact.kept, **taken}.items() if v is not None}
    now = sandbox.clock.now_ms
    sandbox.store.run(
        "update hubspot_contacts set updated_at = ?, email = ?, properties = ? where id = ?",
        now,
        kept.get("email"),
        json.dumps(kept),
        contact.id,
    )
    changed = [(name, v) for name, v in taken.items() if v != contact.kept.get(name)]
    _keep_history(sandbox.store, contact.id, changed, now, source)
    return Contact(contact.id, contact.created_at, now, contact.archived_at, kept)


def archive_contact(sandbox: Sandbox, contact: Contact) -> None:
    """Move a contact to the recycle bin."""
    now = sandbox.clock.now_ms
    sandbox.store.run(
        "update hubspot_contacts set archived_at = ?, updated_at = ? where id = ?",
        now,
        now,
        contact.id,
    )


def history_of(store: Store, contact_id: int, name: str) -> list[dict[str, Any]]:
    """Return kept history entries of one property, newest first."""
    rows = store.rows(
        "select * from hubspot_history where contact_id = ? and property = ? "
        "order by changed_at desc, rowid desc",
        contact_id,
        name,
    )
    return [dict(row) for row in rows]


def _goes_back(store: Store, contact: Contact, name: str, value: Kept) -> bool:
    held = contact.kept.get(name)
    if name != "lifecyclestage" or held is None or value is None:
        return False
    order = list(properties(store)["lifecyclestage"].options)
    return order.index(str(value)) < order.index(str(held))


def _check_email_free(store: Store, email: Kept, own_id: int | None) -> None:
    holder = find_by_email(store, str(email)) if email else None
    if holder is not None and holder.id != own_id:
        raise contact_exists(holder.id)


def _keep_history(
    store: Store, contact_id: int, values: Iterable[tuple[str, Kept]], when: int, source: Source
) -> None:
    store.run_many(
        "insert into hubspot_history values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (contact_id, name, value, when, source.type, source.id, source.label, source.user_id)
            for name, value in values
        ],
    )
