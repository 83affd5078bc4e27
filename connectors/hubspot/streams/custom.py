"""Objects that an account has made itself."""

import re

from connectors.errors import ConfigError
from connectors.hubspot.streams import OBJECTS, STREAMS
from connectors.hubspot.streams.shape import ObjectStream, read_object
from connectors.hubspot.streams.words import IN_RECORDS

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_KNOWN = frozenset(
    (
        *(known.singular for known in OBJECTS.values()),
        *(name for stream in STREAMS for name in (stream.name, *stream.details)),
    )
)


def custom_object(name: str) -> ObjectStream:
    """Describe a custom object, whose stream goes by the name given.

    Args:
        name: What the account calls it ("machines"), its fully qualified name
            ("p3141592_machines") or the id of its type ("2-4711").

    Raises:
        ConfigError: no object can have such a name, or a stream of every account has it (in any
            case: its folder in the lake might be the same).
    """
    if not _NAME.fullmatch(name):
        what = f"{name!r} can be no custom object's name."
        raise ConfigError("hubspot", "custom_objects", what, "Take the name, or the id 2-...")
    if name.lower() in _KNOWN:
        what = f"{name} is the name of something that is read of every account."
        step = "Leave it out; a custom object of this name goes by its type's id, 2-..."
        raise ConfigError("hubspot", "custom_objects", what, step)
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
