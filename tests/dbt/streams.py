"""The fields that each stream's loads always hold, by name and type."""

from connectors.records import FieldType

_TYPE_MARKS: dict[str, FieldType] = {
    "i": "integer",
    "b": "boolean",
    "d": "date",
    "t": "datetime",
    "n": "decimal",
}


def _fields(words: str) -> dict[str, FieldType]:
    """Read `name` or `name:mark`, separated by blanks; no mark means string."""
    pairs = (word.partition(":") for word in words.split())
    return {name: _TYPE_MARKS.get(mark, "string") for name, _, mark in pairs}


STREAMS: dict[str, dict[str, FieldType]] = {
    "salesforce__leads": _fields(
        "Id Email FirstName LastName Company Title Phone Country Industry NumberOfEmployees:i"
        " LeadSource Status OwnerId IsConverted:b ConvertedContactId ConvertedDate:d CreatedDate:t"
        " LastModifiedDate:t LastModifiedById SystemModstamp:t IsDeleted:b Leadcycle_Stage__c"
        " Leadcycle_Stage_Pass__c Leadcycle_Score_Reasons__c Leadcycle_Stage_Since__c:t"
        " Leadcycle_Synced_At__c:t Leadcycle_Score__c:n"
    ),
    "salesforce__lead_histories": _fields(
        "Id LeadId Field OldValue NewValue CreatedById CreatedDate:t IsDeleted:b"
    ),
    "salesforce__tasks": _fields(
        "Id WhoId OwnerId Subject Status Type TaskSubtype CallType ActivityDate:d"
        " CompletedDateTime:t CreatedDate:t SystemModstamp:t IsDeleted:b IsArchived:b"
    ),
    "hubspot__contacts": _fields(
        "hs_object_id email hs_additional_emails firstname lastname company jobtitle phone country"
        " industry lifecyclestage hs_lead_status hs_analytics_source hubspot_owner_id"
        " salesforceleadid salesforcecontactid hs_merged_object_ids createdate:t"
        " lastmodifieddate:t numemployees leadcycle_stage leadcycle_stage_pass"
        " leadcycle_score_reasons leadcycle_stage_since:t leadcycle_synced_at:t leadcycle_score:n"
    ),
    "hubspot__contact_histories": _fields(
        "contact_id property value changed_at:t source_type source_id position:i"
    ),
    "hubspot__form_submissions": _fields(
        "form_id form_name form_type conversion_id email page_url submitted_at:t"
    ),
    "leadcycle__receipts": _fields(
        "receipt_id:i plan_id:i crm object_name record_id field_name value state code as_of:t"
    ),
}
