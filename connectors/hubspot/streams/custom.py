"""Objects that an account has made itself."""

import re

from connectors.errors import ConfigError
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.streams.shape import ObjectStream, read_object
from connectors.hubspot.streams.words import IN_RECORDS

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_KNOWN = frozenset(name for known in OBJECTS.values() for name in (known.name, known.singular))


def custom_object(name: str) -> ObjectStream:
    """Describe a custom object, whose stream goes by the name given.

    Args:
        name: What the account calls it ("machines"), its fully qualified name
            ("p3141592_machines") or the id of its type ("2-4711").

    Raises:
        ConfigError: no object can have such a name, or every account has it.
    """
    if not _NAME.fullmatch(name):
        what = f"{name!r} can be no custom object's name."
        raise ConfigError("hubspot", "custom_objects", what, "Take the name, or the id 2-...")
    if name.lower() in _KNOWN:
        what = f"{name} is no custom object: it is read anyway."
        raise ConfigError("hubspot", "custom_objects", what, "Leave it out.")
    return read_object(
        name,
        name,
        {
            "hs_object_id": "string",
            "hubspot_owner_id": "string",
            "hs_pipeline": "string",
            "hs_pipeline_stage": "string",
            "hs_merged_object_ids": "string",
            "hs_createdate": "datetime",
            "hs_lastmodifieddate": "datetime",
        },
        associated=("contacts", "companies", "deals"),
        left_out=IN_RECORDS,
        has_stages=True,
    )
