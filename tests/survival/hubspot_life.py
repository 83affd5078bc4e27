"""What people do to a portal."""

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from connectors.records import Crm
from tests.survival.lives import Life


class HubSpotLife(Life):
    """A portal."""

    crm: Crm = "hubspot"
    kinds = ("contacts", "companies", "deals", "tickets")
    _NAMES: Mapping[str, str] = {
        "contacts": "city",
        "companies": "name",
        "deals": "dealname",
        "tickets": "subject",
    }
    _BORN: Mapping[str, dict[str, str]] = {
        "deals": {"pipeline": "default", "dealstage": "appointmentscheduled"},
        "tickets": {"hs_pipeline": "0", "hs_pipeline_stage": "1"},
    }
    _PROPERTY = "/crm/v3/properties/contacts"
    _TYPES: Mapping[str, str] = {"number": "number", "string": "text"}

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
