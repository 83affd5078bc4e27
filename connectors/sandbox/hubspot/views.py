"""Records as answers show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.sandbox.clock import instant_of
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.association_kinds import type_name
from connectors.sandbox.hubspot.associations import associations_of
from connectors.sandbox.hubspot.calculated import known_properties, with_calculated
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, history_of
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import rendered

_APP = f"https://app.hubspot.com/contacts/{PORTAL_ID}/record"


@dataclass(frozen=True)
class Asked:
    """What a request wants to see of records."""

    names: Sequence[str] = ()
    with_history: Sequence[str] = ()
    associated: Sequence[ObjectType] = ()
    base_url: str = ""
    """Where the links to further associations lead."""


def record_views(
    sandbox: Sandbox, object_type: ObjectType, records: Sequence[Record], asked: Asked
) -> list[View]:
    """Return records with the asked properties: null when empty, left out when undefined."""
    wanted = {*asked.names, *asked.with_history} or {*object_type.shown}
    known = known_properties(sandbox.store, object_type, wanted)
    shown = sorted({name for name in (*wanted, *object_type.always) if name in known})
    complete = with_calculated(sandbox, object_type, records, shown)
    return [_view(sandbox, record, known, shown, asked) for record in complete]


def changed_view(sandbox: Sandbox, record: Record, names: Iterable[str]) -> View:
    """Return what a write answers with: the written properties and a few of HubSpot's own."""
    return _written_view(sandbox, record, {*names, "hs_email_domain"})


def created_view(sandbox: Sandbox, record: Record) -> View:
    """Return what a creation answers with: what the record holds and a few of HubSpot's own."""
    own = ("hs_email_domain", "hs_is_contact", "hs_all_contact_vids", "hs_pipeline")
    return _written_view(sandbox, record, {*record.kept, *own})


def _written_view(sandbox: Sandbox, record: Record, names: Iterable[str]) -> View:
    known = properties(sandbox.store, record.object_type.name)
    shown = sorted({*names, *record.object_type.always} & known.keys())
    [complete] = with_calculated(sandbox, record.object_type, [record], shown)
    return _view(sandbox, complete, known, shown, Asked())


def _view(
    sandbox: Sandbox,
    record: Record,
    known: Mapping[str, Property],
    shown: Sequence[str],
    asked: Asked,
) -> View:
    view: View = {
        "id": str(record.id),
        "properties": _values(record, known, shown),
        "createdAt": instant_of(record.created_at),
        "updatedAt": instant_of(record.updated_at),
        "archived": record.archived_at is not None,
    }
    if sandbox.settings.hubspot_record_urls:
        view["url"] = f"{_APP}/{record.object_type.type_id}/{record.id}"
    if record.archived_at is not None:
        view["archivedAt"] = instant_of(record.archived_at)
    if asked.with_history:
        view["propertiesWithHistory"] = {
            name: history_view(sandbox, record, known[name])
            for name in asked.with_history
            if name in known
        }
    if inline := _inline(sandbox, record, asked):
        view["associations"] = inline
    return view


def _values(record: Record, known: Mapping[str, Property], shown: Sequence[str]) -> View:
    """Return values as `rendered` gives them: most are texts already, which need no look."""
    held = {**record.kept, **record.calculated, **record.told}
    return {
        name: kept
        if (kept := held.get(name)) is None or kept.__class__ is str
        else rendered(known[name], kept)
        for name in shown
    }


def history_view(sandbox: Sandbox, record: Record, known: Property) -> list[View]:
    """Return the history of one property, newest first, as far as the account shows it."""
    entries = history_of(sandbox.store, record, known.name)
    most = sandbox.settings.hubspot_history_entries or len(entries)
    return [
        _without_blanks(
            {
                "value": rendered(known, entry["value"]) or "",
                "timestamp": instant_of(entry["changed_at"]),
                "sourceType": entry["source_type"],
                "sourceId": entry["source_id"],
                "sourceLabel": entry["source_label"],
                "updatedByUserId": entry["user_id"],
            }
        )
        for entry in entries[:most]
    ]


def _inline(sandbox: Sandbox, record: Record, asked: Asked) -> View:
    """Return associations as v3 lists them: a labelled pair comes twice."""
    shown: View = {}
    most = sandbox.settings.hubspot_association_page_size
    for to_type in asked.associated:
        found = associations_of(sandbox.store, record, to_type, 0, most + 1)
        page = list(found)[:most]
        results = [
            {"id": str(to_id), "type": type_name(record.object_type, to_type, kept.label)}
            for to_id in page
            for kept in found[to_id]
        ]
        if results:
            shown[to_type.name] = {"results": results}
        if len(found) > most:
            shown[to_type.name] |= {"paging": _further(record, to_type, page[-1], asked)}
    return shown


def _further(record: Record, to_type: ObjectType, last_id: int, asked: Asked) -> View:
    path = f"/crm/v3/objects/{record.object_type.name}/{record.id}/associations/{to_type.name}"
    return {"next": {"after": str(last_id), "link": f"{asked.base_url}{path}?after={last_id}"}}


def _without_blanks(entry: View) -> View:
    return {name: value for name, value in entry.items() if value is not None}
