"""Types of associations: HubSpot's own, and the labels that the account defines itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.hubspot.further_types import further_associations
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.store import Store

CATEGORY, USER_CATEGORY = "HUBSPOT_DEFINED", "USER_DEFINED"
PRIMARY = "Primary"
_FIRST_OWN_ID = 10_000
"""Above HubSpot's own, though the categories would keep them apart."""


@dataclass(frozen=True)
class AssociationType:
    """One type of association in one direction; object types by their plural names."""

    id: int
    from_type: str
    to_type: str
    back: int
    """The id of the same type in the other direction."""
    label: str | None = None
    back_label: str | None = None
    """The label in the other direction; another one only where labels are paired."""
    category: str = CATEGORY
    is_single: bool = False
    """Whether a record has one such association at most, in this direction."""

    @property
    def turned(self) -> "AssociationType":
        """The same type in the other direction."""
        return AssociationType(
            self.back,
            self.to_type,
            self.from_type,
            self.id,
            self.back_label,
            self.label,
            self.category,
        )


def create_tables(store: Store) -> None:
    """Create the table of the account's own types; a type has a row for each direction."""
    store.create_tables(
        "create table if not exists hubspot_association_types (id integer primary key, "
        "from_type text not null, to_type text not null, back integer not null, "
        "label text, back_label text);"
    )


@cache
def association_types() -> Mapping[int, AssociationType]:
    """Return HubSpot's own types in both directions, by id."""
    text = (Path(__file__).parent / "association_types.yaml").read_text(encoding="utf-8")
    types = []
    for entry in (*yaml.safe_load(text), *further_associations()):
        source, target = entry["from"], entry["to"]
        plain = AssociationType(entry["type"], source, target, entry["back"])
        types += [plain.turned, plain]
        if "primary" in entry:
            ids = entry["primary"], source, target, entry["primary_back"]
            primary = AssociationType(*ids, PRIMARY, PRIMARY, is_single=True)
            types += [primary.turned, primary]
    return {known.id: known for known in types}


def find_type(store: Store, type_id: int) -> AssociationType | None:
    """Return a type by its id, or None."""
    standard = association_types().get(type_id)
    if standard is not None:
        return standard
    row = store.row("select * from hubspot_association_types where id = ?", type_id)
    return None if row is None else _own(row)


def types_between(store: Store, from_type: str, to_type: str) -> list[AssociationType]:
    """Return every type that leads from one object to the other, the account's own last."""
    wanted = (from_type, to_type)
    standard = [t for t in association_types().values() if (t.from_type, t.to_type) == wanted]
    rows = store.rows(
        "select * from hubspot_association_types where from_type = ? and to_type = ? order by id",
        *wanted,
    )
    return [*standard, *map(_own, rows)]


def _own(row: Any) -> AssociationType:
    return AssociationType(**dict(row), category=USER_CATEGORY)


def primary_between(from_type: str, to_type: str) -> AssociationType | None:
    """Return the type of the primary record between two objects, in either direction."""
    types = association_types().values()
    wanted = (from_type, to_type, PRIMARY)
    return next((t for t in types if (t.from_type, t.to_type, t.label) == wanted), None)


def plain_between(
    store: Store, from_type: ObjectType, to_type: ObjectType
) -> AssociationType | None:
    """Return the type without a label between two objects.

    Those of custom objects are made when they are first wanted.
    """
    names = (from_type.name, to_type.name)
    for known in types_between(store, *names):
        if known.label is None:
            return known
    if from_type.is_custom or to_type.is_custom:
        return define_type(store, *names, None, None)
    return None


def define_type(
    store: Store, from_type: str, to_type: str, label: str | None, back_label: str | None
) -> AssociationType:
    """Keep a new type of the account's own and return it; paired labels differ."""
    first = _FIRST_OWN_ID + 2 * store.next_number("hubspot association types")
    is_two_way = label == back_label and from_type == to_type
    back = first if is_two_way else first + 1
    made = AssociationType(first, from_type, to_type, back, label, back_label, USER_CATEGORY)
    for kind in (made,) if is_two_way else (made, made.turned):
        values = (kind.id, kind.from_type, kind.to_type, kind.back, kind.label, kind.back_label)
        store.run("insert into hubspot_association_types values (?, ?, ?, ?, ?, ?)", *values)
    return made


def relabel(store: Store, kind: AssociationType, label: str, back_label: str) -> None:
    """Give a type of the account's own other labels, in both directions."""
    for type_id, first, second in ((kind.id, label, back_label), (kind.back, back_label, label)):
        store.run(
            "update hubspot_association_types set label = ?, back_label = ? where id = ?",
            first,
            second,
            type_id,
        )
        store.run("update hubspot_associations set label = ? where type_id = ?", first, type_id)


def forget_type(store: Store, kind: AssociationType) -> None:
    """Forget a type of the account's own, and the associations that had it."""
    for type_id in (kind.id, kind.back):
        store.run("delete from hubspot_association_types where id = ?", type_id)
        store.run("delete from hubspot_associations where type_id = ?", type_id)


def type_name(from_type: ObjectType, to_type: ObjectType, label: str | None) -> str:
    """Return a type's name as v3 spells it."""
    if label is not None and label != PRIMARY:
        return re.sub(r"\W+", "_", label.lower())
    name = f"{from_type.singular}_to_{to_type.singular}"
    has_primary = primary_between(from_type.name, to_type.name) is not None
    return f"{name}_unlabeled" if has_primary and label is None else name
