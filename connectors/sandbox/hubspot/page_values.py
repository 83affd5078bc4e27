"""Values and names as people read them on a page."""

from connectors.sandbox.clock import from_ms
from connectors.sandbox.hubspot.pipelines import find_stage, pipelines_of
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.hubspot.values import Kept, ms_of
from connectors.sandbox.record_page import Shown, read_time
from connectors.sandbox.store import Store

_NAMES = {"contacts": ("firstname", "lastname"), "companies": ("name",), "deals": ("dealname",)}
_FALLBACKS = ("email", "domain")


def record_name(record: Record) -> str:
    """Return a record's name; without one its address or domain, and its id at last."""
    names = _NAMES.get(record.object_type.name, ())
    parts = [str(record.kept[name]) for name in names if record.kept.get(name)]
    others = (str(record.kept[name]) for name in _FALLBACKS if record.kept.get(name))
    return " ".join(parts) or next(others, str(record.id))


def shown_value(store: Store, known: Property, record: Record) -> Shown:
    """Return a property of a record with its label."""
    return Shown(known.label, text_of(store, known, record.value(known.name)))


def text_of(store: Store, known: Property, kept: Kept) -> str:
    """Return a kept value as people read it; an empty one is an empty text."""
    if kept is None or kept == "":
        return ""
    if known.type == "datetime" and (moment := ms_of(kept)) is not None:
        return read_time(from_ms(moment))
    match known.name:
        case "hubspot_owner_id":
            return owner_name(store, "id", kept)
        case "dealstage":
            stage = find_stage(store, "deals", str(kept))
            return str(kept) if stage is None else stage.label
        case "pipeline":
            labels = {entry.id: entry.label for entry in pipelines_of(store, "deals")}
            return labels.get(str(kept), str(kept))
        case _:
            return known.options.get(str(kept), str(kept))


def owner_name(store: Store, column: str, value: Kept) -> str:
    """Return the name of the owner whose `id` or `user_id` it is, or the value for a stranger."""
    sql = f"select first_name || ' ' || last_name from hubspot_owners where {column} = ?"  # noqa: S608 - a constant
    return str(store.value(sql, value) or value)
