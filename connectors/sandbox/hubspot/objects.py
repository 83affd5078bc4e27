"""Single contacts and pages of them."""

from urllib.parse import urlencode

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import (
    INTEGRATION,
    Contact,
    archive_contact,
    change_contact,
    check_values,
    create_contact,
    find_by_email,
    find_contact,
    read_contact,
)
from connectors.sandbox.hubspot.errors import PageNotFound
from connectors.sandbox.hubspot.requests import (
    check_object_type,
    is_true,
    json_object,
    page_limit,
    values_of,
    whole_number,
)
from connectors.sandbox.hubspot.views import changed_view, contact_views
from connectors.sandbox.web import Answer, Call

PAGE, PAGE_WITH_HISTORY = 100, 50


def list_contacts(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects: by id; `after` is the id of the next contact."""
    check_object_type(call)
    with_history = call.many("propertiesWithHistory")
    limit = page_limit(call, 10, PAGE_WITH_HISTORY if with_history else PAGE)
    rows = sandbox.store.rows(
        "select * from hubspot_contacts where id >= ? and (archived_at is not null) = ? "
        "order by id limit ?",
        whole_number(call.one("after"), "after", 0),
        is_true(call.one("archived")),
        limit + 1,
    )
    contacts = [read_contact(row) for row in rows]
    shown = contacts[:limit]
    views = contact_views(sandbox.store, shown, call.many("properties"), with_history)
    if len(contacts) <= limit:
        return Answer(200, {"results": views})
    after = str(contacts[limit].id)
    return Answer(200, {"results": views, "paging": {"next": _next_link(call, after)}})


def _next_link(call: Call, after: str) -> dict[str, str]:
    others = [(name, value) for name, value in call.query if name != "after"]
    query = urlencode([*others, ("after", after)])
    return {"after": after, "link": f"{call.base_url}{call.path}?{query}"}


def read_one(sandbox: Sandbox, call: Call) -> Answer:
    """GET objects/ID?idProperty=."""
    check_object_type(call)
    contact = _addressed(sandbox, call, is_true(call.one("archived")))
    names, with_history = call.many("properties"), call.many("propertiesWithHistory")
    return Answer(200, contact_views(sandbox.store, [contact], names, with_history)[0])


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects."""
    check_object_type(call)
    values = check_values(sandbox.store, values_of(json_object(call)))
    contact = create_contact(sandbox, values, INTEGRATION)
    return Answer(201, changed_view(sandbox.store, contact, values))


def update(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH objects/ID."""
    check_object_type(call)
    contact = _addressed(sandbox, call)
    values = check_values(sandbox.store, values_of(json_object(call)))
    changed = change_contact(sandbox, contact, values, INTEGRATION)
    return Answer(200, changed_view(sandbox.store, changed, values))


def archive(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE objects/ID; an archived contact stays so."""
    check_object_type(call)
    contact = find_contact(sandbox.store, _id_of(call.arguments["id"]))
    if contact is not None:
        archive_contact(sandbox, contact)
    return Answer(204)


def _addressed(sandbox: Sandbox, call: Call, archived: bool = False) -> Contact:
    text = call.arguments["id"]
    if call.one("idProperty") == "email":
        contact = find_by_email(sandbox.store, text)
    else:
        contact = find_contact(sandbox.store, _id_of(text), archived)
    if contact is None:
        raise PageNotFound
    return contact


def _id_of(text: str) -> int:
    return int(text) if text.isdigit() else 0
