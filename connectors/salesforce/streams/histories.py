"""Changes that Salesforce records by itself: of tracked fields, and of an opportunity's course.

Source: Object Reference, LeadHistory and its like, OpportunityHistory.
"""

from collections.abc import Mapping

from connectors.records import FieldType, Stream

_TRACKED_CHANGE: Mapping[str, FieldType] = {
    "Field": "string",
    "OldValue": "string",
    "NewValue": "string",
    "CreatedById": "string",
    "CreatedDate": "datetime",
    "IsDeleted": "boolean",
}

LEAD_HISTORIES = Stream(
    crm="salesforce",
    name="lead_histories",
    object_name="LeadHistory",
    required_fields={"Id": "string", "LeadId": "string", **_TRACKED_CHANGE},
)

CONTACT_HISTORIES = Stream(
    crm="salesforce",
    name="contact_histories",
    object_name="ContactHistory",
    required_fields={"Id": "string", "ContactId": "string", **_TRACKED_CHANGE},
)

OPPORTUNITY_HISTORIES = Stream(
    crm="salesforce",
    name="opportunity_histories",
    object_name="OpportunityHistory",
    required_fields={
        "Id": "string",
        "OpportunityId": "string",
        "StageName": "string",
        "Amount": "decimal",
        "Probability": "decimal",
        "CloseDate": "date",
        "ForecastCategory": "string",
        "CreatedById": "string",
        "CreatedDate": "datetime",
        "IsDeleted": "boolean",
    },
)
"""Needs no tracking: one row at creation, and one for each change of one of these fields."""

OPPORTUNITY_FIELD_HISTORIES = Stream(
    crm="salesforce",
    name="opportunity_field_histories",
    object_name="OpportunityFieldHistory",
    required_fields={"Id": "string", "OpportunityId": "string", **_TRACKED_CHANGE},
)
