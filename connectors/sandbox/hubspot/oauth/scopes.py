"""Which scopes a request needs, and which the account's key and app have been granted.

HubSpot's reference ("Scopes"): a request that touches several objects needs the scopes of each.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import find_type
from connectors.sandbox.hubspot.errors import hidden_object, missing_scopes
from connectors.sandbox.hubspot.filters import ASSOCIATIONS
from connectors.sandbox.hubspot.lists.record_lists import type_id_of_list
from connectors.sandbox.hubspot.numbers import number_in
from connectors.sandbox.hubspot.oauth.scope_names import (
    OF_CUSTOM_OBJECTS,
    scope_names,
    scope_pattern,
)
from connectors.sandbox.hubspot.object_types import ObjectType, find_object_type
from connectors.sandbox.settings import Settings
from connectors.sandbox.web import Call, Endpoint

_SCHEMA_AREAS = ("properties", "crm-object-schemas")
_OF_AREAS: Mapping[str, str] = {
    "marketing": "forms",
    "form-integrations": "forms",
    "submissions": "forms",
    "owners": "crm.objects.owners.read",
    "settings": "settings.users.read",
    "lists": "crm.lists.{right}",
    "crm-object-schemas": OF_CUSTOM_OBJECTS,
}
"""Scopes that whole areas need, whichever objects a request is about."""


def granted_scopes(settings: Settings) -> list[str]:
    """Return the scopes that are not withheld, and whose objects the subscription includes."""
    known = scope_names(settings.hubspot_unbought_objects)
    return [scope for scope in known if scope not in settings.hubspot_withheld_scopes]


def check_scope(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: Mapping[str, str]
) -> None:
    """Let a request pass whose scopes are granted, on objects that may be seen.

    Raises:
        Refusal: a 403 with the missing scopes, or without a category for a hidden object.
    """
    settings = sandbox.settings
    if not settings.hubspot_withheld_scopes and not settings.hubspot_hidden_objects:
        return
    touched = list(_touched(sandbox, call, endpoint, arguments))
    for known, _ in touched:
        if known.name in settings.hubspot_hidden_objects:
            raise hidden_object(known.singular)
    area = "schemas" if _area(endpoint) in _SCHEMA_AREAS else "objects"
    patterns = [(_of_area(endpoint), _right(endpoint))]
    patterns += [(scope_pattern(known), right) for known, right in touched]
    needed = dict.fromkeys(pattern.format(area=area, right=right) for pattern, right in patterns)
    missing = [scope for scope in needed if scope in settings.hubspot_withheld_scopes]
    if missing:
        raise missing_scopes(missing)


def may_be_read(sandbox: Sandbox, name: str) -> bool:
    """Return whether records of an object may be read, and what is made of them."""
    settings, known = sandbox.settings, find_object_type(sandbox.store, name)
    if known is None:
        return True
    scope = scope_pattern(known).format(area="objects", right="read")
    withheld = scope in settings.hubspot_withheld_scopes
    return not withheld and known.name not in settings.hubspot_hidden_objects


def _touched(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: Mapping[str, str]
) -> Iterator[tuple[ObjectType, str]]:
    """Yield the objects that a request is about, each with what is done to it: read or write."""
    named = [(arguments.get(part, ""), _right(endpoint)) for part in ("object", "to_object")]
    named += [(name, "read") for name in call.many("associations")]
    body = _body(call)
    if _area(endpoint) == "lists":
        listed = _types_of_lists(sandbox, call, endpoint, arguments)
        named += [(name, "read") for name in listed]
    elif _area(endpoint) == "objects":
        named += [(name, "write") for name in _associated(sandbox, body)]
        named += [(name, "read") for name in _filtered_by(body)]
    for name, right in named:
        if (known := find_object_type(sandbox.store, name)) is not None:
            yield known, right


def _types_of_lists(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: Mapping[str, str]
) -> list[str]:
    """Return the objects whose records are on the lists that a request is about."""
    body = _body(call)
    several = (body, *_dicts(body, "inputs"))
    told = [arguments.get("type", ""), *(str(one.get("objectTypeId", "")) for one in several)]
    if "{object}" in endpoint.path:  # there the id is a record's
        return told
    lists = [arguments[part] for part in ("id", "source") if part in arguments]
    lists += call.many("listIds")
    return [*told, *(type_id_of_list(sandbox.store, text) for text in lists)]


def _filtered_by(body: Mapping[str, Any]) -> list[str]:
    """Return the objects by whose associations a search filters."""
    filters = [
        f for group in (body, *_dicts(body, "filterGroups")) for f in _dicts(group, "filters")
    ]
    names = [str(given.get("propertyName")) for given in filters]
    return [name.removeprefix(ASSOCIATIONS) for name in names if name.startswith(ASSOCIATIONS)]


def _associated(sandbox: Sandbox, body: Mapping[str, Any]) -> list[str]:
    """Return the objects with which new records are associated at once."""
    created = (body, *_dicts(body, "inputs"))
    entries = [entry for one in created for entry in _dicts(one, "associations")]
    specs = [spec for entry in entries for spec in _dicts(entry, "types")]
    ids = [number_in(str(spec.get("associationTypeId"))) for spec in specs]
    kinds = [find_type(sandbox.store, type_id) for type_id in ids if type_id is not None]
    return [kind.to_type for kind in kinds if kind is not None]


def _dicts(body: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in a list of a body; whatever else is there is for others to refuse."""
    given = body.get(key)
    return [entry for entry in given if isinstance(entry, dict)] if isinstance(given, list) else []


def _body(call: Call) -> Mapping[str, Any]:
    try:
        body = call.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _right(endpoint: Endpoint) -> str:
    return "write" if endpoint.kind == "write" else "read"


def _area(endpoint: Endpoint) -> str:
    parts = endpoint.path.split("/")
    return parts[3] if parts[1] == "crm" else parts[1]


def _of_area(endpoint: Endpoint) -> str:
    if endpoint.path.startswith("/settings/v3/users/teams"):
        return "settings.users.teams.read"
    return _OF_AREAS.get(_area(endpoint), "")
