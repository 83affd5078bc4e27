"""What the scopes are called that an account can grant: those of areas, and those of objects."""

from collections.abc import Iterable, Sequence

from connectors.sandbox.hubspot.object_types import FURTHER_TYPES, OBJECT_TYPES, ObjectType

_RIGHTS = ("read", "write")
_OF_AREAS = (
    "oauth",
    "forms",
    "crm.objects.owners.read",
    "crm.lists.read",
    "crm.lists.write",
    "settings.users.read",
    "settings.users.teams.read",
)
OF_CUSTOM_OBJECTS = "crm.{area}.custom.{right}"


def scope_names(unbought: Sequence[str] = ()) -> list[str]:
    """Return every scope, but for those of objects that the subscription leaves out."""
    bought = [known for known in (*OBJECT_TYPES, *FURTHER_TYPES) if known.name not in unbought]
    patterns = (*map(scope_pattern, bought), OF_CUSTOM_OBJECTS)
    return list(dict.fromkeys((*_OF_AREAS, *_filled(patterns, ("objects", "schemas")))))


def scopes_of(object_type: ObjectType) -> list[str]:
    """Return the scopes by which the records of an object are read and written."""
    return _filled([scope_pattern(object_type)], ("objects",))


def _filled(patterns: Iterable[str], areas: Sequence[str]) -> list[str]:
    scopes = (p.format(area=a, right=r) for a in areas for p in patterns for r in _RIGHTS)
    return list(dict.fromkeys(scopes))


def scope_pattern(object_type: ObjectType) -> str:
    """Return an object's scope with {area}, objects or schemas, and {right}, read or write.

    Activities have no scopes of their own: they go with contacts.
    """
    if object_type.scope or object_type.is_custom:
        return object_type.scope or OF_CUSTOM_OBJECTS
    name = "contacts" if object_type.is_activity else object_type.name
    return f"crm.{{area}}.{name}.{{right}}"
