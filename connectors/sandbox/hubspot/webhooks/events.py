"""What happens to records, kept for the webhook subscriptions that want to hear of it.

HubSpot's documentation ("Webhooks API"): events of the old kind are named after their object
(contact.creation), those of the new kind are object.creation with an `objectTypeId`.
"""

import json
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import PRIMARY, AssociationType
from connectors.sandbox.hubspot.facts import APP_ID, PORTAL_ID
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import INTEGRATION, Record, Source
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.store import Store

Named = tuple[ObjectType, int]
"""A record by its object and id."""
_FIRST_EVENT_ID = 100
_FLAGS = {"creation": "CREATED", "deletion": "DELETED", "restore": "RESTORED"}


def create_tables(store: Store) -> None:
    """Create the tables of subscriptions and of events that are to be delivered."""
    store.create_tables(_TABLES)


_TABLES = """
create table if not exists hubspot_subscriptions (
    id integer primary key, event_type text not null, property text not null,
    object_type_id text not null, active integer not null,
    created_at integer not null, updated_at integer not null);
create table if not exists hubspot_events (
    id integer primary key autoincrement, subscription_id integer not null,
    attempts integer not null default 0, body text not null);
"""


def note_event(
    sandbox: Sandbox, event: str, record: Record, source: Source, **details: Any
) -> None:
    """Keep an event of a record for each active subscription to it.

    Events are creation, deletion, restore, merge, privacyDeletion, propertyChange and
    associationChange; details are what their payloads hold besides the usual. Without a
    subscription it costs one look.
    """
    _note(sandbox, event, (record.object_type, record.id), source, **details)


def _note(sandbox: Sandbox, event: str, of: Named, source: Source, **details: Any) -> None:
    object_type, record_id = of
    name = str(details.get("propertyName", ""))
    for row in _subscriptions(sandbox.store, event, object_type, name):
        body = {
            "subscriptionId": row["id"],
            "portalId": PORTAL_ID,
            "appId": APP_ID,
            "occurredAt": sandbox.clock.now_ms,
            "subscriptionType": row["event_type"],
            "attemptNumber": 0,
            "objectId": record_id,
            **({"changeFlag": _FLAGS[event]} if event in _FLAGS else {}),
            "changeSource": source.type,
            **({"sourceId": source.id} if source.id else {}),
            **details,
        }
        if row["event_type"].startswith("object."):
            body["objectTypeId"] = object_type.type_id
        _keep(sandbox.store, row["id"], body)


def _subscriptions(store: Store, event: str, of: ObjectType, name: str) -> list[Any]:
    return store.rows(
        "select id, event_type from hubspot_subscriptions where active and property = ? "
        "and (event_type = ? or event_type = ? and object_type_id = ?) order by id",
        name,
        f"{of.singular}.{event}",
        f"object.{event}",
        of.type_id,
    )


def _keep(store: Store, subscription_id: int, body: dict[str, Any]) -> None:
    event_id = _FIRST_EVENT_ID + store.next_number("hubspot events")
    text = json.dumps({"eventId": event_id, **body}, ensure_ascii=False)
    store.run(
        "insert into hubspot_events (subscription_id, body) values (?, ?)", subscription_id, text
    )


def note_changes(
    sandbox: Sandbox, record: Record, news: Iterable[tuple[str, Kept]], source: Source
) -> None:
    """Keep an event for each property of a record that has a new value."""
    if sandbox.store.value("select 1 from hubspot_subscriptions limit 1") is None:
        return
    for name, value in news:
        shown = "" if value is None else str(value)
        details = {"propertyName": name, "propertyValue": shown}
        note_event(sandbox, "propertyChange", record, source, **details)


def forget_values(store: Store, object_type: ObjectType, record_id: int) -> None:
    """Forget events that wait and tell of a record's values; those that tell its id alone stay."""
    store.run(
        "delete from hubspot_events where json_extract(body, '$.objectId') = ?1 "
        "and (json_extract(body, '$.subscriptionType') = ?2 "
        "or json_extract(body, '$.subscriptionType') = 'object.propertyChange' "
        "and json_extract(body, '$.objectTypeId') = ?3)",
        record_id,
        f"{object_type.singular}.propertyChange",
        object_type.type_id,
    )


def note_association(
    sandbox: Sandbox, kind: AssociationType, source: Named, target: Named, *, removed: bool
) -> None:
    """Keep an event for each end of an association that was made or taken away."""
    for ends, turned in (((source, target), kind), ((target, source), kind.turned)):
        (from_type, from_id), (to_type, to_id) = ends
        words = (from_type.singular, to_type.singular)
        details = {
            "associationType": "_TO_".join(word.upper() for word in words),
            "associationTypeId": turned.id,
            "associationCategory": turned.category,
            "fromObjectId": from_id,
            "toObjectId": to_id,
            "associationRemoved": removed,
            "isPrimaryAssociation": turned.label == PRIMARY,
        }
        _note(sandbox, "associationChange", ends[0], INTEGRATION, **details)
