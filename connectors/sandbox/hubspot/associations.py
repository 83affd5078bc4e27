"""Associations: how pairs are kept, in both directions, and what of them is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.sandbox.hubspot.association_kinds import (
    AssociationType,
    association_types,
    plain_between,
    primary_between,
)
from connectors.sandbox.hubspot.object_types import ObjectType, find_object_type
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Association:
    """One association as kept: to which record, of which type."""

    to_id: int
    type_id: int
    category: str
    label: str | None


@dataclass(frozen=True)
class Change:
    """An association that was made or taken away, in one of its directions."""

    kind: AssociationType
    from_id: int
    to_id: int
    removed: bool


def associate(store: Store, kind: AssociationType, from_id: int, to_id: int) -> list[Change]:
    """Keep an association in both directions, and return what that has changed.

    The unlabelled one comes with every labelled one. The first company that a record is
    associated with becomes its primary one, and a new primary one takes the label from the old;
    so it is with the contacts of a lead.
    """
    changes: list[Change] = []
    plain = plain_between(store, source_type(store, kind), target_type(store, kind))
    primary = primary_between(kind.from_type, kind.to_type)
    if plain is not None:
        changes += _insert(store, plain, from_id, to_id)
    if kind not in (plain, primary):
        changes += _insert(store, kind, from_id, to_id)
    if primary is None:
        return changes
    side = primary if primary.is_single else association_types()[primary.back]
    owner_id, company_id = (from_id, to_id) if side is primary else (to_id, from_id)
    held = primary_company(store, side, owner_id)
    if held is None or (kind is primary and held != company_id):
        if held is not None:
            changes += forget(store, side, owner_id, held)
        changes += _insert(store, side, owner_id, company_id)
    return changes


def primary_company(store: Store, side: AssociationType, owner_id: int) -> int | None:
    """Return the primary record of another one; `side` is the type that leads there."""
    held: int | None = store.value(
        "select to_id from hubspot_associations "
        "where from_type = ? and from_id = ? and to_type = ? and type_id = ?",
        side.from_type,
        owner_id,
        side.to_type,
        side.id,
    )
    return held


def forget(store: Store, kind: AssociationType, from_id: int, to_id: int) -> list[Change]:
    """Forget one association, in both directions, and return what that has changed."""
    rows = (
        (kind.from_type, from_id, kind.to_type, to_id, kind.id),
        (kind.to_type, to_id, kind.from_type, from_id, kind.back),
    )
    deleted = sum(store.run(_FORGET, *row) for row in rows)
    return [Change(kind, from_id, to_id, removed=True)] if deleted else []


_FORGET = """
delete from hubspot_associations
where from_type = ? and from_id = ? and to_type = ? and to_id = ? and type_id = ?
"""


def _insert(store: Store, kind: AssociationType, from_id: int, to_id: int) -> list[Change]:
    labels, category = (kind.label, kind.back_label), kind.category
    rows = (
        (kind.from_type, from_id, kind.to_type, to_id, kind.id, category, labels[0]),
        (kind.to_type, to_id, kind.from_type, from_id, kind.back, category, labels[1]),
    )
    sql = "insert or ignore into hubspot_associations values (?, ?, ?, ?, ?, ?, ?)"
    inserted = sum(store.run(sql, *row) for row in rows)
    return [Change(kind, from_id, to_id, removed=False)] if inserted else []


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


def source_type(store: Store, kind: AssociationType) -> ObjectType:
    """Return the object type that a type of association starts at."""
    return _known(store, kind.from_type)


def target_type(store: Store, kind: AssociationType) -> ObjectType:
    """Return the object type that a type of association leads to."""
    return _known(store, kind.to_type)


def _known(store: Store, name: str) -> ObjectType:
    found = find_object_type(store, name)
    if found is None:
        raise LookupError(f"a type of associations names {name}, which is no object")
    return found
