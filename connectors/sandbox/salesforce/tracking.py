"""Since when, and until when, the org has kept field history: some switch it on late, or off.

Source: Salesforce Help, "Field History Tracking": nothing is known of changes made while a field
was not tracked; lines from before it was switched off stay.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from connectors.sandbox.clock import parse_instant
from connectors.sandbox.salesforce.object_types import ObjectType
from connectors.sandbox.salesforce.soql.sql import Sql
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.settings import Settings

Moments = Mapping[str, str]
"""ISO datetimes by what they are about: an object, or a field such as Lead.Status."""


def is_tracked(settings: Settings, known: ObjectType, name: str, now: datetime) -> bool:
    """Tell whether changes of a field are kept at a moment."""
    if name not in known.tracked:
        return False
    keys = (known.name, f"{known.name}.{name}")
    since, until = settings.salesforce_history_since, settings.salesforce_history_until
    begun = all(parse_instant(since[key]) <= now for key in keys if key in since)
    return begun and all(now < parse_instant(until[key]) for key in keys if key in until)


def lines_shown(settings: Settings, owner: ObjectType, alias: str) -> Iterator[Sql]:
    """Yield the conditions that lines of an object's history are of a time when it was kept.

    Args:
        settings: The org's.
        owner: The object whose history it is.
        alias: What the statement calls the table of lines.
    """
    yield from _within(settings.salesforce_history_since, owner, f"{alias}.CreatedDate >= ?", alias)
    yield from _within(settings.salesforce_history_until, owner, f"{alias}.CreatedDate < ?", alias)


def _within(moments: Moments, owner: ObjectType, holds: str, alias: str) -> Iterator[Sql]:
    for key, moment in moments.items():
        object_name, _, name = key.partition(".")
        if object_name != owner.name:
            continue
        at = stamp(parse_instant(moment))
        if name:
            yield Sql(f"({alias}.Field <> ? or {holds})", (_told(owner, name), at))
        else:
            yield Sql(holds, (at,))


def _told(owner: ObjectType, name: str) -> str:
    """Return what lines call a field: a reference goes without its ending."""
    is_reference = owner.fields[name].type == "reference" if name in owner.fields else False
    return name.removesuffix("Id") if is_reference else name


def check_history_names(types: Mapping[str, ObjectType], moments: Moments) -> None:
    """Check that what a setting of moments names has a history.

    Raises:
        ValueError: something has none.
    """
    for key in moments:
        object_name, _, name = key.partition(".")
        known = types.get(object_name)
        if known is None or not known.history or (name and name not in known.tracked):
            raise ValueError(f"Salesforce keeps no history of {key}")
