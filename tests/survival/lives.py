"""What people do to records while Leadcycle reads them: random deeds on either CRM.

A deed that the CRM refuses is no deed: a converted Lead stays unmerged, a taken address untaken.
Records are named by a number, which wraps around, so that any number is a choice.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from connectors.records import Crm
from tests.survival.world import World

DAY = 86_400
Dump = Mapping[str, Any]


class Life(ABC):
    """The records of one CRM, and the people who change them."""

    crm: Crm
    kinds: tuple[str, ...]
    """Streams whose records people change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.gone: dict[str, list[str]] = {kind: [] for kind in self.kinds}
        """Records that were removed and may come back."""
        self.without_trace = False
        """Whether something happened of which the CRM tells nobody who asks for changes."""
        self._made = 0

    @abstractmethod
    def living(self, kind: str) -> list[str]:
        """Return the ids of the records that people see, in order."""

    @abstractmethod
    def create(self, kind: str, count: int) -> None:
        """Make records, all at one stand of the clock."""

    @abstractmethod
    def change(self, kind: str, number: int, count: int) -> None:
        """Change records, all at one stand of the clock."""

    @abstractmethod
    def remove(self, kind: str, number: int) -> None:
        """Let a record be removed so that it can come back."""

    @abstractmethod
    def erase(self, number: int) -> None:
        """Remove a person for good."""

    @abstractmethod
    def add_field(self) -> None:
        """Give people a field of our own, or the one that was dropped."""

    @abstractmethod
    def drop_field(self) -> None:
        """Take it from them."""

    @abstractmethod
    def retype_field(self) -> None:
        """Make it hold texts where it held numbers, or the reverse."""

    @abstractmethod
    def fill_field(self, number: int, value: int) -> None:
        """Give one person a value in it."""

    def chosen(self, kind: str, number: int, count: int = 1) -> list[str]:
        """Return so many living records, or as many as there are."""
        found = self.living(kind)
        start = number % len(found) if found else 0
        return [*found[start:], *found[:start]][:count]

    def restore(self, kind: str, number: int) -> None:
        """Take a record out of the recycle bin."""
        if removed := self.gone[kind]:
            record_id = removed.pop(number % len(removed))
            body = {"crm": self.crm, "object": self.object_of(kind), "record_id": record_id}
            self.world.admin("POST", "restores", body)

    def merge(self, kind: str, number: int, count: int) -> None:
        """Let records become one."""
        winner, *losers = self.chosen(kind, number, 1 + count) or [""]
        if losers:
            body = {"crm": self.crm, "object": self.object_of(kind)}
            self.world.admin("POST", "merges", {**body, "winner": winner, "losers": losers})

    @abstractmethod
    def object_of(self, kind: str) -> str:
        """Return what the sandbox's own API calls a stream's object."""

    def name(self) -> str:
        """Return a name that nothing else bears."""
        self._made += 1
        return f"Name{self._made}"


class HubSpotLife(Life):
    """A portal."""

    crm: Crm = "hubspot"
    kinds = ("contacts", "companies", "deals", "tickets")
    _NAMES = {"contacts": "city", "companies": "name", "deals": "dealname", "tickets": "subject"}
    _BORN: Mapping[str, dict[str, str]] = {
        "deals": {"pipeline": "default", "dealstage": "appointmentscheduled"},
        "tickets": {"hs_pipeline": "0", "hs_pipeline_stage": "1"},
    }
    _PROPERTY = "/crm/v3/properties/contacts"
    _TYPES = {"number": "number", "string": "text"}

    def object_of(self, kind: str) -> str:
        return kind

    def living(self, kind: str) -> list[str]:
        held = self.world.admin.dump()["hubspot"][kind]
        return [str(row["id"]) for row in held if row["archived_at"] is None]

    def create(self, kind: str, count: int) -> None:
        inputs = [{"properties": self._values(kind)} for _ in range(count)]
        self._batch(kind, "create", inputs).raise_for_status()

    def change(self, kind: str, number: int, count: int) -> None:
        chosen = self.chosen(kind, number, count)
        values = {self._NAMES[kind]: self.name()}
        if chosen:
            self._batch(kind, "update", [{"id": one, "properties": values} for one in chosen])

    def remove(self, kind: str, number: int) -> None:
        for record_id in self.chosen(kind, number):
            self.world.hubspot("DELETE", f"/crm/v3/objects/{kind}/{record_id}").raise_for_status()
            self.gone[kind].append(record_id)

    def erase(self, number: int) -> None:
        for record_id in self.chosen("contacts", number):
            path = "/crm/v3/objects/contacts/gdpr-delete"
            self.world.hubspot("POST", path, json={"objectId": record_id}).raise_for_status()
            self.without_trace = True

    def associate(self, number: int, other: int, kinds: tuple[str, str], is_tied: bool) -> None:
        """Tie two records together, or part them."""
        pairs = [self.chosen(kind, n) for kind, n in zip(kinds, (number, other), strict=True)]
        for one, far in zip(*pairs, strict=False):
            path = f"/crm/v4/objects/{kinds[0]}/{one}/associations"
            if is_tied:
                self.world.hubspot("PUT", f"{path}/default/{kinds[1]}/{far}")
            else:
                self.world.hubspot("DELETE", f"{path}/{kinds[1]}/{far}")

    def enlist(self, number: int, count: int, *, is_on: bool) -> None:
        """Put contacts on the list, or take them off it."""
        held = self.world.admin.dump()["hubspot"]["lists"]
        if not held:
            body = {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"}
            self.world.hubspot("POST", "/crm/v3/lists", json=body).raise_for_status()
            held = self.world.admin.dump()["hubspot"]["lists"]
        path = f"/crm/v3/lists/{held[0]['id']}/memberships/{'add' if is_on else 'remove'}"
        self.world.hubspot("PUT", path, json=self.chosen("contacts", number, count))

    def add_field(self) -> None:
        body = {"name": "ours", "label": "Ours", "groupName": "contactinformation"}
        kind = {"type": "number", "fieldType": "number"}
        self.world.hubspot("POST", self._PROPERTY, json={**body, **kind})

    def drop_field(self) -> None:
        self.world.hubspot("DELETE", f"{self._PROPERTY}/ours")

    def retype_field(self) -> None:
        known = self.world.hubspot("GET", f"{self._PROPERTY}/ours")
        if known.ok:
            kind = "string" if known.json()["type"] == "number" else "number"
            body = {"type": kind, "fieldType": self._TYPES[kind]}
            self.world.hubspot("PATCH", f"{self._PROPERTY}/ours", json=body)

    def fill_field(self, number: int, value: int) -> None:
        for record_id in self.chosen("contacts", number):
            self.world.hubspot.patch(record_id, ours=str(value))

    def _values(self, kind: str) -> dict[str, str]:
        name = self.name()
        more = {"email": f"{name}@lives.example"} if kind == "contacts" else {}
        return {self._NAMES[kind]: name, **more, **self._BORN.get(kind, {})}

    def _batch(self, kind: str, verb: str, inputs: Sequence[Any]) -> requests.Response:
        path = f"/crm/v3/objects/{kind}/batch/{verb}"
        return self.world.hubspot("POST", path, json={"inputs": inputs})


class SalesforceLife(Life):
    """An org."""

    crm: Crm = "salesforce"
    kinds = ("leads", "contacts", "accounts", "opportunities", "tasks")
    _OBJECTS: Mapping[str, tuple[str, str, dict[str, str]]] = {
        "leads": ("Lead", "LastName", {"Company": "Lives"}),
        "contacts": ("Contact", "LastName", {}),
        "accounts": ("Account", "Name", {}),
        "opportunities": (
            *("Opportunity", "Name"),
            {"StageName": "Prospecting", "CloseDate": "2026-12-01"},
        ),
        "tasks": ("Task", "Subject", {"Status": "Completed", "ActivityDate": "2026-06-29"}),
    }
    _FIELDS = "tooling/sobjects/CustomField"
    _TYPES: Mapping[str, dict[str, Any]] = {
        "Number": {"type": "Number", "precision": 18, "scale": 0},
        "Text": {"type": "Text", "length": 80},
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._type = ""
        self._field_id = ""

    @property
    def has_field(self) -> bool:
        """Whether the field of our own is there."""
        return bool(self._type)

    def object_of(self, kind: str) -> str:
        return self._OBJECTS[kind][0]

    def living(self, kind: str) -> list[str]:
        held = self.world.admin.dump()["salesforce"][self.object_of(kind)]
        return [row["Id"] for row in held if not row["IsDeleted"]]

    def create(self, kind: str, count: int) -> None:
        name, needed = self._OBJECTS[kind][1:]
        self._write("POST", kind, [{name: self.name(), **needed} for _ in range(count)])

    def change(self, kind: str, number: int, count: int) -> None:
        value = self.name()
        chosen = self.chosen(kind, number, count)
        self._write("PATCH", kind, [{"Id": one, self._OBJECTS[kind][1]: value} for one in chosen])

    def remove(self, kind: str, number: int) -> None:
        for record_id in self.chosen(kind, number):
            if self.world.salesforce("DELETE", self._path(kind, record_id)).ok:
                self.gone[kind].append(record_id)

    def erase(self, number: int) -> None:
        self.remove("leads", number)
        if self.gone["leads"]:
            body = {"object": "Lead", "record_ids": [self.gone["leads"].pop()]}
            self.world.admin("POST", "purges", body).raise_for_status()

    def convert(self, number: int, opportunity: bool) -> None:
        """Convert a Lead."""
        for lead_id in self.chosen("leads", number):
            body = {"lead_id": lead_id, "opportunity": opportunity}
            self.world.admin("POST", "conversions", body)

    def add_field(self) -> None:
        if not self._type:
            made = self.world.salesforce.add_field("Ours__c", **self._TYPES["Number"])
            made.raise_for_status()
            self._type, self._field_id = "Number", made.json()["id"]
            self._grant()

    def drop_field(self) -> None:
        if self._type:
            path = f"{self._FIELDS}/{self._field_id}"
            self.world.salesforce("DELETE", path).raise_for_status()
            self._type = ""

    def retype_field(self) -> None:
        if self._type:
            self._type = "Text" if self._type == "Number" else "Number"
            metadata = {"label": "Ours", **self._TYPES[self._type]}
            body = {"FullName": "Lead.Ours__c", "Metadata": metadata}
            path = f"{self._FIELDS}/{self._field_id}"
            self.world.salesforce("PATCH", path, json=body).raise_for_status()

    def fill_field(self, number: int, value: int) -> None:
        given = value if self._type == "Number" else str(value)
        for record_id in self.chosen("leads", number) if self._type else []:
            self._write("PATCH", "leads", [{"Id": record_id, "Ours__c": given}])

    def _grant(self) -> None:
        user_id = self.world.salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
        made = self._make("PermissionSet", Name=self.name(), Label="Ours")
        field = {"SobjectType": "Lead", "Field": "Lead.Ours__c"}
        rights = {"PermissionsRead": True, "PermissionsEdit": True}
        self._make("FieldPermissions", ParentId=made, **field, **rights)
        self._make("PermissionSetAssignment", AssigneeId=user_id, PermissionSetId=made)

    def _make(self, object_name: str, **values: Any) -> str:
        made = self.world.salesforce("POST", f"sobjects/{object_name}", json=values)
        made.raise_for_status()
        return str(made.json()["id"])

    def _write(self, method: str, kind: str, records: Sequence[Mapping[str, Any]]) -> None:
        if records:
            typed = [{"attributes": {"type": self.object_of(kind)}, **one} for one in records]
            body = {"records": typed}
            answer = self.world.salesforce(method, "composite/sobjects", json=body)
            answer.raise_for_status()

    def _path(self, kind: str, record_id: str) -> str:
        return f"sobjects/{self.object_of(kind)}/{record_id}"
