"""A handful of HubSpot contacts behind the scripted server, enough to test cursors."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.values import format_datetime, to_epoch_ms
from tests.unit.connectors.scripted import Answer, Asked, Script

OBJECTS = "/crm/v3/objects/contacts"
COMPANIES = "/crm/v4/associations/contacts/companies/batch/read"
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
PAGE = 2


def at(minute: int) -> datetime:
    """Return the instant so many minutes after nine."""
    return NINE + timedelta(minutes=minute)


def contact(record_id: int, minute: int, **properties: str) -> dict[str, Any]:
    """Return a contact as HubSpot writes it."""
    stamp = format_datetime(at(minute))
    return {
        "id": str(record_id),
        "properties": {
            "hs_object_id": str(record_id),
            "email": None,
            "lastmodifieddate": stamp,
            **properties,
        },
        "archived": False,
    }


def telling(record: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a record as HubSpot tells it to those who ask for these properties."""
    return {**record, "properties": {**dict.fromkeys(names), **record["properties"]}}


def without_associations(*record_ids: str) -> dict[str, Any]:
    """Return the error that names records without associations."""
    return {
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "context": {"fromObjectId": list(record_ids)},
    }


CLOCK = at(60)
"""When the script's server answers."""


@dataclass
class Portal:
    """Answers lists, searches and batch reads over its contacts."""

    living: list[dict[str, Any]]
    archived: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    batch: Answer | None = None
    """An answer to batch reads instead of the true one."""

    def attach(self, script: Script, lists: bool = True) -> None:
        """Answer the script's requests, or all but those for lists."""
        if lists:
            script.on("GET", OBJECTS, self.list)
        script.on("POST", f"{OBJECTS}/search", self.search)
        script.on("POST", f"{OBJECTS}/batch/read", self.batch or self.read)
        script.on("POST", COMPANIES, self.associations)

    def list(self, asked: Asked) -> Answer:
        kept = self.archived if asked.query.get("archived") == "true" else self.living
        after = int(asked.query.get("after", "0"))
        ordered = sorted((c for c in kept if _number(c) >= after), key=_number)
        names = asked.query.get("properties", "").split(",")
        body: dict[str, Any] = {"results": [telling(one, names) for one in ordered[:PAGE]]}
        if len(ordered) > PAGE:
            body["paging"] = {"next": {"after": ordered[PAGE]["id"]}}
        return Answer(body)

    def search(self, asked: Asked) -> Answer:
        wanted = asked.json()
        if not wanted["filterGroups"]:
            [sort] = wanted["sorts"]
            key = _number if sort["propertyName"] == "hs_object_id" else _modified
            ordered = sorted(self.living, key=key, reverse=sort["direction"] == "DESCENDING")
            return Answer({"total": len(ordered), "results": ordered[:1]})
        changed, further = wanted["filterGroups"][0]["filters"]
        latest = int(changed.get("highValue", 1 << 62))
        found = [
            c
            for c in sorted(self.living, key=_number)
            if int(changed["value"]) <= _modified(c) <= latest
            and _number(c) > int(further["value"])
        ]
        return Answer({"total": len(found), "results": found[:PAGE]})

    def associations(self, asked: Asked) -> Answer:
        ids = {wanted["id"] for wanted in asked.json()["inputs"]}
        found = [pair for pair in self.pairs if pair["from"]["id"] in ids]
        lonely = sorted(ids - {pair["from"]["id"] for pair in found})
        errors = [without_associations(*lonely)] if lonely else []
        return Answer({"results": found, "errors": errors}, status=207 if lonely else 200)

    def read(self, asked: Asked) -> Answer:
        ids = {wanted["id"] for wanted in asked.json()["inputs"]}
        names = asked.json()["properties"]
        found = [telling(c, names) for c in self.living if c["id"] in ids]
        gone = sorted(ids - {c["id"] for c in found})
        errors = [{"category": "OBJECT_NOT_FOUND", "context": {"ids": gone}}] if gone else []
        return Answer({"results": found[::-1], "errors": errors}, status=207 if gone else 200)


def _number(found: dict[str, Any]) -> int:
    return int(found["id"])


def _modified(found: dict[str, Any]) -> int:
    return to_epoch_ms(datetime.fromisoformat(found["properties"]["lastmodifieddate"]))
