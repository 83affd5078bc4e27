"""Forms as the account keeps them: those it has from the start, and what was said of them since."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.hubspot.errors import not_found
from connectors.sandbox.store import Store

_CONFIGURATION = {
    "language": "en",
    "cloneable": True,
    "editable": True,
    "archivable": True,
    "recaptchaEnabled": False,
    "notifyContactOwner": False,
    "notifyRecipients": [],
    "createNewContactForNewEmail": True,
    "prePopulateKnownValues": True,
    "allowLinkToResetKnownValues": False,
    "postSubmitAction": {"type": "thank_you", "value": "Thanks for submitting the form."},
}
_DISPLAY = {
    "renderRawHtml": False,
    "theme": "default_style",
    "submitButtonText": "Submit",
    "cssClass": "hs-form stacked",
}
_EMAIL = {
    "groupType": "default_group",
    "richTextType": "text",
    "fields": [
        {
            "objectTypeId": "0-1",
            "name": "email",
            "label": "Email",
            "required": True,
            "hidden": False,
            "fieldType": "email",
            "validation": {"blockedEmailDomains": [], "useDefaultBlockList": False},
        }
    ],
}


@dataclass(frozen=True)
class Form:
    """One form. Times are milliseconds since 1970; archived at 0 is not archived."""

    id: str
    name: str
    form_type: str
    lifecycle_stage: str
    created_at: int
    updated_at: int
    archived_at: int = 0
    definition: Mapping[str, Any] = field(default_factory=dict)
    """What was said over the API: fieldGroups, configuration and so on."""

    @property
    def fields(self) -> dict[str, Mapping[str, Any]]:
        """The form's fields by their names."""
        groups = self.definition.get("fieldGroups", ())
        return {str(one.get("name")): one for group in groups for one in group.get("fields") or ()}

    def to_json(self) -> dict[str, Any]:
        """Return the form as the API shows it."""
        stage = self.lifecycle_stage
        stages = [{"objectTypeId": "0-1", "value": stage}] if stage else []
        body: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "formType": self.form_type,
            "createdAt": instant(from_ms(self.created_at)),
            "updatedAt": instant(from_ms(self.updated_at)),
            "archived": self.archived_at > 0,
            "fieldGroups": [_EMAIL],
            "configuration": {**_CONFIGURATION, "lifecycleStages": stages},
            "displayOptions": _DISPLAY,
            "legalConsentOptions": {"type": "none"},
        }
        for name, value in self.definition.items():
            is_merged = name in ("configuration", "displayOptions")
            body[name] = {**body[name], **value} if is_merged else value
        if self.archived_at:
            body["archivedAt"] = instant(from_ms(self.archived_at))
        return body


def create_tables(store: Store) -> None:
    """Create the table of what was said of forms since the account was set up."""
    store.create_tables(
        "create table if not exists hubspot_form_changes (id text primary key, "
        "updated_at integer not null, archived_at integer not null, definition text not null);"
    )


_SELECT = """
select forms.*, coalesce(changes.updated_at, forms.created_at) as updated_at,
    coalesce(changes.archived_at, 0) as archived_at,
    coalesce(changes.definition, '{}') as definition
from hubspot_forms as forms left join hubspot_form_changes as changes on changes.id = forms.id
"""
_IS_ARCHIVED = "(coalesce(changes.archived_at, 0) > 0)"


def list_kept(store: Store, *, archived: bool, form_types: list[str]) -> list[Form]:
    """Return the forms of some types, every type when none is named, in the order of creation."""
    rows = store.rows(f"{_SELECT} where {_IS_ARCHIVED} = ? order by forms.rowid", archived)
    forms = [_read(row) for row in rows]
    return [form for form in forms if not form_types or form.form_type in form_types]


def find_form(store: Store, form_id: str, *, archived: bool = False) -> Form:
    """Return a form.

    Raises:
        Refusal: there is none of the id.
    """
    row = store.row(f"{_SELECT} where forms.id = ? and {_IS_ARCHIVED} = ?", form_id, archived)
    if row is None:
        raise not_found(f"Form with guid {form_id} was not found")
    return _read(row)


def _read(row: Any) -> Form:
    return Form(**{**dict(row), "definition": json.loads(row["definition"])})


def keep_form(store: Store, form: Form) -> None:
    """Keep a form that is new or changed."""
    store.run(
        "insert into hubspot_forms values (?, ?, ?, ?, ?) on conflict (id) do update "
        "set name = excluded.name, lifecycle_stage = excluded.lifecycle_stage",
        form.id,
        form.name,
        form.form_type,
        form.lifecycle_stage,
        form.created_at,
    )
    store.run(
        "insert or replace into hubspot_form_changes values (?, ?, ?, ?)",
        form.id,
        form.updated_at,
        form.archived_at,
        json.dumps(form.definition, ensure_ascii=False),
    )
