"""The record pages under /ui: what salespeople would see in each CRM."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import page as hubspot
from connectors.sandbox.record_page import ListedRecord, RecordPage, read_time
from connectors.sandbox.salesforce import listing as salesforce
from connectors.sandbox.salesforce.page import record_page
from connectors.sandbox.store import Store

_TEMPLATES = Path(__file__).parent / "templates"
_LISTED = 50
_Find = Callable[[Sandbox, str, str], RecordPage | None]
"""Returns the page of a record by its kind and id, if there is one."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes of the pages."""

    def home(request: Request) -> Response:
        return _home(sandbox, request)

    def in_salesforce(request: Request) -> Response:
        return _record(sandbox, record_page, request)

    def in_hubspot(request: Request) -> Response:
        return _record(sandbox, _hubspot_page, request)

    return [
        Route("/", lambda _: RedirectResponse("/ui/")),
        Route("/ui", lambda _: RedirectResponse("/ui/")),
        Route("/ui/", home),
        Route("/ui/style.css", _style),
        Route("/ui/salesforce/{kind}/{record_id}", in_salesforce),
        Route("/ui/hubspot/{kind}/{record_id}", in_hubspot),
    ]


def _home(sandbox: Sandbox, request: Request) -> Response:
    asked = request.query_params
    text, crm, kind = asked.get("q", "").strip(), asked.get("crm", ""), asked.get("kind", "")
    with sandbox.store.transaction():
        kinds = salesforce.count_records(sandbox.store)
        contacts = hubspot.count_contacts(sandbox.store)
        wanted = [kind] if kind in kinds else list(kinds)
        found = _found(sandbox.store, text, crm, wanted)
    counts = {"salesforce": kinds, "hubspot": {"contacts": contacts}}
    shown = {"counts": counts, "found": found, "text": text, "crm": crm, "kind": kind}
    return _page(sandbox, "home.html", shown)


def _found(store: Store, text: str, crm: str, kinds: list[str]) -> list[ListedRecord]:
    found = [] if crm == "salesforce" else hubspot.find_contacts(store, text, _LISTED)
    if crm != "hubspot":
        for kind in kinds:
            found += salesforce.find_records(store, kind, text, _LISTED)
    return sorted(found, key=lambda listed: listed.modified_at, reverse=True)[:_LISTED]


def _hubspot_page(sandbox: Sandbox, kind: str, record_id: str) -> RecordPage | None:
    find = hubspot.PAGES.get(kind)
    return find(sandbox, record_id) if find else None


def _record(sandbox: Sandbox, find: _Find, request: Request) -> Response:
    asked = request.path_params
    # What others have begun to write is not there yet.
    with sandbox.store.transaction():
        record = find(sandbox, asked["kind"], asked["record_id"])
    if record is None:
        return _page(sandbox, "missing.html", {}, status=404)
    return _page(sandbox, "record.html", {"record": record})


def _style(_: Request) -> Response:
    css = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css")


def _page(
    sandbox: Sandbox, template: str, values: Mapping[str, Any], status: int = 200
) -> Response:
    html = _environment().get_template(template).render(now=sandbox.clock.now, **values)
    return HTMLResponse(html, status)


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    environment.filters["time"] = read_time
    return environment
