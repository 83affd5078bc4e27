"""The table of further_types.yaml: types that every account knows, and few use."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FIELD_TYPES = {
    "string": "text",
    "number": "number",
    "date": "date",
    "datetime": "date",
    "bool": "booleancheckbox",
    "enumeration": "select",
}
_OF_THE_TYPE = ("scope", "is_activity", "shown", "required", "searchable")


@cache
def _table() -> Mapping[str, Any]:
    path = Path(__file__).parent / "further_types.yaml"
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


def further_types() -> list[tuple[Sequence[str], dict[str, Any]]]:
    """Return each type's names (plural, singular, type id), and how HubSpot treats it."""
    return [(entry["names"], _treatment(entry)) for entry in _table()["types"]]


def _treatment(entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {key: entry[key] for key in _OF_THE_TYPE if key in entry}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}


def further_schema(object_name: str) -> dict[str, Any] | None:
    """Return a type's groups and properties as those of schema/*.yaml, None for no such type."""
    entry = next((e for e in _table()["types"] if e["names"][0] == object_name), None)
    if entry is None:
        return None
    group, label = entry["group"]
    listed = {**_table()["common"], **entry["properties"]}
    return {
        "groups": {group: label},
        "properties": [_property(name, group, known) for name, known in listed.items()],
    }


def _property(name: str, group: str, known: Mapping[str, Any]) -> dict[str, Any]:
    options = {"options": {"true": "Yes", "false": "No"}} if known["type"] == "bool" else {}
    usual = {"field_type": _FIELD_TYPES[known["type"]], **options}
    return {"name": name, "group": group, **usual, **known}


def further_associations() -> list[dict[str, Any]]:
    """Return the association types of these types in the shape of association_types.yaml."""
    return [
        {"from": entry["names"][0], "to": target, "type": there, "back": back}
        for entry in _table()["types"]
        for target, (there, back) in entry.get("associated", {}).items()
    ]
