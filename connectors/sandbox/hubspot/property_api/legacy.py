"""Properties as clients older than v3 read them: bare lists, in the words of that time.

The keys are those of developers.hubspot.com, "Properties v1 (legacy)"; v2 takes any object.
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import not_found
from connectors.sandbox.hubspot.requests import object_of
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.web import Answer, Call, Endpoint

_OF_V1 = ("contacts", "companies", "deals")


def list_properties(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/v2/OBJECT/properties: all living ones."""
    known = properties(sandbox.store, object_of(sandbox, call).name)
    return Answer(200, [_legacy_json(entry) for entry in known.values()])


def read_property(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/v2/OBJECT/properties/named/NAME."""
    name = call.arguments["name"]
    known = properties(sandbox.store, object_of(sandbox, call).name).get(name)
    if known is None:
        raise not_found(f"Property {name} does not exist")
    return Answer(200, _legacy_json(known))


def list_properties_of_v1(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/v1/OBJECT/properties: of contacts, companies and deals alone."""
    return list_properties(sandbox, _checked(call))


def read_property_of_v1(sandbox: Sandbox, call: Call) -> Answer:
    """GET properties/v1/OBJECT/properties/named/NAME."""
    return read_property(sandbox, _checked(call))


def _checked(call: Call) -> Call:
    if call.arguments["object"] not in _OF_V1:
        raise not_found("resource not found")
    return call


def _legacy_json(known: Property) -> dict[str, Any]:
    body, options_change = known.to_json(), known.hubspot_defined and known.takes_options
    return {
        "name": known.name,
        "label": known.label,
        "description": known.description,
        "groupName": known.group,
        "type": known.type,
        "fieldType": known.field_type,
        "options": [_legacy_option(option) for option in body["options"]],
        "displayOrder": known.display_order,
        "formField": body["formField"],
        "readOnlyValue": known.read_only,
        "readOnlyDefinition": known.hubspot_defined and not options_change,
        "hidden": known.hidden,
        "mutableDefinitionNotDeletable": options_change,
        "favorited": False,
        "favoritedOrder": -1,
        "calculated": known.calculated,
        "externalOptions": known.external,
        "referencedObjectType": body.get("referencedObjectType"),
        "displayMode": "current_value",
        "showCurrencySymbol": known.shows_currency,
        "deleted": False,
        "hubspotDefined": known.hubspot_defined,
        "createdAt": known.created_at or None,
        "updatedAt": known.updated_at or None,
        "createdUserId": None,
        "updatedUserId": None,
    }


def _legacy_option(option: dict[str, Any]) -> dict[str, Any]:
    return {"description": None, "readOnly": False, "doubleData": 0.0, **option}


_V1, _V2 = (f"/properties/{version}/{{object}}/properties" for version in ("v1", "v2"))
ENDPOINTS = (
    Endpoint("GET", _V1, list_properties_of_v1),
    Endpoint("GET", f"{_V1}/named/{{name}}", read_property_of_v1),
    Endpoint("GET", _V2, list_properties),
    Endpoint("GET", f"{_V2}/named/{{name}}", read_property),
)
