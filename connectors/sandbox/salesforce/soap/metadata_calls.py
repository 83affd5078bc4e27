"""The operations of the Metadata API's SOAP service.

Source: Metadata WSDL v63.0; Metadata API Developer Guide, "CRUD-Based Calls", "Utility Calls".
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata import deploys, retrieves
from connectors.sandbox.salesforce.metadata.components import KINDS, Kind, missing
from connectors.sandbox.salesforce.metadata.reading import read_component
from connectors.sandbox.salesforce.metadata.writing import NOTHING, TYPE
from connectors.sandbox.salesforce.metadata.xml import Node, XmlError
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import name_of
from connectors.sandbox.salesforce.times import stamp

MOST_COMPONENTS = 10
"""Components that one call creates, reads, changes or deletes."""
_CHILDREN = ("CustomField", "ListView")
Operation = Callable[[Sandbox, Node], Any]
Save = Callable[[Kind, str, dict[str, Any]], dict[str, Any]]


def deploy(sandbox: Sandbox, asked: Node) -> Any:
    """Take a package in, base64-coded."""
    try:
        package = base64.b64decode(asked.value("ZipFile"), validate=False)
    except binascii.Error as error:
        raise Refusal("INVALID_TYPE", f"Invalid base64: {error}") from error
    listed = asked.child("DeployOptions")
    options = {node.name: _switch(node.text) for node in listed.children} if listed else {}
    options["runTests"] = [node.text for node in listed.each("runTests")] if listed else []
    started = deploys.start_deploy(sandbox, package, options)
    return {"done": False, "id": started.id, "state": "Queued"}


def check_deploy_status(sandbox: Sandbox, asked: Node) -> Any:
    """Tell how a deployment stands."""
    found = deploys.poll_deploy(sandbox, asked.value("asyncProcessId"))
    with_details = _switch(asked.value("includeDetails")) is True
    # The WSDL requires the element, whether its contents are wanted or not.
    return {"details": {}, **found.described(with_details)}


def cancel_deploy(sandbox: Sandbox, asked: Node) -> Any:
    """Cancel a deployment."""
    # The WSDL calls it String; clients that read the documentation instead call it id.
    job_id = asked.value("String") or asked.value("id")
    return {"done": True, "id": deploys.cancel_deploy(sandbox, job_id).id}


def retrieve(sandbox: Sandbox, asked: Node) -> Any:
    """Take down which components are wanted."""
    request = asked.child("retrieveRequest")
    package = request.child("unpackaged") if request else None
    if request is None or package is None:
        raise Refusal("INVALID_TYPE", "retrieveRequest: unpackaged is required")
    members = {
        entry.value("name"): [member.text.strip() for member in entry.each("members")]
        for entry in package.each("types")
    }
    version = request.value("apiVersion")
    job_id = retrieves.start_retrieve(sandbox, members, version)
    return {"done": False, "id": job_id, "state": "Queued"}


def check_retrieve_status(sandbox: Sandbox, asked: Node) -> Any:
    """Return the wanted components as a zip."""
    with_zip = _switch(asked.value("includeZip")) is not False
    return retrieves.check_retrieve(sandbox, asked.value("asyncProcessId"), with_zip)


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
        _properties(sandbox, kind, *listed)
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


OPERATIONS: Mapping[str, Operation] = {
    "deploy": deploy,
    "checkDeployStatus": check_deploy_status,
    "cancelDeploy": cancel_deploy,
    "retrieve": retrieve,
    "checkRetrieveStatus": check_retrieve_status,
    "describeMetadata": describe_metadata,
    "listMetadata": list_metadata,
    "readMetadata": read_metadata,
    "createMetadata": create_metadata,
    "updateMetadata": update_metadata,
    "upsertMetadata": upsert_metadata,
    "deleteMetadata": delete_metadata,
}


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


def _properties(sandbox: Sandbox, kind: Kind, own_id: str, name: str) -> dict[str, Any]:
    now, who = stamp(sandbox.clock.now), INTEGRATION_USER
    user = name_of(sandbox.store, who)
    return {
        "createdById": who,
        "createdByName": user,
        "createdDate": now,
        "fileName": kind.file_of(name),
        "fullName": name,
        "id": own_id,
        "lastModifiedById": who,
        "lastModifiedByName": user,
        "lastModifiedDate": now,
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


def _switch(text: str) -> Any:
    """Return a truth where the text is one, in any case: some clients write Python's."""
    folded = text.strip().lower()
    if folded in ("none", ""):
        return None
    return {"true": True, "false": False}.get(folded, text.strip())
