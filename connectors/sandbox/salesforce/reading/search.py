"""Requests that search by words."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import bad_json
from connectors.sandbox.salesforce.requests import json_object, root_of, texts_in, version_of
from connectors.sandbox.salesforce.sosl.finding import find
from connectors.sandbox.salesforce.sosl.parser import malformed_search, parse_search
from connectors.sandbox.web import Answer, Call, Endpoint

_DATA = "/services/data/{version}"
_NAMES_RECORDS_SINCE = 37
"""The first version whose answer is more than a bare list."""
_RESERVED = '?&|!{}[]()^~*:\\"+-'


def search(sandbox: Sandbox, call: Call) -> Answer:
    """GET search?q=: SOSL."""
    sosl = call.one("q")
    found = find(sandbox, sosl, parse_search(sosl), root_of(call))
    return Answer(200, {"searchRecords": found} if _names_records(call) else found)


def search_by_parameters(sandbox: Sandbox, call: Call) -> Answer:
    """GET parameterizedSearch?q=&sobject=&X.fields=&X.limit=: a search without SOSL."""
    objects = [
        {
            "name": name,
            "fields": call.many(f"{name}.fields") or call.many("fields"),
            "limit": call.one(f"{name}.limit"),
            "where": call.one(f"{name}.where"),
        }
        for name in call.many("sobject")
    ]
    return _searched(sandbox, call, {"sobjects": objects, "q": call.one("q"), "in": call.one("in")})


def search_by_body(sandbox: Sandbox, call: Call) -> Answer:
    """POST parameterizedSearch {q, in, fields, sobjects: [{name, fields, limit, where}]}."""
    return _searched(sandbox, call, json_object(call))


def _searched(sandbox: Sandbox, call: Call, asked: dict[str, Any]) -> Answer:
    text = str(asked.get("q") or "")
    if not text:
        raise malformed_search("The required parameter q is missing")
    fields = texts_in(asked, "fields")
    objects = [_returning(one, fields) for one in _objects_in(asked)]
    escaped = "".join(f"\\{letter}" if letter in _RESERVED else letter for letter in text)
    sosl = f"FIND {{{escaped}}} IN {asked.get('in') or 'ALL'} FIELDS"
    if objects:
        sosl += f" RETURNING {', '.join(objects)}"
    found = find(sandbox, sosl, parse_search(sosl), root_of(call))
    return Answer(200, {"searchRecords": found})


def _objects_in(asked: dict[str, Any]) -> list[dict[str, Any]]:
    listed = asked.get("sobjects") or []
    if not isinstance(listed, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in listed
    ):
        raise bad_json("sobjects: a list of objects with names is required")
    return listed


def _returning(asked: dict[str, Any], fields: list[str]) -> str:
    named = texts_in(asked, "fields") or fields or ["Id"]
    where = f" WHERE {asked['where']}" if asked.get("where") else ""
    limit = f" LIMIT {asked['limit']}" if asked.get("limit") else ""
    return f"{asked['name']}({', '.join(named)}{where}{limit})"


def _names_records(call: Call) -> bool:
    return version_of(call) >= _NAMES_RECORDS_SINCE


ENDPOINTS = (
    Endpoint("GET", f"{_DATA}/search", search, "search"),
    Endpoint("GET", f"{_DATA}/parameterizedSearch", search_by_parameters, "search"),
    Endpoint("POST", f"{_DATA}/parameterizedSearch", search_by_body, "search"),
)
