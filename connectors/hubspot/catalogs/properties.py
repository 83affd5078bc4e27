"""The properties that records of each object have."""

from collections.abc import Iterator, Sequence

from connectors.hubspot.answers import Property
from connectors.hubspot.catalogs.parts import Entry, Page, Part
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.shape import ObjectStream


def property_parts(client: HubSpotClient, objects: Sequence[ObjectStream]) -> Iterator[Part]:
    """Yield a part for each object that is read."""
    for known in objects:
        yield Part(f"{known.name}:", _properties(client, known.name))


def _properties(client: HubSpotClient, object_name: str) -> Iterator[Page]:
    told = client.recent_properties(object_name)
    yield Page([_entry(object_name, found) for found in told.properties], told.at)


def _entry(object_name: str, found: Property) -> Entry:
    is_listed = bool(found.options) and not found.external_options
    return f"{object_name}:{found.name}", {
        "object_name": object_name,
        "property_name": found.name,
        "label": found.label,
        "type": found.type,
        "field_type": found.field_type,
        "group_name": found.group_name,
        "is_calculated": found.calculated,
        "is_hidden": found.hidden,
        "options": [option.value for option in found.options] if is_listed else None,
    }
