"""Forms over the API: reading, creating, changing and archiving them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.form_api.kept import Form, find_form, keep_form, list_kept
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    page_limit,
    required,
    whole_number,
)
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE = 100
_SAID = ("fieldGroups", "configuration", "displayOptions", "legalConsentOptions")


def list_forms(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms: the living ones or the archived ones, of some types or of all."""
    wanted = [name for name in call.many("formTypes") if name != "all"]
    archived = is_true(call.one("archived"))
    forms = list_kept(sandbox.store, archived=archived, form_types=wanted)
    limit = page_limit(call, 20, PAGE)
    start = whole_number(call.one("after"), "after", 0)
    body: dict[str, Any] = {"results": [form.to_json() for form in forms[start : start + limit]]}
    if start + limit < len(forms):
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(200, body)


def read_form(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms/ID; an archived one only with archived=true."""
    archived = is_true(call.one("archived"))
    return Answer(200, find_form(sandbox.store, call.arguments["id"], archived=archived).to_json())


def create_form(sandbox: Sandbox, call: Call) -> Answer:
    """POST marketing/v3/forms."""
    body, now = json_object(call), sandbox.clock.now_ms
    required(body, ("name", "formType"))
    if body["formType"] != "hubspot":
        raise bad_input(f"Invalid formType: {body['formType']}; only hubspot can be created")
    new = Form(new_guid(sandbox, "form"), "", "hubspot", "", now, now)
    return Answer(201, _kept(sandbox, new, body).to_json())


def change_form(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH marketing/v3/forms/ID: what the body does not name stays."""
    form = find_form(sandbox.store, call.arguments["id"])
    return Answer(200, _kept(sandbox, form, json_object(call)).to_json())


def replace_form(sandbox: Sandbox, call: Call) -> Answer:
    """PUT marketing/v3/forms/ID: what the body does not name goes."""
    body = json_object(call)
    required(body, ("name", "formType"))
    form = replace(find_form(sandbox.store, call.arguments["id"]), definition={})
    return Answer(200, _kept(sandbox, form, body).to_json())


def archive_form(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE marketing/v3/forms/ID: it takes no more submissions; the old ones can be read."""
    form, now = find_form(sandbox.store, call.arguments["id"]), sandbox.clock.now_ms
    keep_form(sandbox.store, replace(form, archived_at=now, updated_at=now))
    return Answer(204)


def _kept(sandbox: Sandbox, form: Form, body: Mapping[str, Any]) -> Form:
    """Keep a form with what a body says of it.

    Raises:
        Refusal: a field is no property of contacts, or the lifecycle stage is none.
    """
    said = {name: body[name] for name in _SAID if name in body}
    stages = (said.get("configuration") or {}).get("lifecycleStages")
    stage = form.lifecycle_stage
    if stages is not None:
        stage = next((str(s.get("value")) for s in stages if s.get("objectTypeId") == "0-1"), "")
    changed = replace(
        form,
        name=str(body.get("name", form.name)),
        lifecycle_stage=stage,
        updated_at=sandbox.clock.now_ms,
        definition={**form.definition, **said},
    )
    known = properties(sandbox.store, "contacts")
    of_contacts = [n for n, f in changed.fields.items() if f.get("objectTypeId", "0-1") == "0-1"]
    strange = [name for name in of_contacts if name not in known]
    if strange:
        raise bad_input(f"Form fields are no properties of contacts: {', '.join(strange)}")
    if stage and stage not in known["lifecyclestage"].options:
        raise bad_input(f"{stage} is not a lifecycle stage")
    keep_form(sandbox.store, changed)
    return changed


def new_guid(sandbox: Sandbox, kind: str) -> str:
    """Return an id that nothing of the kind has had, the same one in every run of a seed."""
    digits = sandbox.secret(f"{kind} {sandbox.store.next_number(f'hubspot {kind}s')}", 32)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_ALL = "/marketing/v3/forms"
_ONE = f"{_ALL}/{{id}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_forms),
    Endpoint("POST", _ALL, create_form, "write"),
    Endpoint("GET", _ONE, read_form),
    Endpoint("PUT", _ONE, replace_form, "write"),
    Endpoint("PATCH", _ONE, change_form, "write"),
    Endpoint("DELETE", _ONE, archive_form, "write"),
)
