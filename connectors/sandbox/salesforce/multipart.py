"""Bodies of several parts: an element of JSON and a file, most of the time.

Source: REST API Developer Guide, "Multipart Message Considerations"; RFC 7578.
"""

import re

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.web import Call

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'[; ]name="?([^";\r\n]+)"?', re.IGNORECASE)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


def form_parts(call: Call) -> dict[str, bytes]:
    """Return the parts of a multipart body by name, whichever line ends they are written with.

    Raises:
        Refusal: it is none.
    """
    found = _BOUNDARY.search(call.headers.get("content-type", ""))
    if found is None:
        message = "Multipart message is missing its boundary"
        raise Refusal("INVALID_MULTIPART_REQUEST", message)
    marker = re.compile(rb"(?:^|\r?\n)--" + re.escape(found[1].strip().encode()))
    parts = {}
    for part in marker.split(call.body)[1:]:
        head, *content = _EMPTY_LINE.split(part, maxsplit=1)
        named = _NAME.search(head)
        if named and content:
            parts[named[1].decode(errors="replace")] = content[0]
    return parts
