"""Operations of the Metadata API's SOAP service on components.

Source: Metadata WSDL v63.0; Metadata API Developer Guide, "CRUD-Based Calls", "Utility Calls".
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata.components import KINDS, Kind, missing
from connectors.sandbox.salesforce.metadata.outcome import Listed
from connectors.sandbox.salesforce.metadata.reading import read_component
from connectors.sandbox.salesforce.metadata.writing import NOTHING, TYPE
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import name_of
from connectors.sandbox.salesforce.xml import Node, XmlError

MOST_COMPONENTS = 10
"""Components that one call creates, reads, changes or deletes."""
_CHILDREN = ("CustomField", "ListView")
Save = Callable[[Kind, str, dict[str, Any]], dict[str, Any]]


def describe_metadata(sandbox: Sandbox, asked: Node) -> Any:  # noqa: ARG001 - an operation
    """Tell which components there are."""
    folders = [kind for kind in KINDS.values() if kind.name not in _CHILDREN]
    return {
        "metadataObjects": [
            {
                "childXmlNames": list(_CHILDREN) if kind.folder == "objects" else [],
                "directoryName": kind.folder,
                "inFolder": False,
                "metaFile": False,
                "suffix": kind.suffix,
                "xmlName": kind.name,
            }
            for kind in folders
        ],
        "organizationNamespace": "",
        "partialSaveAllowed": True,
        "testRequired": False,
    }


def list_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """List the components of up to three kinds."""
    queries = list(asked.each("queries"))
    if len(queries) > 3:
        raise Refusal("EXCEEDED_ID_LIMIT", "The limit for listMetadata() queries is 3")
    return [
        _properties(sandbox, kind, listed)
        for kind in (_kind(query.value("type")) for query in queries)
        for listed in kind.list(sandbox.store)
    ]


def read_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """Return components by name; one that is not there is nil."""
    kind = _kind(asked.value("type"))
    names = [node.text.strip() for node in asked.each("fullNames")]
    _check_count(len(names))
    found = [kind.read(sandbox.store, name) for name in names]
    return {"records": [{TYPE: kind.name, **each} if each else NOTHING for each in found]}


def create_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """Create components, each by itself."""

    def create(kind: Kind, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
        if kind.read(sandbox.store, name) is not None:
            raise _taken(kind, name)
        kind.put(sandbox, name, metadata)
        return {}

    return _each(sandbox, asked, create)


def update_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """Change components, each by itself."""

    def update(kind: Kind, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
        if kind.read(sandbox.store, name) is None:
            raise missing(kind.name, name)
        kind.put(sandbox, name, metadata)
        return {}

    return _each(sandbox, asked, update)


def upsert_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """Create or change components, each by itself."""

    def upsert(kind: Kind, name: str, metadata: dict[str, Any]) -> dict[str, Any]:
        return {"created": kind.put(sandbox, name, metadata).created}

    return [{"created": False, **result} for result in _each(sandbox, asked, upsert)]


def delete_metadata(sandbox: Sandbox, asked: Node) -> Any:
    """Delete components by name, each by itself."""
    kind = _kind(asked.value("type"))
    names = [node.text.strip() for node in asked.each("fullNames")]
    _check_count(len(names))

    def delete(name: str) -> dict[str, Any]:
        if kind.read(sandbox.store, name) is None:
            raise missing(kind.name, name)
        kind.delete(sandbox, name)
        return {}

    return [_saved(sandbox, name, partial(delete, name)) for name in names]


def _each(sandbox: Sandbox, asked: Node, save: Save) -> list[dict[str, Any]]:
    nodes = list(asked.each("metadata"))
    _check_count(len(nodes))
    results = []
    for node in nodes:
        kind = _kind(node.attributes.get("type", "").rpartition(":")[2])
        name = node.value("fullName")
        results.append(_saved(sandbox, name, partial(_put, save, kind, name, node)))
    return results


def _put(save: Save, kind: Kind, name: str, node: Node) -> dict[str, Any]:
    try:
        metadata = read_component(node, kind.name)
    except XmlError as error:
        raise Refusal("INVALID_TYPE", error.message) from error
    return save(kind, name, metadata)


def _saved(sandbox: Sandbox, name: str, save: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        with sandbox.store.savepoint():
            told = save()
    except Refusal as refusal:
        error = {"message": refusal.message, "statusCode": refusal.code}
        return {"errors": [error], "fullName": name, "success": False}
    return {**told, "fullName": name, "success": True}


def _taken(kind: Kind, name: str) -> Refusal:
    owner, _, own = name.partition(".")
    message = f"The name '{name}' is already in use"
    if kind.name == "CustomField":
        message = f"There is already a field named {own.removesuffix('__c')} on {owner}."
    return Refusal("DUPLICATE_DEVELOPER_NAME", message)


def _properties(sandbox: Sandbox, kind: Kind, listed: Listed) -> dict[str, Any]:
    # The API user is the only one here who deploys.
    who = INTEGRATION_USER
    name = name_of(sandbox.store, who)
    return {
        "createdById": who,
        "createdByName": name,
        "createdDate": listed.created_at,
        "fileName": kind.file_of(listed.full_name),
        "fullName": listed.full_name,
        "id": listed.id,
        "lastModifiedById": who,
        "lastModifiedByName": name,
        "lastModifiedDate": listed.modified_at,
        "manageableState": "unmanaged",
        "namespacePrefix": "",
        "type": kind.name,
    }


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Refusal("INVALID_TYPE", f"Unknown type:{name}")
    return KINDS[name]


def _check_count(count: int) -> None:
    if count > MOST_COMPONENTS:
        message = "record limit reached. cannot submit more than 10 records into this operation"
        raise Refusal("EXCEEDED_ID_LIMIT", message)
