"""Deployments over REST: a multipart request with options and a zip.

Source: Metadata API Developer Guide, "Deploy Metadata with Apex Testing Using REST".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.json_bodies import read_json
from connectors.sandbox.salesforce.metadata import deploys
from connectors.sandbox.salesforce.multipart import form_parts
from connectors.sandbox.salesforce.requests import json_object, root_of
from connectors.sandbox.web import Answer, Call, Endpoint


def start(sandbox: Sandbox, call: Call) -> Answer:
    """POST metadata/deployRequest: parts `json` with the options and `file` with the zip."""
    parts = form_parts(call)
    if "file" not in parts:
        raise Refusal("INVALID_MULTIPART_REQUEST", "Multipart request is missing the zip file")
    options = _options(parts.get("json") or parts.get("entity_content") or b"{}")
    deploy = deploys.start_deploy(sandbox, parts["file"], options)
    return Answer(
        201, {**_entry(call, deploy, with_details=False), "validatedDeployRequestId": None}
    )


def check(sandbox: Sandbox, call: Call) -> Answer:
    """GET metadata/deployRequest/ID?includeDetails=: looking at it brings it on."""
    deploy = deploys.poll_deploy(sandbox, call.arguments["id"])
    with_details = call.one("includeDetails").lower() == "true"
    return Answer(200, _entry(call, deploy, with_details))


def cancel(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH metadata/deployRequest/ID {"deployResult": {"status": "Canceling"}}."""
    if json_object(call).get("deployResult") != {"status": "Canceling"}:
        raise Refusal("INVALID_FIELD", "The only status that can be set is Canceling")
    deploy = deploys.cancel_deploy(sandbox, call.arguments["id"])
    return Answer(202, _entry(call, deploy, with_details=False))


def _options(text: bytes) -> dict[str, Any]:
    given = read_json(text)
    options = given.get("deployOptions") if isinstance(given, dict) else None
    if not isinstance(options, dict):
        raise bad_json("deployOptions: an object is required")
    return options


def _entry(call: Call, deploy: deploys.Deploy, with_details: bool) -> dict[str, Any]:
    return {
        "id": deploy.id,
        "url": f"{root_of(call)}/metadata/deployRequest/{deploy.id}?includeDetails=false",
        "deployOptions": dict(deploy.options),
        "deployResult": deploy.described(with_details)
        | ({} if with_details else {"details": None}),
    }


_DEPLOYS = "/services/data/{version}/metadata/deployRequest"
ENDPOINTS = (
    Endpoint("POST", _DEPLOYS, start, "write"),
    Endpoint("GET", f"{_DEPLOYS}/{{id}}", check),
    Endpoint("PATCH", f"{_DEPLOYS}/{{id}}", cancel, "write"),
)
