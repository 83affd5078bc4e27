"""What is read from HubSpot. Data, no logic."""

from connectors.records import Field, Stream

HISTORY_FIELDS = (
    Field("contact_id", "string"),
    Field("property", "string"),
    Field("value", "string"),
    Field("changed_at", "datetime"),
    Field("source_type", "string"),
    Field("source_id", "string"),
    Field("position", "integer"),
)
"""`position` counts from 0, the oldest entry of that contact and property in one answer."""

HISTORY_STREAM = "contact_histories"
PROPERTIES_WITH_HISTORY = ("lifecyclestage", "hs_lead_status", "hubspot_owner_id")

CONTACTS = Stream(
    crm="hubspot",
    name="contacts",
    object_name="contacts",
    required_fields={
        "hs_object_id": "string",
        "email": "string",
        "hs_additional_emails": "string",
        "firstname": "string",
        "lastname": "string",
        "company": "string",
        "jobtitle": "string",
        "phone": "string",
        "country": "string",
        "industry": "string",
        "lifecyclestage": "string",
        "hs_lead_status": "string",
        "hs_analytics_source": "string",
        "hubspot_owner_id": "string",
        "salesforceleadid": "string",
        "salesforcecontactid": "string",
        "hs_merged_object_ids": "string",
        "createdate": "datetime",
        "lastmodifieddate": "datetime",
        "numemployees": "string",
        "leadcycle_stage": "string",
        "leadcycle_stage_pass": "string",
        "leadcycle_score_reasons": "string",
        "leadcycle_stage_since": "datetime",
        "leadcycle_synced_at": "datetime",
        "leadcycle_score": "decimal",
    },
    details={HISTORY_STREAM: HISTORY_FIELDS},
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

STREAMS = (CONTACTS, FORM_SUBMISSIONS)
