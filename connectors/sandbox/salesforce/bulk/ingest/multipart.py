"""A job and its data in one request body.

Source: Bulk API 2.0 Developer Guide, "Bulk Insert with a Multipart Request": a part `job` of JSON
and a part `content` of CSV, of at most 100,000 characters.
"""

from typing import Any

from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.json_bodies import read_json
from connectors.sandbox.salesforce.multipart import form_parts
from connectors.sandbox.web import Call

LIMIT = 100_000


def parts_of(call: Call) -> tuple[dict[str, Any], bytes]:
    """Return the job and the data of a multipart request.

    Raises:
        Refusal: a part is missing, the job is no JSON object, or the data are too many.
    """
    parts = form_parts(call)
    if not {"job", "content"} <= parts.keys():
        raise Refusal("INVALIDJOB", "A multipart request needs the parts job and content")
    if len(parts["content"].decode(errors="replace")) > LIMIT:
        message = f"The data of a multipart request must not exceed {LIMIT} characters"
        raise Refusal("REQUEST_ENTITY_TOO_LARGE", message, 413)
    body = read_json(parts["job"])
    if not isinstance(body, dict):
        raise bad_json("The part job is not a JSON object")
    return body, parts["content"]
