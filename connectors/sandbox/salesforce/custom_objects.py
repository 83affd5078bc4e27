"""Objects that a company has made itself: a name, an owner, the stamps, and their custom fields.

Source: Metadata API Developer Guide, "CustomObject"; Object Reference, "Custom Objects".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.salesforce.listed_types import listed_type
from connectors.sandbox.salesforce.object_types import ObjectType
from connectors.sandbox.store import Store

ENDING = "__c"


@dataclass(frozen=True)
class KeptObject:
    """A custom object as it was defined."""

    id: str
    name: str
    prefix: str
    metadata: Mapping[str, Any]
    created_at: str
    modified_at: str


def find_object(store: Store, name: str) -> KeptObject | None:
    """Return the custom object of a name in any case, or None."""
    row = store.row("select * from salesforce_custom_objects where name = ?", name)
    return None if row is None else _kept(dict(row))


def list_objects(store: Store) -> list[KeptObject]:
    """Return the custom objects of the org, oldest first."""
    rows = store.rows("select * from salesforce_custom_objects order by rowid")
    return [_kept(dict(row)) for row in rows]


def keep_object(store: Store, kept: KeptObject) -> None:
    """Keep a custom object, or another definition of one; its table is left as it is."""
    store.run(
        "insert into salesforce_custom_objects values (?, ?, ?, ?, ?, ?) on conflict (name) "
        "do update set metadata = excluded.metadata, modified_at = excluded.modified_at",
        *(kept.id, kept.name, kept.prefix, json.dumps(kept.metadata)),
        *(kept.created_at, kept.modified_at),
    )


def custom_type(object_id: str, name: str, prefix: str, definition: str) -> ObjectType:
    """Return the object that a kept definition makes, without its custom fields."""
    metadata = json.loads(definition)
    named, bare = metadata["nameField"], _bare()
    own = replace(
        bare.fields["Name"],
        label=named.get("label") or "Name",
        numbered=named.get("displayFormat") or "",
        defaulted=True,
    )
    if own.numbered:
        own = replace(own, createable=False, updateable=False, nillable=False)
    return replace(
        bare,
        name=name,
        label=metadata["label"],
        plural=metadata.get("pluralLabel") or metadata["label"],
        prefix=prefix,
        fields={**bare.fields, "Name": own},
        definition_id=object_id,
    )


@cache
def _bare() -> ObjectType:
    text = Path(__file__).with_name("custom_object.yaml").read_text(encoding="utf-8")
    unnamed = dict.fromkeys(("label", "plural", "prefix"), "")
    return listed_type("", {**unnamed, "fields": yaml.safe_load(text)})


def _kept(row: Mapping[str, Any]) -> KeptObject:
    return KeptObject(**{**row, "metadata": json.loads(row["metadata"])})
