"""The objects and fields of the sandbox org: those it has from the start, and custom ones added."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import yaml

from connectors.sandbox.salesforce.custom_objects import custom_type
from connectors.sandbox.salesforce.features import Features, features
from connectors.sandbox.salesforce.formulas.compiler import Formula, compile_formula
from connectors.sandbox.salesforce.listed_types import listed_type
from connectors.sandbox.salesforce.object_types import Field, ObjectType, sql_of
from connectors.sandbox.store import Store

__all__ = [
    "Field",
    "ObjectType",
    "added_fields",
    "compiled",
    "find_type",
    "name_of",
    "object_types",
    "sql_of",
    "standard_types",
    "type_named",
    "type_of_id",
]


@cache
def standard_types() -> Mapping[str, ObjectType]:
    """Return the objects as the org has them from the start, its own custom fields included."""
    types = _listed_types()
    for name, listed in list(types.items()):
        for field in listed.fields.values():
            if field.formula:
                types[name] = _with_field(types[name], compiled(field, types[name], types))
    return types


def added_fields(known: ObjectType) -> tuple[Field, ...]:
    """Return the custom fields of an object that the org did not have from the start."""
    standard = standard_types().get(known.name)
    shipped = standard.fields if standard else ()
    return tuple(f for f in known.fields.values() if f.custom and f.name not in shipped)


def compiled(field: Field, known: ObjectType, types: Mapping[str, ObjectType]) -> Field:
    """Return a formula field with its formula as SQL.

    Raises:
        FormulaError: Salesforce would not save the formula.
    """
    formula = Formula(field.formula or "", field.type, field.scale, field.blanks_are_zero)
    return replace(field, expression=compile_formula(formula, known, types))


def _listed_types() -> dict[str, ObjectType]:
    return {
        name: listed_type(name, entry)
        for file in sorted((Path(__file__).parent / "schema").glob("*.yaml"))
        for name, entry in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


def object_types(store: Store) -> dict[str, ObjectType]:
    """Return every object with its standard and custom fields, by name."""
    made = store.rows("select id, name, prefix, metadata from salesforce_custom_objects")
    kept = store.rows("select object_name, field from salesforce_custom_fields order by rowid")
    return dict(_types_with(features(store), tuple(map(tuple, made)), *map(tuple, kept)))


@lru_cache(maxsize=16)
def _types_with(
    present: Features, made: tuple[tuple[str, ...], ...], *kept: tuple[str, str]
) -> Mapping[str, ObjectType]:
    """Return every object, with kept custom ones: the same ones are read for every request."""
    types = dict(_types_of_org(present))
    for definition in made:
        known = present.fitted(custom_type(*definition))
        types[known.name] = known
    for object_name, field in kept:
        types[object_name] = _with_field(types[object_name], _read_field(field))
    return types


@lru_cache(maxsize=16)
def _types_of_org(present: Features) -> Mapping[str, ObjectType]:
    types = standard_types().items()
    return {name: present.fitted(known) for name, known in types if present.has(known)}


def _read_field(kept: str) -> Field:
    values = json.loads(kept)
    return Field(
        **{**values, "options": tuple(values["options"]), "refers_to": tuple(values["refers_to"])}
    )


def _with_field(known: ObjectType, field: Field) -> ObjectType:
    tracked = (*known.tracked, field.name) if field.tracked else known.tracked
    return replace(known, fields={**known.fields, field.name: field}, tracked=tracked)


def find_type(store: Store, name: str, tooling: bool = False) -> ObjectType | None:
    """Return an object by its name in any case; Tooling API objects only when asked for."""
    return type_named(object_types(store), name, tooling)


def type_named(
    types: Mapping[str, ObjectType], name: str, tooling: bool = False
) -> ObjectType | None:
    """Return the one of some objects that has a name, in any case."""
    folded = name.lower()
    same = (known for known in types.values() if known.name.lower() == folded)
    return next((known for known in same if known.tooling == tooling), None)


def type_of_id(store: Store, record_id: str) -> ObjectType | None:
    """Return the object that an id's prefix stands for, one of the org's own with all its fields.

    Of other objects it has the standard fields only.
    """
    standard = _types_by_prefix().get(record_id[:3])
    if standard is not None or not record_id.startswith("a"):
        return standard
    own = (known for known in object_types(store).values() if known.definition_id)
    return next((known for known in own if known.prefix == record_id[:3]), None)


@cache
def _types_by_prefix() -> Mapping[str, ObjectType]:
    return {known.prefix: known for known in standard_types().values() if not known.tooling}


def name_of(store: Store, record_id: str | None) -> str | None:
    """Return the name of the user, account or any other record with a name."""
    known = type_of_id(store, record_id) if record_id else None
    field = known.fields.get(known.name_field) if known else None
    if known is None or field is None:
        return None
    sql = f"select {sql_of(field, 'named')} from {known.table} as named where Id = ?"  # noqa: S608 - names of our schema
    name: str | None = store.value(sql, record_id)
    return name
