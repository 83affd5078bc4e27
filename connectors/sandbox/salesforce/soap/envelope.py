"""SOAP: what a request asks, and how it is answered or refused."""

from dataclasses import dataclass

from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata.writing import TYPE, write_xml
from connectors.sandbox.salesforce.reading.discovery import VERSIONS
from connectors.sandbox.salesforce.xml import Node, XmlError, read_xml
from connectors.sandbox.web import Answer

METADATA = "http://soap.sforce.com/2006/04/metadata"
PARTNER, PARTNER_FAULTS = "urn:partner.soap.sforce.com", "urn:fault.partner.soap.sforce.com"
_HEADERS = {"Content-Type": "text/xml;charset=UTF-8"}
_START = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
)
_END = "</soapenv:Body></soapenv:Envelope>"


@dataclass(frozen=True)
class Request:
    """One call of the SOAP API: the element in the body, and the session it comes with."""

    operation: Node
    session: str


def read_request(document: bytes) -> Request:
    """Return what an envelope holds.

    Raises:
        Refusal: it is none.
    """
    try:
        envelope = read_xml(document)
    except XmlError as error:
        raise Refusal("soapenv:Client", f"Error parsing request: {error.message}", 500) from error
    header, body = envelope.child("Header"), envelope.child("Body")
    if body is None or not body.children:
        raise Refusal("soapenv:Client", "No operation available for request", 500)
    session = None if header is None else header.child("SessionHeader")
    return Request(body.children[0], "" if session is None else session.value("sessionId"))


def check_version(text: str) -> None:
    """Check the version that an address names: 66.0.

    Raises:
        Refusal: it is none, or one that is not served.
    """
    number = read_count(text.partition(".")[0], VERSIONS[-1])
    if number is None or number not in VERSIONS:
        message = "Invalid Api version specified on URL"
        raise Refusal("UNSUPPORTED_API_VERSION", message, 500)


def response(operation: str, result: object, namespace: str = METADATA) -> Answer:
    """Return the answer to an operation; a list makes several results, None none at all."""
    inner = write_xml("result", result)
    body = f"<{operation}Response>{inner}</{operation}Response>"
    return Answer(200, f'{_START}xmlns="{namespace}"><soapenv:Body>{body}{_END}', _HEADERS)


def fault(refusal: Refusal, namespace: str = METADATA, kind: str = "") -> Answer:
    """Return a refusal of the whole call; every fault has the status 500.

    Args:
        refusal: Why the call is refused.
        namespace: That of the API's own codes.
        kind: The type of the fault's detail, such as LoginFault; the Metadata API sends none.
    """
    is_ours = not refusal.code.startswith("soapenv:")
    code = f"sf:{refusal.code}" if is_ours else refusal.code
    text = f"{refusal.code}: {refusal.message}" if is_ours else refusal.message
    told: dict[str, object] = {"faultcode": code, "faultstring": text}
    if kind:
        exception = {"sf:exceptionCode": refusal.code, "sf:exceptionMessage": refusal.message}
        told["detail"] = {f"sf:{kind}": {TYPE: f"sf:{kind}", **exception}}
    body = write_xml("soapenv:Fault", told)
    return Answer(500, f'{_START}xmlns:sf="{namespace}"><soapenv:Body>{body}{_END}', _HEADERS)
