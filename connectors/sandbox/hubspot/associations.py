"""Associations: their types, how pairs are kept (in both directions), and what of them is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from connectors.sandbox.hubspot.object_types import ObjectType, object_type_named
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.store import Store

CATEGORY = "HUBSPOT_DEFINED"
PRIMARY = "Primary"
CONTACTS_PRIMARY_COMPANY = 1
"""The type id of a contact's primary company."""


@dataclass(frozen=True)
class AssociationType:
    """One type of association in one direction; object types by their plural names."""

    id: int
    from_type: str
    to_type: str
    back: int
    """The id of the same type in the other direction."""
    label: str | None = None


@dataclass(frozen=True)
class Association:
    """One association as kept: to which record, of which type."""

    to_id: int
    type_id: int
    category: str
    label: str | None


@cache
def association_types() -> Mapping[int, AssociationType]:
    """Return every type in both directions, by id."""
    text = (Path(__file__).parent / "association_types.yaml").read_text(encoding="utf-8")
    types = []
    for entry in yaml.safe_load(text):
        source, target = entry["from"], entry["to"]
        types += _both_ways(source, target, entry["type"], entry["back"], None)
        if "primary" in entry:
            types += _both_ways(source, target, entry["primary"], entry["primary_back"], PRIMARY)
    return {known.id: known for known in types}


def _both_ways(
    source: str, target: str, type_id: int, back: int, label: str | None
) -> list[AssociationType]:
    return [
        AssociationType(type_id, source, target, back, label),
        AssociationType(back, target, source, type_id, label),
    ]


def type_between(from_type: str, to_type: str, label: str | None = None) -> AssociationType | None:
    """Return the type of a label, or the unlabelled one, between two objects; None without any."""
    types = association_types().values()
    wanted = (from_type, to_type, label)
    return next((t for t in types if (t.from_type, t.to_type, t.label) == wanted), None)


def associate(store: Store, kind: AssociationType, from_id: int, to_id: int) -> None:
    """Keep an association in both directions.

    The unlabelled one comes with every labelled one. The first company that a record is
    associated with becomes its primary one, and a new primary one takes the label from the old.
    """
    plain = type_between(kind.from_type, kind.to_type)
    primary = type_between(kind.from_type, kind.to_type, PRIMARY)
    if plain is not None:
        _insert(store, plain, from_id, to_id)
    if primary is None:
        return
    side = _primary_side(primary)
    owner_id, company_id = (from_id, to_id) if side is primary else (to_id, from_id)
    held = primary_company(store, side, owner_id)
    if held is None or kind is primary:
        if held is not None:
            forget(store, side, owner_id, held)
        _insert(store, side, owner_id, company_id)


def _primary_side(primary: AssociationType) -> AssociationType:
    """Return the direction in which there is one primary record at most: towards companies."""
    return primary if primary.to_type == "companies" else association_types()[primary.back]


def primary_company(store: Store, side: AssociationType, owner_id: int) -> int | None:
    """Return the primary company of a contact or a deal; `side` is the type that leads there."""
    held: int | None = store.value(
        "select to_id from hubspot_associations "
        "where from_type = ? and from_id = ? and to_type = ? and type_id = ?",
        side.from_type,
        owner_id,
        side.to_type,
        side.id,
    )
    return held


def forget(store: Store, kind: AssociationType, from_id: int, to_id: int) -> None:
    """Forget one association, in both directions."""
    for row in (
        (kind.from_type, from_id, kind.to_type, to_id, kind.id),
        (kind.to_type, to_id, kind.from_type, from_id, kind.back),
    ):
        store.run(
            "delete from hubspot_associations where from_type = ? and from_id = ? "
            "and to_type = ? and to_id = ? and type_id = ?",
            *row,
        )


def dissociate(store: Store, from_type: str, from_id: int, to_type: str, to_id: int) -> None:
    """Forget every association between two records, in both directions."""
    for key in ((from_type, from_id, to_type, to_id), (to_type, to_id, from_type, from_id)):
        store.run(
            "delete from hubspot_associations "
            "where from_type = ? and from_id = ? and to_type = ? and to_id = ?",
            *key,
        )


def _insert(store: Store, kind: AssociationType, from_id: int, to_id: int) -> None:
    for row in (
        (kind.from_type, from_id, kind.to_type, to_id, kind.id, CATEGORY, kind.label),
        (kind.to_type, to_id, kind.from_type, from_id, kind.back, CATEGORY, kind.label),
    ):
        store.run("insert or ignore into hubspot_associations values (?, ?, ?, ?, ?, ?, ?)", *row)


def associations_of(
    store: Store, record: Record, to_type: ObjectType, after: int = 0, most: int = -1
) -> Mapping[int, Sequence[Association]]:
    """Return what a living record is associated with, by the other record's id in order.

    Archived records are not shown, on either side. `after` and `most` cut a page of records.
    """
    if record.archived_at is not None:
        return {}
    rows = store.rows(_SHOWN, record.object_type.name, record.id, to_type.name, after, most)
    found: dict[int, list[Association]] = {}
    for row in rows:
        kept = Association(row["to_id"], row["type_id"], row["category"], row["label"])
        found.setdefault(kept.to_id, []).append(kept)
    return found


_SHOWN = """
with page as (
    select distinct held.to_id from hubspot_associations as held
    join hubspot_records as other on other.object_type = held.to_type and other.id = held.to_id
    where held.from_type = ?1 and held.from_id = ?2 and held.to_type = ?3 and held.to_id > ?4
        and other.archived_at is null
    order by held.to_id limit ?5
)
select to_id, type_id, category, label from hubspot_associations
where from_type = ?1 and from_id = ?2 and to_type = ?3 and to_id in (select to_id from page)
order by to_id, label is null, type_id
"""


def type_name(from_type: ObjectType, to_type: ObjectType, label: str | None) -> str:
    """Return a type's name as answers with inline associations spell it."""
    name = f"{from_type.singular}_to_{to_type.singular}"
    has_primary = type_between(from_type.name, to_type.name, PRIMARY) is not None
    return f"{name}_unlabeled" if has_primary and label is None else name


def target_type(kind: AssociationType) -> ObjectType:
    """Return the object type that a type of association leads to."""
    found = object_type_named(kind.to_type)
    if found is None:
        raise LookupError(f"association_types.yaml names {kind.to_type}, which is no object")
    return found
