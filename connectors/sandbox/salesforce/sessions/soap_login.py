"""SOAP login: gone since API v65.0, off by default before, and retired in Summer '27.

Source: Salesforce Help, "SOAP API login() Call is Being Retired", and faults that clients recorded.
"""

import re
from xml.sax.saxutils import escape

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.sessions.tokens import ORGANIZATION, open_session
from connectors.sandbox.web import Answer, Call, Endpoint

FIRST_WITHOUT = 65
_XML = {"Content-Type": "text/xml;charset=UTF-8"}
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def log_in(sandbox: Sandbox, call: Call) -> Answer:
    """POST /services/Soap/u/XX.0: knows no operation but login."""
    version = call.arguments["version"]
    body = call.body.decode(errors="replace")
    if re.search(r"<(\w+:)?login[\s>]", body) is None:
        return _fault("UNKNOWN_EXCEPTION", "No operation but login is available here")
    if float(version) >= FIRST_WITHOUT:
        message = (
            "The SOAP Login operation is not available in the API version specified "
            f"({version}). Refer to the documentation for supported versions."
        )
        return _fault("INVALID_OPERATION", message)
    if not sandbox.settings.salesforce_soap_login:
        message = (
            "SOAP API login() is disabled by default in this org. "
            "Contact the org administrator to enable SOAP API login()."
        )
        return _fault("INVALID_OPERATION", message)
    known = sandbox.credentials(call.base_url)["salesforce"]
    if (_text(body, "username"), _text(body, "password")) != (known["username"], known["password"]):
        message = "Invalid username, password, security token; or user locked out."
        return _fault("INVALID_LOGIN", message, kind="LoginFault")
    return _logged_in(sandbox, call, known["username"])


def _logged_in(sandbox: Sandbox, call: Call, username: str) -> Answer:
    session = open_session(sandbox, call.base_url)["access_token"]
    version, org = call.arguments["version"], ORGANIZATION[:15]
    result = (
        f"<metadataServerUrl>{call.base_url}/services/Soap/m/{version}/{org}</metadataServerUrl>"
        "<passwordExpired>false</passwordExpired><sandbox>true</sandbox>"
        f"<serverUrl>{call.base_url}/services/Soap/u/{version}/{org}</serverUrl>"
        f"<sessionId>{session}</sessionId><userId>{INTEGRATION_USER}</userId>"
        f"<userInfo><organizationId>{ORGANIZATION}</organizationId>"
        f"<sessionSecondsValid>{sandbox.settings.salesforce_token_seconds}</sessionSecondsValid>"
        f"<userId>{INTEGRATION_USER}</userId><userName>{escape(username)}</userName></userInfo>"
    )
    inner = f"<loginResponse><result>{result}</result></loginResponse>"
    return Answer(200, _envelope(inner, "urn:partner.soap.sforce.com"), _XML)


def _fault(code: str, message: str, kind: str = "ApiFault") -> Answer:
    text = escape(message)
    inner = (
        f"<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {text}</faultstring>"
        f'<detail><sf:{kind} xsi:type="sf:{kind}"><sf:exceptionCode>{code}</sf:exceptionCode>'
        f"<sf:exceptionMessage>{text}</sf:exceptionMessage></sf:{kind}></detail></soapenv:Fault>"
    )
    faults = 'xmlns:sf="urn:fault.partner.soap.sforce.com"'
    return Answer(500, _envelope(inner, "", faults), _XML)


def _envelope(inner: str, namespace: str, more: str = "") -> str:
    default = f' xmlns="{namespace}"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}"{default} '
        f'{more} xmlns:xsi="{_XSI}"><soapenv:Body>{inner}</soapenv:Body></soapenv:Envelope>'
    )


def _text(body: str, name: str) -> str:
    found = re.search(rf"<(?:\w+:)?{name}[^>]*>([^<]*)<", body)
    return found[1] if found else ""


OPEN_ENDPOINTS = (
    Endpoint("POST", "/services/Soap/u/{version}", log_in, "auth"),
    Endpoint("POST", "/services/Soap/c/{version}", log_in, "auth"),
)
