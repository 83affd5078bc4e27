"""The XML and JSON of the older Bulk API.

Source: Bulk API Developer Guide. About a job, a client is answered in the format in which it asks;
about batches, in JSON where the job's data are JSON, else in XML.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.json_bodies import read_json
from connectors.sandbox.salesforce.requests import plain_members
from connectors.sandbox.salesforce.xml import Node, XmlError, read_xml
from connectors.sandbox.web import Answer, Call

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>'
XML, JSON = "application/xml", "application/json;charset=UTF-8"
_CODES = {
    "INVALID_SESSION_ID": ("InvalidSessionId", "Invalid session id", 400),
    "REQUEST_LIMIT_EXCEEDED": ("ExceededQuota", "TotalRequests Limit exceeded.", 403),
    "NOT_FOUND": ("InvalidUrl", "Destination URL not found", 404),
    "METHOD_NOT_ALLOWED": ("MethodNotAllowed", "", 405),
    "INVALIDJOB": ("InvalidJob", "", 400),
    "INVALIDJOBSTATE": ("InvalidJobState", "", 400),
    "INVALIDENTITY": ("InvalidEntity", "", 400),
    "FEATURENOTENABLED": ("FeatureNotEnabled", "", 400),
}


def refused(call: Call, refusal: Refusal) -> Answer:
    """Return how this API says no: {exceptionCode, exceptionMessage}."""
    code, message, status = _CODES.get(refusal.code, (refusal.code, "", refusal.status))
    body = {"exceptionCode": code, "exceptionMessage": message or refusal.message}
    return answered("error", body, asks_json(call), status)


def asks_json(call: Call) -> bool:
    """Tell whether a request is in JSON."""
    return "json" in call.headers.get("content-type", call.headers.get("accept", ""))


def answered(name: str, body: Mapping[str, Any], as_json: bool, status: int = 200) -> Answer:
    """Return an answer of one element, in JSON without its name."""
    if as_json:
        return Answer(status, dict(body), {"Content-Type": JSON})
    text = f"{PROLOGUE}{element(name, body, NAMESPACE)}"
    return Answer(status, text, {"Content-Type": XML})


def element(name: str, value: Any, namespace: str = "") -> str:
    """Return an XML element: of elements for a mapping, several for a list, of text for others."""
    if isinstance(value, list):
        return "".join(element(name, entry) for entry in value)
    if isinstance(value, Mapping):
        inner = "".join(element(key, entry) for key, entry in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(str(value))
    opening = f'{name} xmlns="{namespace}"' if namespace else name
    return f"<{opening}>{inner}</{name}>"


def read_body(call: Call) -> dict[str, Any]:
    """Return the job that a request describes, in JSON or XML.

    Raises:
        Refusal: InvalidXML, or a body that is no JSON object of plain values.
    """
    if not asks_json(call):
        return {child.name: child.text for child in _root(call.body).children}
    body = read_json(call.body)
    if not isinstance(body, dict):
        raise Refusal("ClientInputError", "The request is no JSON object")
    return plain_members(body)


def read_objects(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the sObjects of an XML batch; empty ones with xsi:nil are None.

    Raises:
        Refusal: InvalidXML.
    """
    for child in _root(data).children:
        yield {
            field.name: None if field.attributes.get("nil") == "true" else field.text
            for field in child.children
        }


def _root(data: bytes) -> Node:
    try:
        return read_xml(data)
    except XmlError as error:
        message = f"The XML of the request is invalid: {error.message}: line {error.line}"
        raise Refusal("InvalidXML", message) from None
