"""What an account has a few of and lists whole, as states; and form submissions."""

from collections.abc import Mapping

from connectors.records import FieldType, Stream


def _read_whole(name: str, fields: Mapping[str, FieldType]) -> Stream:
    return Stream("hubspot", name, name, fields, keeps="states")


OWNERS = _read_whole(
    "owners",
    {
        "owner_id": "string",
        "user_id": "string",
        "email": "string",
        "first_name": "string",
        "last_name": "string",
        "is_archived": "boolean",
        "team_ids": "string",
        "team_names": "string",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
)
"""Those who have left are kept, as archived; teams are joined by ";"."""

TEAMS = _read_whole(
    "teams",
    {
        "team_id": "string",
        "name": "string",
        "user_ids": "list",
        "secondary_user_ids": "list",
    },
)
"""Teams with the users whose first team it is, and those for whom it is another one."""

PIPELINES = _read_whole(
    "pipelines",
    {
        "object_type": "string",
        "pipeline_id": "string",
        "pipeline_label": "string",
        "stage_id": "string",
        "stage_label": "string",
        "display_order": "integer",
        "is_closed": "boolean",
        "probability": "decimal",
        "updated_at": "datetime",
    },
)
"""A row for each stage of each pipeline. `probability` is a share of 1."""

LISTS = _read_whole(
    "lists",
    {
        "list_id": "string",
        "name": "string",
        "object_type_id": "string",
        "processing_type": "string",
        "size": "integer",
        "created_at": "datetime",
        "updated_at": "datetime",
        "filters_updated_at": "datetime",
    },
)
"""Lists of records (HubSpot also says segments). `object_type_id` is 0-1 for contacts."""

LIST_MEMBERSHIPS = _read_whole(
    "list_memberships",
    {
        "list_id": "string",
        "record_id": "string",
        "object_type_id": "string",
        "added_at": "datetime",
    },
)
"""Who is on the lists of contacts and of companies."""

PROPERTIES = _read_whole(
    "properties",
    {
        "object_name": "string",
        "property_name": "string",
        "label": "string",
        "type": "string",
        "field_type": "string",
        "group_name": "string",
        "is_calculated": "boolean",
        "is_hidden": "boolean",
        "options": "list",
    },
)
"""Properties of every object that is read.

`options` holds the values that a property of choices may have, those out of use included; NULL
where there is no such list or others keep it (owners, pipelines).
"""

FORMS = _read_whole(
    "forms",
    {
        "form_id": "string",
        "name": "string",
        "form_type": "string",
        "is_archived": "boolean",
        "created_at": "datetime",
        "updated_at": "datetime",
    },
)

FORM_SUBMISSIONS = Stream(
    crm="hubspot",
    name="form_submissions",
    object_name="form_submissions",
    required_fields={
        "form_id": "string",
        "form_name": "string",
        "form_type": "string",
        "conversion_id": "string",
        "email": "string",
        "page_url": "string",
        "submitted_at": "datetime",
    },
    is_uncounted=True,
)
