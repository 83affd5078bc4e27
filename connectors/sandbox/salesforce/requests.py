"""What handlers read out of a request, and how a request is refused before it is looked at."""

import json
import re
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal, bad_json, not_found
from connectors.sandbox.salesforce.schema import ObjectType, find_type
from connectors.sandbox.web import Call

_OPTION = re.compile(r"\s*(\w+)\s*=\s*(\w+)\s*")


def root_of(call: Call) -> str:
    """Return the versioned path that links of an answer start with."""
    return f"/services/data/{call.arguments['version']}"


def version_of(call: Call) -> int:
    """Return the version that the path names: 66 for v66.0."""
    return int(call.arguments["version"].removeprefix("v").partition(".")[0])


def author_of(call: Call) -> Author:
    """Return the API user, with what the headers say about assignment and duplicates."""
    duplicates = options_of(call, "sforce-duplicate-rule-header")
    return Author(
        assigns=call.headers.get("sforce-auto-assign", "true").lower() != "false",
        saves_duplicates=duplicates.get("allowsave") == "true",
        wants_duplicates=duplicates.get("includerecorddetails") == "true",
        root=root_of(call),
    )


def options_of(call: Call, header: str) -> dict[str, str]:
    """Return the options of a header such as `allowSave=true; runAsCurrentUser=true`, folded."""
    parts = call.headers.get(header, "").split(";")
    found = (_OPTION.fullmatch(part) for part in parts)
    return {match[1].lower(): match[2].lower() for match in found if match}


def object_of(sandbox: Sandbox, call: Call) -> ObjectType:
    """Return the object that the path names.

    Raises:
        Refusal: there is none.
    """
    known = find_type(sandbox.store, call.arguments["object"])
    if known is None:
        raise not_found()
    return known


def json_object(call: Call) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        Refusal: it is none, or says that it is something else.
    """
    given = call.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != "application/json":
        message = f"The content type '{given}' is not supported: send application/json"
        raise Refusal("UNSUPPORTED_MEDIA_TYPE", message, 415)
    try:
        body = call.json()
    except json.JSONDecodeError as error:
        raise bad_json(_complaint(error)) from error
    except UnicodeDecodeError as error:
        raise bad_json("Invalid UTF-8 in the HTTP entity body") from error
    if not isinstance(body, dict):
        raise bad_json("The HTTP entity body is required, but this request has no entity body.")
    return body


def _complaint(error: json.JSONDecodeError) -> str:
    """Say what is wrong with a body as Salesforce's parser does."""
    place = f"at [line:{error.lineno}, column:{error.colno}]"
    if error.pos >= len(error.doc):
        return f"Unexpected end-of-input in the HTTP entity body {place}"
    character = error.doc[error.pos]
    return (
        f"Unexpected character ('{character}' (code {ord(character)})): expected a valid value "
        f"(number, String, array, object, 'true', 'false' or 'null') {place}"
    )
