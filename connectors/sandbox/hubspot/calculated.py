"""What HubSpot works out by itself: SQL over a row of hubspot_records, for answers and searches.

None of it is kept, so that nothing of it ever moves the date of a record's last change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.object_types import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    LINE_ITEMS,
    MEETINGS,
    NOTES,
    TASKS,
    TICKETS,
    ObjectType,
)
from connectors.sandbox.hubspot.pipelines import Stage, stages_in
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.sql_text import property_sql
from connectors.sandbox.hubspot.stage_times import (
    stage_properties,
    stage_time_named,
    stage_time_sql,
)
from connectors.sandbox.store import Store, literal

_TALKS = (CALLS, EMAILS, MEETINGS)


def known_properties(
    store: Store, object_type: ObjectType, names: Iterable[str]
) -> Mapping[str, Property]:
    """Return an object's properties, with those of the names that are in no list of them."""
    known = properties(store, object_type.name)
    hidden = {name: _hidden(object_type, name) for name in names if name not in known}
    return known | {name: found for name, found in hidden.items() if found is not None}


def _hidden(object_type: ObjectType, name: str) -> Property | None:
    asked = stage_time_named(name)
    if asked is None or asked.stage is None or object_type.in_pipelines is None:
        return None
    entries = stage_properties(asked.stage, asked.stage)
    return next(Property(**entry, group="") for entry in entries if entry["name"] == name)


def calculation(sandbox: Sandbox, object_type: ObjectType, name: str) -> str | None:
    """Return SQL of a property that HubSpot works out, or None when it is kept like any other."""
    if name in _PLAIN:
        kinds, sql = _PLAIN[name]
        return sql.replace("$now", str(sandbox.clock.now_ms)) if object_type in kinds else None
    if name in _BY_STAGE and object_type == DEALS:
        return _by_stage(sandbox.store, object_type, name)
    asked, held_in = stage_time_named(name), _stage_property(object_type)
    if asked is None or held_in is None:
        return None
    return stage_time_sql(asked, held_in, sandbox.clock.now_ms)


def _stage_property(object_type: ObjectType) -> str | None:
    if object_type.has_lifecycle:
        return "lifecyclestage"
    return None if object_type.in_pipelines is None else object_type.in_pipelines[1]


def with_calculated(
    sandbox: Sandbox, object_type: ObjectType, records: Sequence[Record], names: Iterable[str]
) -> Sequence[Record]:
    """Return records with those of the named properties that HubSpot works out."""
    found = {name: calculation(sandbox, object_type, name) for name in names}
    asked = {name: sql for name, sql in found.items() if sql is not None}
    if not asked or not records:
        return records
    columns = ", ".join(asked.values())
    marks = ", ".join("?" for _ in records)
    rows = sandbox.store.rows(
        f"select id, {columns} from hubspot_records where object_type = ? and id in ({marks})",  # noqa: S608 - our own SQL
        object_type.name,
        *(record.id for record in records),
    )
    worked_out = {row[0]: dict(zip(asked, row[1:], strict=True)) for row in rows}
    return [record.with_calculated(worked_out.get(record.id, {})) for record in records]


def _by_stage(store: Store, object_type: ObjectType, name: str) -> str:
    """Return SQL that tells something of the stage a record is in."""
    otherwise, tell = _BY_STAGE[name]
    held = f"coalesce({property_sql('dealstage')}, '')"
    stages = stages_in(store, object_type.name)
    cases = " ".join(f"when {literal(s.id)} then {literal(tell(s))}" for s in stages)
    unknown = literal(otherwise)
    return f"(case {held} {cases} else {unknown} end)" if cases else unknown


_OTHERS = """(
    select {asked} from hubspot_associations as held
    join hubspot_records as other on other.object_type = held.to_type and other.id = held.to_id
    where held.from_type = hubspot_records.object_type and held.from_id = hubspot_records.id
        and held.to_type in ({kinds}) and other.archived_at is null)"""


def _of_others(asked: str, kinds: Sequence[ObjectType]) -> str:
    """Return SQL that asks something of the living records that a record is associated with."""
    names = ", ".join(literal(kind.name) for kind in kinds)
    return _OTHERS.format(asked=asked, kinds=names)


def _associated(kind: ObjectType) -> str:
    """Return SQL that counts the living records of a type that a record is associated with."""
    return _of_others("count(distinct other.id)", (kind,))


_COUNT = "count(distinct other.object_type || other.id)"
_WHEN = "json_extract(other.properties, '$.hs_timestamp')"
_LATEST = f"max(case when {_WHEN} <= $now then {_WHEN} end)"
_EVERY = (*_TALKS, NOTES, TASKS)
_PEOPLE_AND_SALES = (CONTACTS, COMPANIES, DEALS, TICKETS)
_PLAIN: Mapping[str, tuple[Sequence[ObjectType], str]] = {
    "hs_email_domain": (
        (CONTACTS,),
        "iif(instr(email, '@'), lower(substr(email, instr(email, '@') + 1)), null)",
    ),
    "hs_is_contact": ((CONTACTS,), "'true'"),
    "hs_pipeline": ((CONTACTS,), "'contacts-lifecycle-pipeline'"),
    "hs_all_contact_vids": (
        (CONTACTS,),
        "id || coalesce(';' || json_extract(properties, '$.hs_merged_object_ids'), '')",
    ),
    "num_associated_contacts": ((COMPANIES, DEALS), _associated(CONTACTS)),
    "num_associated_deals": ((CONTACTS, COMPANIES), _associated(DEALS)),
    "num_notes": (_PEOPLE_AND_SALES, _of_others(_COUNT, _EVERY)),
    "num_contacted_notes": (_PEOPLE_AND_SALES, _of_others(_COUNT, _TALKS)),
    "notes_last_contacted": (_PEOPLE_AND_SALES, _of_others(_LATEST, _TALKS)),
    "notes_last_updated": (_PEOPLE_AND_SALES, _of_others(_LATEST, _EVERY)),
    "amount": (
        (LINE_ITEMS,),
        "json_extract(properties, '$.price') * json_extract(properties, '$.quantity')",
    ),
}
"""SQL by property, and the objects of which it holds; $now stands for the moment."""
_BY_STAGE: Mapping[str, tuple[str, Callable[[Stage], str]]] = {
    "hs_is_closed": ("false", lambda stage: str(stage.is_closed).lower()),
    "hs_is_closed_won": ("false", lambda stage: str(stage.is_won).lower()),
    "hs_deal_stage_probability": ("0.0", lambda stage: stage.probability),
}
"""What is told of a deal's stage, and what of one that is not there."""
