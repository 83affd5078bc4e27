"""What an account has a few of and lists whole (owners, pipelines, forms), and submissions."""

from connectors.records import Stream

OWNERS = Stream(
    crm="hubspot",
    name="owners",
    object_name="owners",
    required_fields={
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

PIPELINES = Stream(
    crm="hubspot",
    name="pipelines",
    object_name="pipelines",
    required_fields={
        "object_type": "string",
        "pipeline_id": "string",
        "pipeline_label": "string",
        "stage_id": "string",
        "stage_label": "string",
        "display_order": "integer",
        "is_closed": "boolean",
        "probability": "decimal",
    },
)
"""A row for each stage of each pipeline. `probability` is a share of 1."""

FORMS = Stream(
    crm="hubspot",
    name="forms",
    object_name="forms",
    required_fields={
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
)
