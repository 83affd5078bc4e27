"""SOAP login: gone since API v65.0, off by default before, and retired in Summer '27.

Source: Salesforce Help, "SOAP API login() Call is Being Retired", and faults that clients recorded.
"""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.sessions.tokens import ORGANIZATION, open_session
from connectors.sandbox.salesforce.soap.envelope import (
    PARTNER,
    PARTNER_FAULTS,
    check_version,
    fault,
    read_request,
    response,
)
from connectors.sandbox.salesforce.xml import Node
from connectors.sandbox.web import Answer, Call, Endpoint

FIRST_WITHOUT = 65
_INVALID_LOGIN = "INVALID_LOGIN"


def log_in(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/Soap/u/XX.0: knows no operation but login."""
    try:
        check_version(call.arguments["version"])
        asked = read_request(call.body).operation
        if asked.name != "login":
            raise Refusal("UNKNOWN_EXCEPTION", "No operation but login is available here")
        _check_allowed(sandbox, call.arguments["version"])
        _check_password(sandbox, call, asked)
        return response("login", _session(sandbox, call), PARTNER)
    except Refusal as refusal:
        kind = "LoginFault" if refusal.code == _INVALID_LOGIN else "ApiFault"
        return fault(refusal, PARTNER_FAULTS, kind)


def _check_allowed(sandbox: Sandbox, version: str) -> None:
    if int(version.partition(".")[0]) >= FIRST_WITHOUT:
        message = (
            "The SOAP Login operation is not available in the API version specified "
            f"({version}). Refer to the documentation for supported versions."
        )
        raise Refusal("INVALID_OPERATION", message)
    if not sandbox.settings.salesforce_soap_login:
        message = (
            "SOAP API login() is disabled by default in this org. "
            "Contact the org administrator to enable SOAP API login()."
        )
        raise Refusal("INVALID_OPERATION", message)


def _check_password(sandbox: Sandbox, call: Call, asked: Node) -> None:
    known = sandbox.credentials(call.base_url)["salesforce"]
    given = (asked.value("username"), asked.value("password"))
    if given != (known["username"], known["password"]):
        message = "Invalid username, password, security token; or user locked out."
        raise Refusal(_INVALID_LOGIN, message)


def _session(sandbox: Sandbox, call: Call) -> dict[str, object]:
    version, org = call.arguments["version"], ORGANIZATION[:15]
    service = f"{call.base_url}/services/Soap"
    return {
        "metadataServerUrl": f"{service}/m/{version}/{org}",
        "passwordExpired": False,
        "sandbox": True,
        "serverUrl": f"{service}/u/{version}/{org}",
        "sessionId": open_session(sandbox, call.base_url)["access_token"],
        "userId": INTEGRATION_USER,
        "userInfo": {
            "organizationId": ORGANIZATION,
            "sessionSecondsValid": sandbox.settings.salesforce_token_seconds,
            "userId": INTEGRATION_USER,
            "userName": sandbox.credentials(call.base_url)["salesforce"]["username"],
        },
    }


OPEN_ENDPOINTS = (
    Endpoint("POST", "/services/Soap/u/{version}", log_in, "auth"),
    Endpoint("POST", "/services/Soap/c/{version}", log_in, "auth"),
)
