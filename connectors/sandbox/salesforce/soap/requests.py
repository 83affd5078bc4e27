"""The address of the Metadata API's SOAP service."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.quota import count_calls
from connectors.sandbox.salesforce.sessions.tokens import use_session
from connectors.sandbox.salesforce.soap import component_calls, package_calls
from connectors.sandbox.salesforce.soap.envelope import check_version, fault, read_request, response
from connectors.sandbox.salesforce.xml import Node
from connectors.sandbox.web import Answer, Call, Endpoint

OPERATIONS: Mapping[str, Callable[[Sandbox, Node], Any]] = {
    "deploy": package_calls.deploy,
    "checkDeployStatus": package_calls.check_deploy_status,
    "cancelDeploy": package_calls.cancel_deploy,
    "retrieve": package_calls.retrieve,
    "checkRetrieveStatus": package_calls.check_retrieve_status,
    "describeMetadata": component_calls.describe_metadata,
    "listMetadata": component_calls.list_metadata,
    "readMetadata": component_calls.read_metadata,
    "createMetadata": component_calls.create_metadata,
    "updateMetadata": component_calls.update_metadata,
    "upsertMetadata": component_calls.upsert_metadata,
    "deleteMetadata": component_calls.delete_metadata,
}


def call_metadata(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/Soap/m/XX.0: the session stands in the envelope, refusals are faults."""
    try:
        check_version(call.arguments["version"])
        request = read_request(call.body)
        use_session(sandbox, request.session)
        _count(sandbox)
        operation = OPERATIONS.get(request.operation.name)
        if operation is None:
            message = f"No operation available for request {request.operation.name}"
            raise Refusal("soapenv:Client", message, 500)
        with sandbox.store.savepoint():
            return response(request.operation.name, operation(sandbox, request.operation))
    except Refusal as refusal:
        return fault(refusal)


def _count(sandbox: Sandbox) -> None:
    if count_calls(sandbox, 1) > sandbox.settings.salesforce_daily_limit:
        raise Refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 500)


_SERVICE = "/services/Soap/m/{version}"
OPEN_ENDPOINTS = (
    Endpoint("POST", _SERVICE, call_metadata, "write"),
    Endpoint("POST", f"{_SERVICE}/{{part}}", call_metadata, "write"),
    Endpoint("POST", f"{_SERVICE}/{{part}}/{{id}}", call_metadata, "write"),
)
"""Clients add the org's id, or the name of what they do, to the address; it makes no difference."""
