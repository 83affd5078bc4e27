"""What people do to an org."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.records import Crm
from tests.survival.lives import Life
from tests.survival.world import World


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
