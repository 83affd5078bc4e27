"""Each object's properties and groups: those of schema/*.yaml and those made over the API."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.hubspot.further_types import further_schema
from connectors.sandbox.hubspot.stage_times import current_stage_properties, stage_properties
from connectors.sandbox.hubspot.unique_index import index_values
from connectors.sandbox.store import Store

FOUNDED_MS = 1_704_704_400_000
"""When the account was set up: 8 January 2024, 9:00 UTC."""


@dataclass(frozen=True)
class Property:
    """One property of an object. Options map values to labels, in display order."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False
    calculated: bool = False
    unique: bool = False
    external: bool = False
    """Whether options come from elsewhere (owners), so that they are not listed."""
    hubspot_defined: bool = True
    created_at: int = 0
    updated_at: int = 0
    """Milliseconds since 1970; 0 for HubSpot's own."""
    archived_at: int = 0
    """Milliseconds since 1970; 0 for one that takes values."""
    display_order: int = -1
    hidden: bool = False
    formula: str = ""
    """What HubSpot calculates the value by."""
    shows_currency: bool = False
    sensitivity: str = "non_sensitive"
    option_details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What else was said of options: description, hidden, displayOrder."""

    def to_json(self) -> dict[str, Any]:
        """Return the property as the API shows it."""
        body: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": self._options(),
            "displayOrder": self.display_order,
            "calculated": self.calculated,
            "externalOptions": self.external,
            "hasUniqueValue": self.unique,
            "hidden": self.hidden,
            "hubspotDefined": self.hubspot_defined,
            "showCurrencySymbol": self.shows_currency,
            "modificationMetadata": self._modification(),
            "formField": not self.read_only and not self.hidden,
            "dataSensitivity": self.sensitivity,
            "archived": self.archived_at > 0,
            "createdAt": instant(from_ms(self.created_at or FOUNDED_MS)),
            "updatedAt": instant(from_ms(self.updated_at or FOUNDED_MS)),
        }
        if self.archived_at:
            body["archivedAt"] = instant(from_ms(self.archived_at))
        if self.formula:
            body["calculationFormula"] = self.formula
        if self.external and self.name.endswith("owner_id"):
            body["referencedObjectType"] = "OWNER"
        return body

    @property
    def takes_options(self) -> bool:
        """Whether its options may be changed, as those of some of HubSpot's own may."""
        return self.type == "enumeration" and not self.read_only and not self.external

    def _modification(self) -> dict[str, bool]:
        options = {"readOnlyOptions": not self.takes_options} if self.type == "enumeration" else {}
        return {
            "archivable": not self.hubspot_defined,
            "readOnlyDefinition": self.hubspot_defined,
            **options,
            "readOnlyValue": self.read_only,
        }

    def _options(self) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "value": value,
                "displayOrder": order,
                "hidden": False,
                **self.option_details.get(value, {}),
            }
            for order, (value, label) in enumerate(self.options.items())
        ]


@cache
def _standard(object_name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "schema" / f"{object_name}.yaml"
    if not path.exists():  # of a custom object, all properties are kept in the store
        return further_schema(object_name) or {"groups": {}, "properties": []}
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


@cache
def standard_properties(object_name: str) -> Mapping[str, Property]:
    """Return the properties that an object has from the start, by name."""
    return {entry["name"]: Property(**entry) for entry in _standard(object_name)["properties"]}


def properties(store: Store, object_name: str) -> dict[str, Property]:
    """Return every property of an object, by name."""
    sql = "select definition from hubspot_properties where object_type = ? order by rowid"
    kept = store.rows(sql, object_name)
    return dict(_properties(object_name, *(row["definition"] for row in kept)))


@lru_cache(maxsize=64)
def _properties(object_name: str, *definitions: str) -> Mapping[str, Property]:
    """Return every property, with those kept as JSON: the same ones are read for every request."""
    own = [Property(**json.loads(definition)) for definition in definitions]
    living = {entry.name: entry for entry in own if not entry.archived_at}
    known = {**standard_properties(object_name), **living}
    stages = known.get("lifecyclestage")
    if stages is None or not stages.hubspot_defined:
        return known
    return {**known, **_of_stages(stages.group, *stages.options.items())}


@cache
def _of_stages(group: str, *stages: tuple[str, str]) -> Mapping[str, Property]:
    """Return the properties that tell of each lifecycle stage, by name."""
    entries = [entry for stage, label in stages for entry in stage_properties(stage, label)]
    made = [Property(**entry, group=group) for entry in (*entries, *current_stage_properties())]
    return {known.name: known for known in made}


def archived_properties(store: Store, object_name: str) -> dict[str, Property]:
    """Return the properties of an object that take no values any more, by name."""
    sql = "select definition from hubspot_properties where object_type = ? order by rowid"
    own = [Property(**json.loads(row["definition"])) for row in store.rows(sql, object_name)]
    return {entry.name: entry for entry in own if entry.archived_at}


def groups(store: Store, object_name: str) -> dict[str, str]:
    """Return the labels of an object's property groups, by name."""
    sql = "select name, label from hubspot_property_groups where object_type = ? order by rowid"
    own = {row["name"]: row["label"] for row in store.rows(sql, object_name)}
    return {**standard_groups(object_name), **own}


def standard_groups(object_name: str) -> Mapping[str, str]:
    """Return the labels of the groups that an object has from the start, by name."""
    labels: Mapping[str, str] = _standard(object_name)["groups"]
    return labels


def group_order(store: Store, object_name: str, name: str) -> int:
    """Return the place of a group among the others; -1 for behind them."""
    sql = "select display_order from hubspot_property_groups where object_type = ? and name = ?"
    place = store.value(sql, object_name, name)
    return -1 if place is None else int(place)


def keep_property(store: Store, object_name: str, known: Property) -> None:
    """Keep a property that was created or changed over the API."""
    store.run(
        "insert into hubspot_properties values (?, ?, ?) "
        "on conflict (object_type, name) do update set definition = excluded.definition",
        object_name,
        known.name,
        json.dumps(asdict(known)),
    )
    if known.unique:
        index_values(store, object_name, known.name, known.type)


def keep_group(store: Store, object_name: str, name: str, label: str, order: int = -1) -> None:
    """Keep a group that was created or changed over the API."""
    store.run(
        "insert into hubspot_property_groups values (?, ?, ?, ?) on conflict (object_type, name) "
        "do update set label = excluded.label, display_order = excluded.display_order",
        object_name,
        name,
        label,
        order,
    )


def forget_group(store: Store, object_name: str, name: str) -> None:
    """Forget a group that was created over the API."""
    sql = "delete from hubspot_property_groups where object_type = ? and name = ?"
    store.run(sql, object_name, name)
