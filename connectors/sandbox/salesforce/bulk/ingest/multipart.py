"""A job and its data in one request body.

Source: Bulk API 2.0 Developer Guide, "Bulk Insert with a Multipart Request": a part `job` of JSON
and a part `content` of CSV, of at most 100,000 characters.
"""

import json
from email.message import Message
from email.parser import BytesParser
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.web import Call

LIMIT = 100_000


def parts_of(call: Call) -> tuple[dict[str, Any], bytes]:
    """Return the job and the data of a multipart request.

    Raises:
        Refusal: a part is missing, the job is no JSON object, or the data are too many.
    """
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + call.body)
    parts = {_name_of(part): part for part in message.walk() if not part.is_multipart()}
    if not {"job", "content"} <= parts.keys():
        raise Refusal("INVALIDJOB", "A multipart request needs the parts job and content")
    data = _bytes_of(parts["content"])
    if len(data.decode(errors="replace")) > LIMIT:
        message_text = f"The data of a multipart request must not exceed {LIMIT} characters"
        raise Refusal("REQUEST_ENTITY_TOO_LARGE", message_text, 413)
    try:
        body = json.loads(_bytes_of(parts["job"]))
    except ValueError:
        raise bad_json("The part job is not valid JSON") from None
    if not isinstance(body, dict):
        raise bad_json("The part job is not a JSON object")
    return body, data


def _name_of(part: "Message[str, str]") -> str:
    return str(part.get_param("name", "", header="content-disposition"))


def _bytes_of(part: "Message[str, str]") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
