"""Submissions: what visitors send in, and reading it again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.checks import check_values
from connectors.sandbox.hubspot.contacts import find_by_email
from connectors.sandbox.hubspot.errors import Refusal, not_found
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.form_api.blog import blog_form, no_comments
from connectors.sandbox.hubspot.form_api.forms import new_guid
from connectors.sandbox.hubspot.form_api.kept_forms import Form, find_form
from connectors.sandbox.hubspot.object_types import CONTACTS
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.requests import (
    json_object,
    object_in,
    objects_of,
    page_limit,
    whole_number,
    whole_of,
)
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.hubspot.writes import change_record, create_record
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE = 50
Field = dict[str, str]


def list_submissions(sandbox: Sandbox, call: Call) -> Answer:
    """GET form-integrations/v1/submissions/forms/ID: newest first, by e-mail, without ids."""
    form = _readable(sandbox, call.arguments["id"])
    limit = page_limit(call, 20, PAGE)
    start = whole_number(call.one("after"), "after", 0)
    rows = sandbox.store.rows(
        "select * from hubspot_submissions where form_id = ? "
        "order by submitted_at desc, rowid desc limit ? offset ?",
        form.id,
        limit + 1,
        start,
    )
    results = [
        {
            "conversionId": row["conversion_id"],
            "submittedAt": row["submitted_at"],
            "values": json.loads(row["fields"]),
            "pageUrl": row["page_url"],
        }
        for row in rows[:limit]
    ]
    body: dict[str, Any] = {"results": results}
    if len(rows) > limit:
        body["paging"] = next_page(call, str(start + limit))
    return Answer(200, body)


def _readable(sandbox: Sandbox, form_id: str) -> Form:
    """Return a form, an archived one too.

    Raises:
        Refusal: there is none of the id, or it is the one for comments on a blog.
    """
    blog = blog_form(sandbox)
    if blog is not None and form_id == blog.id:
        raise no_comments(blog)
    is_archived = sandbox.store.value(
        "select archived_at > 0 from hubspot_form_changes where id = ?", form_id
    )
    return find_form(sandbox.store, form_id, archived=bool(is_archived))


def submit(sandbox: Sandbox, call: Call) -> Answer:
    """POST submissions/v3/integration/submit/PORTAL/ID: open to the world, as a web form is.

    The secure path does the same for callers with a key. What the form does not ask for is taken
    too, as from its hidden fields; consent options are let pass.
    """
    if call.arguments["portal"] != str(PORTAL_ID):
        raise not_found(f"Portal {call.arguments['portal']} does not exist")
    form, body = find_form(sandbox.store, call.arguments["id"]), json_object(call)
    fields = _fields(body)
    email = _checked_email(form, fields)
    contact_id = _take_in(sandbox, form, fields, email)
    now = sandbox.clock.now_ms
    sandbox.store.run(
        "insert into hubspot_submissions values (?, ?, ?, ?, ?, ?)",
        new_guid(sandbox, "conversion"),
        form.id,
        min(whole_of(body, "submittedAt", now), now),
        _page_of(body),
        contact_id,
        json.dumps(fields, ensure_ascii=False),
    )
    action = form.to_json()["configuration"]["postSubmitAction"]
    name = "redirectUri" if action["type"] == "redirect_url" else "inlineMessage"
    return Answer(200, {name: action["value"]})


def _page_of(body: Mapping[str, Any]) -> str | None:
    page = object_in(body, "context").get("pageUri")
    return None if page is None else str(page)


def _fields(body: Mapping[str, Any]) -> list[Field]:
    fields = objects_of(body, "fields")
    if "fields" not in body:
        raise _invalid_form("Required field 'fields' is missing", "REQUIRED_FIELD")
    return [
        {
            "name": str(field.get("name", "")).lower(),
            "value": str(field.get("value", "")),
            "objectTypeId": str(field.get("objectTypeId", "0-1")),
        }
        for field in fields
    ]


def _checked_email(form: Form, fields: Sequence[Field]) -> str:
    """Return the address of a submission that has all that the form requires."""
    given = {(one["objectTypeId"], one["name"]): one["value"].strip() for one in fields}
    email = (CONTACTS.type_id, "email")
    asked = (
        (str(one.get("objectTypeId", CONTACTS.type_id)), name)
        for name, one in form.fields.items()
        if one.get("required")
    )
    for key in (email, *asked):
        if not given.get(key):
            raise _invalid_form(f"Required field '{key[1]}' is missing", "REQUIRED_FIELD")
    return given[email]


def _take_in(sandbox: Sandbox, form: Form, fields: Sequence[Field], email: str) -> int:
    """Create or change the contact of an address, and return its id."""
    source = Source("FORM", form.id, form.name, keeps_rules=False)
    known = properties(sandbox.store, CONTACTS.name)
    given = {
        field["name"]: field["value"]
        for field in fields
        if field["name"] in known and field["objectTypeId"] == CONTACTS.type_id
    }
    values = check_values(sandbox.store, CONTACTS, {n: v for n, v in given.items() if v != ""})
    if form.lifecycle_stage:
        values["lifecyclestage"] = form.lifecycle_stage
    contact = find_by_email(sandbox.store, email)
    if contact is None:
        contact = create_record(sandbox, CONTACTS, values, source)
    count = int(contact.kept.get("num_conversion_events") or 0) + 1
    conversion: dict[str, Kept] = {
        "num_conversion_events": str(count),
        "recent_conversion_date": sandbox.clock.now_ms,
        "recent_conversion_event_name": form.name,
    }
    # An additional address stays additional: the form does not make it the first.
    del values["email"]
    return change_record(sandbox, contact, {**values, **conversion}, source).id


def _invalid_form(message: str, error_type: str) -> Refusal:
    errors = [{"message": f"Error in 'fields'. {message}", "errorType": error_type}]
    return Refusal("The request is not valid", errors=errors)


_SUBMIT = "/submissions/v3/integration/submit/{portal}/{id}"
_SECURE = "/submissions/v3/integration/secure/submit/{portal}/{id}"
OPEN_ENDPOINTS = (Endpoint("POST", _SUBMIT, submit, "write"),)
ENDPOINTS = (
    Endpoint("GET", "/form-integrations/v1/submissions/forms/{id}", list_submissions),
    Endpoint("POST", _SECURE, submit, "write"),
)
