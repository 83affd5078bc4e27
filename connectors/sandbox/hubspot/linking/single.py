"""Associations of one record over v4 and the date-based versions."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import completed
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.linking.association_views import (
    MOST_PER_PAGE,
    default_type,
    default_views,
    labelled_view,
    page_of,
)
from connectors.sandbox.hubspot.links import ends_of, link, living, types_of, unlink
from connectors.sandbox.hubspot.requests import json_list, object_of, page_limit, whole_number
from connectors.sandbox.web import Answer, Call, Endpoint


def list_associations(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/FROM/ID/associations/TO: up to 500 records a page."""
    record = living(sandbox, object_of(sandbox, call), call.arguments["id"])
    most = min(
        page_limit(call, MOST_PER_PAGE, MOST_PER_PAGE),
        sandbox.settings.hubspot_association_page_size,
    )
    after = whole_number(call.one("after"), "after", 0)
    page = page_of(
        sandbox, call, record, object_of(sandbox, call, "to_object"), after=after, most=most
    )
    paging = {"paging": page["paging"]} if "paging" in page else {}
    return Answer(200, {"results": page.get("to", []), **paging})


def set_default(sandbox: Sandbox, call: Call) -> Answer:
    """PUT objects/FROM/ID/associations/default/TO/ID: the association without a label."""
    record, other = ends_of(sandbox, call)
    kind = default_type(sandbox, record.object_type, other.object_type)
    link(sandbox, kind, record, other)
    return completed(sandbox, default_views(kind, record, other))


def set_labelled(sandbox: Sandbox, call: Call) -> Answer:
    """PUT objects/FROM/ID/associations/TO/ID: of the types in the body."""
    record, other = ends_of(sandbox, call)
    specs = [spec for spec in json_list(call) if isinstance(spec, dict)]
    if not specs:
        raise bad_input("Invalid input JSON: a list of association types is required")
    kinds = types_of(sandbox, specs, record.object_type)
    for kind in kinds:
        link(sandbox, kind, record, other)
    return Answer(201, labelled_view(sandbox, call, record, other, kinds))


def remove(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/FROM/ID/associations/TO/ID: every association of the two records."""
    unlink(sandbox, *ends_of(sandbox, call))
    return Answer(204)


_ALL = "/crm/v4/objects/{object}/{id}/associations"
_ONE = f"{_ALL}/{{to_object}}/{{to_id}}"
ENDPOINTS = (
    Endpoint("GET", f"{_ALL}/{{to_object}}", list_associations),
    Endpoint("PUT", f"{_ALL}/default/{{to_object}}/{{to_id}}", set_default, "write"),
    Endpoint("PUT", _ONE, set_labelled, "write"),
    Endpoint("DELETE", _ONE, remove, "write"),
)
