"""Properties of HubSpot's objects, as those who read and those who write them see them.

Source: developers.hubspot.com, "Properties API" (types, field types, options and their order).
"""

from collections.abc import Mapping, Sequence

from connectors.changes import TargetField
from connectors.hubspot.answers import Property
from connectors.records import FieldType

LONGEST_TEXT = 65_536
"""Characters of a text property."""


def typed_properties(properties: Sequence[Property]) -> dict[str, FieldType]:
    """Return the type of each property. One of several check boxes may hold many choices."""
    return {
        found.name: "list" if found.field_type == "checkbox" else _TYPES.get(found.type, "string")
        for found in properties
    }


def target_properties(properties: Sequence[Property]) -> dict[str, TargetField]:
    """Return each property as those who write it see it, its options in the order of the screen."""
    kinds = typed_properties(properties)
    return {
        found.name: TargetField(
            found.name,
            kinds[found.name],
            is_writable=not (found.calculated or found.modification_metadata.read_only_value),
            length=LONGEST_TEXT if kinds[found.name] == "string" else None,
            options=_in_order(found) if _is_closed(found) else None,
        )
        for found in properties
    }


def _in_order(found: Property) -> tuple[str, ...]:
    return tuple(
        option.value for option in sorted(found.options, key=lambda option: option.display_order)
    )


def _is_closed(found: Property) -> bool:
    """Tell whether a property takes none but its options; users are HubSpot's own to judge."""
    return found.type == "enumeration" and bool(found.options) and not found.external_options


_TYPES: Mapping[str, FieldType] = {
    "number": "decimal",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
}
