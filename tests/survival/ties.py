"""What ties HubSpot's records together, in the sandbox and in base: associations and lists."""

import json
from collections.abc import Mapping
from typing import Any

from tests.survival.world import World

ASSOCIATED = {
    "contacts": ("companies",),
    "deals": ("contacts", "companies"),
    "tickets": ("contacts", "companies"),
}
"""By stream: the objects on the other side that are read with its records."""
MODELS = {kind: f"{kind.removesuffix('s')}_associations" for kind in ASSOCIATED}
TIES = (*MODELS.values(), "list_memberships")
"""Streams that hold them."""
Tie = tuple[str, ...]


def held_ties(dump: Mapping[str, Any], kind: str) -> set[Tie]:
    """Return (from id, other object, to id, type) of what ties living records to living ones."""
    hubspot = dump["hubspot"]
    living = {
        (name, row["id"])
        for name in ("contacts", "companies", "deals", "tickets")
        for row in hubspot[name]
        if row["archived_at"] is None
    }
    return {
        (str(row["from_id"]), row["to_type"], str(row["to_id"]), str(row["type_id"]))
        for row in hubspot["associations"]
        if row["from_type"] == kind
        and row["to_type"] in ASSOCIATED[kind]
        and {(kind, row["from_id"]), (row["to_type"], row["to_id"])} <= living
    }


def known_ties(world: World, kind: str, living: set[str]) -> set[Tie]:
    """Return the same as base has it, of the records that live."""
    return {
        (row["from_id"], row["to_type"], str(far["to_id"]), str(far["type_id"]))
        for row in world.base("hubspot", MODELS[kind]).values()
        if row["from_id"] in living and not row["_is_deleted"]
        for far in json.loads(row["associations"])
    }


def held_members(dump: Mapping[str, Any]) -> set[Tie]:
    """Return (list, record) of who is on lists that people fill."""
    rows = dump["hubspot"]["list_members"]
    return {(str(row["list_id"]), str(row["record_id"])) for row in rows}


def known_members(world: World) -> set[Tie]:
    """Return the same as base has it."""
    rows = world.base("hubspot", "list_memberships").values()
    return {(row["list_id"], row["record_id"]) for row in rows if not row["_is_deleted"]}
