"""The objects and fields of the sandbox org: those it has from the start, and custom ones added."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.salesforce.formulas.compiler import Formula, compile_formula
from connectors.sandbox.salesforce.formulas.pieces import ROW
from connectors.sandbox.salesforce.object_types import Field, ObjectType, sql_of
from connectors.sandbox.store import Store, quoted

__all__ = [
    "Field",
    "ObjectType",
    "added_fields",
    "compiled",
    "features",
    "find_type",
    "name_of",
    "object_types",
    "sql_of",
    "standard_types",
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
    shipped = standard_types()[known.name].fields
    return tuple(field for field in known.fields.values() if field.name not in shipped)


def compiled(field: Field, known: ObjectType, types: Mapping[str, ObjectType]) -> Field:
    """Return a formula field with its formula as SQL.

    Raises:
        FormulaError: Salesforce would not save the formula.
    """
    formula = Formula(field.formula or "", field.type, field.scale, field.blanks_are_zero)
    return replace(field, expression=compile_formula(formula, known, types))


def _listed_types() -> dict[str, ObjectType]:
    return {
        name: _object_type(name, entry)
        for file in sorted((Path(__file__).parent / "schema").glob("*.yaml"))
        for name, entry in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


def _object_type(name: str, entry: dict[str, Any]) -> ObjectType:
    fields = {listed["name"]: _standard_field(listed) for listed in entry.pop("fields")}
    tracked = tuple(entry.pop("tracked", ()))
    return ObjectType(name=name, fields=fields, tracked=tracked, **entry)


def _standard_field(listed: dict[str, Any]) -> Field:
    entry = dict(listed)
    system, required = entry.pop("system", False), entry.pop("required", False)
    fixed, computed = entry.pop("fixed", False), "formula" in entry
    sql, is_id = entry.pop("sql", ""), entry["type"] in ("id", "reference")
    return Field(
        createable=entry.pop("createable", not system and not computed),
        updateable=not system and not fixed and not computed,
        nillable=entry.pop("nillable", not system and not required),
        length=entry.pop("length", 18 if is_id else 0),
        options=tuple(entry.pop("options", ())),
        refers_to=tuple(entry.pop("refers_to", ())),
        expression=sql.replace("{row}", quoted(ROW)),
        **entry,
    )


def object_types(store: Store) -> dict[str, ObjectType]:
    """Return every object with its standard and custom fields, by name."""
    kept = store.rows("select object_name, field from salesforce_custom_fields order by rowid")
    return dict(_types_with(features(store), *map(tuple, kept)))


@lru_cache(maxsize=16)
def _types_with(present: frozenset[str], *kept: tuple[str, str]) -> Mapping[str, ObjectType]:
    """Return every object, with kept custom fields: the same ones are read for every request."""
    types = dict(_types_of_org(present))
    for object_name, field in kept:
        types[object_name] = _with_field(types[object_name], _read_field(field))
    return types


def features(store: Store) -> frozenset[str]:
    """Return what the org's settings have switched on: multicurrency, person_accounts."""
    return _features_in(store.value("select value from state where name = 'settings'") or "{}")


@lru_cache(maxsize=16)
def _features_in(text: str) -> frozenset[str]:
    settings = json.loads(text)
    return frozenset(name for name in _FEATURES if settings.get(f"salesforce_{name}"))


_FEATURES = ("multicurrency", "person_accounts")


@cache
def _types_of_org(present: frozenset[str]) -> Mapping[str, ObjectType]:
    there = {"", *present}
    return {
        name: replace(
            known, fields={f.name: f for f in known.fields.values() if f.requires in there}
        )
        for name, known in standard_types().items()
        if known.requires in there
    }


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
    for known in object_types(store).values():
        if known.name.lower() == name.lower() and known.tooling == tooling:
            return known
    return None


def type_of_id(record_id: str) -> ObjectType | None:
    """Return the object, with its standard fields, that an id's prefix stands for."""
    return _types_by_prefix().get(record_id[:3])


@cache
def _types_by_prefix() -> Mapping[str, ObjectType]:
    return {known.prefix: known for known in standard_types().values() if not known.tooling}


def name_of(store: Store, record_id: str | None) -> str | None:
    """Return the name of the user, account or any other record with a name."""
    known = type_of_id(record_id) if record_id else None
    if known is None or "Name" not in known.fields:
        return None
    name: str | None = store.value(f"select Name from {known.table} where Id = ?", record_id)  # noqa: S608 - a name of our schema
    return name
