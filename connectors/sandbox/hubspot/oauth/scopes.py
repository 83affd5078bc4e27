"""Which scope a request needs, and which the account's key and app have been granted."""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import hidden_object, missing_scopes
from connectors.sandbox.hubspot.object_types import find_object_type
from connectors.sandbox.settings import Settings
from connectors.sandbox.web import Endpoint

_SCOPES = (
    "oauth",
    "tickets",
    "forms",
    "crm.objects.owners.read",
    "crm.lists.read",
    "crm.lists.write",
    *(
        f"crm.{area}.{name}.{right}"
        for area in ("objects", "schemas")
        for name in ("contacts", "companies", "deals", "leads", "custom")
        for right in ("read", "write")
    ),
)


def granted_scopes(settings: Settings) -> list[str]:
    """Return the scopes that are not withheld."""
    return [scope for scope in _SCOPES if scope not in settings.hubspot_withheld_scopes]


def check_scope(sandbox: Sandbox, endpoint: Endpoint, arguments: Mapping[str, str]) -> None:
    """Let a request pass whose scope is granted, on an object that may be seen.

    Raises:
        Refusal: a 403 with the missing scope, or without a category for a hidden object.
    """
    settings = sandbox.settings
    if not settings.hubspot_withheld_scopes and not settings.hubspot_hidden_objects:
        return
    named = find_object_type(sandbox.store, arguments.get("object", ""))
    name = "" if named is None else named.name
    if name in settings.hubspot_hidden_objects and named is not None:
        raise hidden_object(named.singular)
    scope = _scope_of(endpoint, "" if named is None else _scope_name(named.name, named.is_activity))
    if scope in settings.hubspot_withheld_scopes:
        raise missing_scopes([scope])


def _scope_name(name: str, is_activity: bool) -> str:
    """Activities have no scopes of their own: they go with contacts."""
    if is_activity:
        return "contacts"
    return name if name in ("contacts", "companies", "deals", "leads", "tickets") else "custom"


def _scope_of(endpoint: Endpoint, name: str) -> str:
    right = "write" if endpoint.kind == "write" else "read"
    parts = endpoint.path.split("/")
    area = parts[3] if parts[1] == "crm" else parts[1]
    if area in ("marketing", "form-integrations"):
        return "forms"
    if area == "owners":
        return "crm.objects.owners.read"
    if area == "lists":
        return f"crm.lists.{right}"
    if name == "tickets":
        return "tickets"
    return f"crm.{'schemas' if area == 'properties' else 'objects'}.{name}.{right}"
