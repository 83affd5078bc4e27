"""What handlers read out of a request, and how a request is refused before it is looked at."""

import re
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal, bad_json, not_found
from connectors.sandbox.salesforce.json_bodies import read_json
from connectors.sandbox.salesforce.permissions import find_visible
from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.salesforce.unreadable import unreadable_body
from connectors.sandbox.web import Answer, Call

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
    known = find_visible(sandbox, call.arguments["object"])
    if known is None:
        raise not_found()
    return known


def check_type(call: Call, wanted: str) -> None:
    """Check what a body says that it is.

    Raises:
        Refusal: something else.
    """
    given = call.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != wanted:
        message = f"The content type '{given}' is not supported: send {wanted}"
        raise Refusal("UNSUPPORTED_MEDIA_TYPE", message, 415)


def choices(call: Call, known: ObjectType, record_ids: Iterable[str]) -> Answer:
    """Return the addresses of several records, all of which a key means."""
    below = f"{root_of(call)}/sobjects/{known.name}"
    return Answer(300, [f"{below}/{record_id}" for record_id in record_ids])


def json_object(call: Call) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        Refusal: it is none, or says that it is something else.
    """
    check_type(call, "application/json")
    body = read_json(call.body)
    if body is None:
        raise bad_json("The HTTP entity body is required, but this request has no entity body.")
    if not isinstance(body, dict):
        raise unreadable_body(body)
    return body


def texts_in(body: dict[str, Any], name: str) -> list[str]:
    """Return a member of a body that must be a list of texts; an absent one is an empty list.

    Raises:
        Refusal: it is something else.
    """
    given = body.get(name)
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise bad_json(f"{name}: a list of texts is required")
    return given


def plain_members(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body whose members are texts, numbers or booleans.

    Raises:
        Refusal: one is an object or a list.
    """
    for name, value in body.items():
        if isinstance(value, dict | list):
            start = "START_OBJECT" if isinstance(value, dict) else "START_ARRAY"
            raise bad_json(f"{name}: Cannot deserialize instance of string from {start}")
    return body
