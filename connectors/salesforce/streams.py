"""What is read from Salesforce. Data, no logic."""

from collections.abc import Mapping

from connectors.records import Stream

LEADS = Stream(
    crm="salesforce",
    name="leads",
    object_name="Lead",
    required_fields={
        "Id": "string",
        "Email": "string",
        "FirstName": "string",
        "LastName": "string",
        "Company": "string",
        "Title": "string",
        "Phone": "string",
        "Country": "string",
        "Industry": "string",
        "NumberOfEmployees": "integer",
        "LeadSource": "string",
        "Status": "string",
        "OwnerId": "string",
        "IsConverted": "boolean",
        "ConvertedContactId": "string",
        "ConvertedDate": "date",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "LastModifiedById": "string",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
        "Leadcycle_Stage__c": "string",
        "Leadcycle_Stage_Pass__c": "string",
        "Leadcycle_Score_Reasons__c": "string",
        "Leadcycle_Stage_Since__c": "datetime",
        "Leadcycle_Synced_At__c": "datetime",
        "Leadcycle_Score__c": "decimal",
    },
)

LEAD_HISTORIES = Stream(
    crm="salesforce",
    name="lead_histories",
    object_name="LeadHistory",
    required_fields={
        "Id": "string",
        "LeadId": "string",
        "Field": "string",
        "OldValue": "string",
        "NewValue": "string",
        "CreatedById": "string",
        "CreatedDate": "datetime",
        "IsDeleted": "boolean",
    },
)

TASKS = Stream(
    crm="salesforce",
    name="tasks",
    object_name="Task",
    required_fields={
        "Id": "string",
        "WhoId": "string",
        "OwnerId": "string",
        "Subject": "string",
        "Status": "string",
        "Type": "string",
        "TaskSubtype": "string",
        "CallType": "string",
        "ActivityDate": "date",
        "CompletedDateTime": "datetime",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
        "IsArchived": "boolean",
    },
)

STREAMS = (LEADS, LEAD_HISTORIES, TASKS)

STAMPS: Mapping[str, str] = {
    "leads": "SystemModstamp",
    "lead_histories": "CreatedDate",
    "tasks": "SystemModstamp",
}
"""The field that moves whenever a record of the stream appears or changes (UTC)."""
