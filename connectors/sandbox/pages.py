"""The record pages under /ui: what salespeople would see in each CRM."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.page import contact_page, count_contacts, find_contacts
from connectors.sandbox.record_page import RecordPage, read_time
from connectors.sandbox.salesforce.page import count_leads, find_leads, lead_page

_TEMPLATES = Path(__file__).parent / "templates"
_LISTED = 50


def routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes of the pages."""

    def home(request: Request) -> Response:
        return _home(sandbox, request)

    def lead(request: Request) -> Response:
        return _record(sandbox, lead_page(sandbox, request.path_params["record_id"]))

    def contact(request: Request) -> Response:
        return _record(sandbox, contact_page(sandbox, request.path_params["record_id"]))

    return [
        Route("/", lambda _: RedirectResponse("/ui/")),
        Route("/ui", lambda _: RedirectResponse("/ui/")),
        Route("/ui/", home),
        Route("/ui/style.css", _style),
        Route("/ui/salesforce/Lead/{record_id}", lead),
        Route("/ui/hubspot/contacts/{record_id}", contact),
    ]


def _home(sandbox: Sandbox, request: Request) -> Response:
    text, crm = request.query_params.get("q", "").strip(), request.query_params.get("crm", "")
    with sandbox.store.transaction():
        counts = {
            "salesforce": count_leads(sandbox.store),
            "hubspot": count_contacts(sandbox.store),
        }
        leads = find_leads(sandbox.store, text, _LISTED) if crm != "hubspot" else []
        contacts = find_contacts(sandbox.store, text, _LISTED) if crm != "salesforce" else []
    found = sorted([*leads, *contacts], key=lambda listed: listed.modified_at, reverse=True)
    return _page(sandbox, "home.html", counts=counts, found=found[:_LISTED], text=text, crm=crm)


def _record(sandbox: Sandbox, record: RecordPage | None) -> Response:
    if record is None:
        return _page(sandbox, "missing.html", status=404)
    return _page(sandbox, "record.html", record=record)


def _style(_: Request) -> Response:
    css = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css")


def _page(sandbox: Sandbox, template: str, status: int = 200, **values: Any) -> Response:
    html = _environment().get_template(template).render(now=sandbox.clock.now, **values)
    return HTMLResponse(html, status)


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    environment.filters["time"] = read_time
    return environment
