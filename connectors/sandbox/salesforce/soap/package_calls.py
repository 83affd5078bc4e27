"""Operations of the Metadata API's SOAP service on packages: deploying and retrieving them.

Source: Metadata WSDL v63.0; Metadata API Developer Guide, "File-Based Calls".
"""

import base64
import binascii
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata import deploys, retrieves
from connectors.sandbox.salesforce.xml import Node


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


def _switch(text: str) -> Any:
    """Return a truth where the text is one, in any case: some clients write Python's."""
    folded = text.strip().lower()
    if folded in ("none", ""):
        return None
    return {"true": True, "false": False}.get(folded, text.strip())
