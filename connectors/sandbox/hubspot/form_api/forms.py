"""Forms over the API: reading, creating, changing and archiving them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.sandbox.context import Sandbox, as_uuid
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.form_api.blog import blog_form
from connectors.sandbox.hubspot.form_api.kept_forms import Form, find_form, keep_form, list_kept
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    object_in,
    objects_of,
    page_limit,
    required,
    whole_number,
)
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE = 100
_OBJECTS = ("configuration", "displayOptions", "legalConsentOptions")


def list_forms(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms: the living ones or the archived ones, of some types or of all."""
    wanted = [name for name in call.many("formTypes") if name != "all"]
    archived = is_true(call.one("archived"))
    forms = list_kept(sandbox.store, archived=archived, form_types=wanted)
    blog = blog_form(sandbox)
    if blog is not None and not archived and (not wanted or blog.form_type in wanted):
        forms.append(blog)
    limit = page_limit(call, 20, PAGE)
    start = whole_number(call.one("after"), "after", 0)
    body: dict[str, Any] = {"results": [form.to_json() for form in forms[start : start + limit]]}
    if start + limit < len(forms):
        body["paging"] = next_page(call, str(start + limit))
    return Answer(200, body)


def read_form(sandbox: Sandbox, call: Call) -> Answer:
    """GET marketing/v3/forms/ID; an archived one only with archived=true."""
    archived, blog = is_true(call.one("archived")), blog_form(sandbox)
    if blog is not None and not archived and call.arguments["id"] == blog.id:
        return Answer(200, blog.to_json())
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
    said = _said_in(body)
    stage, configuration = form.lifecycle_stage, object_in(said, "configuration")
    if configuration.get("lifecycleStages") is not None:
        stages = objects_of(configuration, "lifecycleStages")
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


def _said_in(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says of a form.

    Raises:
        Refusal: something of it has another shape than HubSpot gives it.
    """
    said: dict[str, Any] = {name: object_in(body, name) for name in _OBJECTS if name in body}
    action = object_in(said.get("configuration", {}), "postSubmitAction")
    if action:
        required(action, ("type", "value"))
    if "fieldGroups" in body:
        said["fieldGroups"] = objects_of(body, "fieldGroups")
        for group in said["fieldGroups"]:
            for field in objects_of(group, "fields"):
                required(field, ("name",))
    return said


def new_guid(sandbox: Sandbox, kind: str) -> str:
    """Return an id that nothing of the kind has had, the same one in every run of a seed."""
    digits = sandbox.secret(f"{kind} {sandbox.store.next_number(f'hubspot {kind}s')}", 32)
    return as_uuid(digits)


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
