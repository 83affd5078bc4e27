"""Everything both CRMs hold, in a stable order: what tests compare two states by."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import schema as hubspot
from connectors.sandbox.hubspot.object_types import object_types as hubspot_types
from connectors.sandbox.salesforce.schema import object_types
from connectors.sandbox.store import Store, quoted

_HUBSPOT_TABLES = {
    "history": "object_type, record_id, property, changed_at, rowid",
    "associations": "from_type, from_id, to_type, to_id, type_id",
    "merges": "object_type, old_id",
    "submissions": "submitted_at, conversion_id",
    "owners": "id",
    "forms": "id",
    "form_changes": "id",
    "association_types": "id",
    "pipelines": "object_type, id",
    "lists": "id",
    "list_members": "list_id, record_id",
    "object_schemas": "name",
}

_PIECE = 1 << 20
Member = tuple[str, Iterator[dict[str, Any]] | dict[str, Any]]
"""What something is called, and its rows one by one, or all of it."""


def dump(sandbox: Sandbox) -> dict[str, Any]:
    """Return records, histories and schemas of both CRMs; no tokens, counters or cursors."""
    return {
        crm: {name: list(held) if isinstance(held, Iterator) else held for name, held in members}
        for crm, members in _crms(sandbox.store)
    }


def write_dump(sandbox: Sandbox, file: IO[bytes]) -> None:
    """Write what `dump` returns as JSON, row by row: it may be much more than fits into memory."""
    for place, (crm, members) in enumerate(_crms(sandbox.store)):
        file.write(f'{"," if place else "{"}"{crm}":{{'.encode())
        for number, (name, held) in enumerate(members):
            file.write(f'{"," if number else ""}"{name}":'.encode())
            _write(file, held)
        file.write(b"}")
    file.write(b"}")


def _write(file: IO[bytes], held: Any) -> None:
    if not isinstance(held, Iterator):
        file.write(msgspec.json.encode(held))
        return
    file.write(b"[")
    for place, row in enumerate(held):
        file.write(b"," * bool(place) + msgspec.json.encode(row))
    file.write(b"]")


def dump_in_pieces(sandbox: Sandbox) -> Iterator[bytes]:
    """Yield what `write_dump` writes; all is written on return, so a slow reader holds up nobody.

    The caller holds the transaction.
    """
    file = TemporaryFile()  # noqa: SIM115 - closed by whoever reads it
    write_dump(sandbox, file)
    file.seek(0)
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(_PIECE), b"")


def _crms(store: Store) -> Iterator[tuple[str, Iterator[Member]]]:
    yield "salesforce", _salesforce(store)
    yield "hubspot", _hubspot(store)


def _salesforce(store: Store) -> Iterator[Member]:
    for name, known in object_types(store).items():
        if not known.virtual:
            sql = f"select * from {known.table} order by Id"  # noqa: S608 - a name of our schema
            yield name, map(dict, store.each(sql))


def _hubspot(store: Store) -> Iterator[Member]:
    records = "select * from hubspot_records where object_type = ? order by id"
    types = hubspot_types(store)
    for known in types:
        yield known.name, map(dict, store.each(records, known.name))
    for name, order in _HUBSPOT_TABLES.items():
        sql = f"select * from {quoted('hubspot_' + name)} order by {order}"  # noqa: S608 - constants
        yield name, map(dict, store.each(sql))
    yield "properties", {known.name: _definitions(store, known.name) for known in types}
    yield "groups", {known.name: hubspot.groups(store, known.name) for known in types}


def _definitions(store: Store, object_name: str) -> list[dict[str, Any]]:
    return [known.to_json() for known in hubspot.properties(store, object_name).values()]
