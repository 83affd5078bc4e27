"""Forms and their submissions: what visitors send in, and what it does to contacts."""

import json
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import find_by_email
from connectors.sandbox.hubspot.errors import PORTAL_ID, Refusal, not_found
from connectors.sandbox.hubspot.object_types import CONTACTS
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    page_limit,
    whole_number,
)
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.hubspot.writes import change_record, check_values, create_record
from connectors.sandbox.web import Answer, Call

SUBMISSION_PAGE, FORM_PAGE = 50, 100


def list_forms(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms; none of this account's is archived."""
    if is_true(call.one("archived")):
        return Answer(200, {"results": []})
    limit = page_limit(call, 20, FORM_PAGE)
    start = whole_number(call.one("after"), "after", 0)
    rows = sandbox.store.rows(
        "select * from hubspot_forms order by rowid limit ? offset ?", limit + 1, start
    )
    body: dict[str, Any] = {"results": [_form_json(dict(row)) for row in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(200, body)


def read_form(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms/ID."""
    return Answer(200, _form_json(_form(sandbox, call.arguments["id"])))


def _form_json(form: dict[str, Any]) -> dict[str, Any]:
    created = instant(from_ms(form["created_at"]))
    return {
        "id": form["id"],
        "name": form["name"],
        "formType": form["form_type"],
        "createdAt": created,
        "updatedAt": created,
        "archived": False,
        "fieldGroups": [],
        "configuration": {"language": "en", "lifecycleStages": []},
    }


def list_submissions(sandbox: Sandbox, call: Call) -> Answer:
    """GET form-integrations/v1/submissions/forms/ID: newest first, by e-mail, without ids."""
    form = _form(sandbox, call.arguments["id"])
    limit = page_limit(call, 20, SUBMISSION_PAGE)
    start = whole_number(call.one("after"), "after", 0)
    rows = sandbox.store.rows(
        "select * from hubspot_submissions where form_id = ? "
        "order by submitted_at desc, rowid desc limit ? offset ?",
        form["id"],
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
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(200, body)


def submit(sandbox: Sandbox, call: Call) -> Answer:
    """POST submissions/v3/integration/submit/PORTAL/ID: open to the world, as a web form is."""
    if call.arguments["portal"] != str(PORTAL_ID):
        raise not_found(f"Portal {call.arguments['portal']} does not exist")
    form, body = _form(sandbox, call.arguments["id"]), json_object(call)
    fields = _fields(body)
    email = next((field["value"] for field in fields if field["name"] == "email"), "")
    if not email.strip():
        raise _invalid_form("Required field 'email' is missing", "REQUIRED_FIELD")
    contact_id = _take_in(sandbox, form, fields, email)
    sandbox.store.run(
        "insert into hubspot_submissions values (?, ?, ?, ?, ?, ?)",
        _conversion_id(sandbox),
        form["id"],
        sandbox.clock.now_ms,
        (body.get("context") or {}).get("pageUri"),
        contact_id,
        json.dumps(fields, ensure_ascii=False),
    )
    return Answer(200, {"inlineMessage": "Thanks for submitting the form."})


def _take_in(
    sandbox: Sandbox, form: dict[str, Any], fields: list[dict[str, Any]], email: str
) -> int:
    source = Source("FORM", form["id"], form["name"])
    known = properties(sandbox.store, CONTACTS.name)
    given = {field["name"]: field["value"] for field in fields if field["name"] in known}
    values = check_values(sandbox.store, CONTACTS, {n: v for n, v in given.items() if v != ""})
    if form["lifecycle_stage"]:
        values["lifecyclestage"] = form["lifecycle_stage"]
    contact = find_by_email(sandbox.store, email)
    if contact is None:
        contact = create_record(sandbox, CONTACTS, values, source)
    count = int(contact.kept.get("num_conversion_events") or 0) + 1
    conversion = {
        "num_conversion_events": str(count),
        "recent_conversion_date": sandbox.clock.now_ms,
        "recent_conversion_event_name": form["name"],
    }
    # An additional address stays additional: the form does not make it the first.
    del values["email"]
    return change_record(sandbox, contact, {**values, **conversion}, source).id


def _fields(body: dict[str, Any]) -> list[dict[str, Any]]:
    fields = body.get("fields")
    if not isinstance(fields, list):
        raise _invalid_form("Required field 'fields' is missing", "REQUIRED_FIELD")
    return [
        {
            "name": str(field.get("name", "")).lower(),
            "value": str(field.get("value", "")),
            "objectTypeId": str(field.get("objectTypeId", "0-1")),
        }
        for field in fields
    ]


def _form(sandbox: Sandbox, form_id: str) -> dict[str, Any]:
    row = sandbox.store.row("select * from hubspot_forms where id = ?", form_id)
    if row is None:
        raise not_found(f"Form with guid {form_id} was not found")
    return dict(row)


def _conversion_id(sandbox: Sandbox) -> str:
    digits = sandbox.secret(f"conversion {sandbox.store.next_number('hubspot conversions')}", 32)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _invalid_form(message: str, error_type: str) -> Refusal:
    errors = [{"message": f"Error in 'fields'. {message}", "errorType": error_type}]
    return Refusal("The request is not valid", errors=errors)
