"""Leads, contacts and the accounts they belong to."""

from collections.abc import Mapping

from connectors.records import FieldType, Stream
from connectors.salesforce.streams.words import WORDS

_OWN_FIELDS: Mapping[str, FieldType] = {
    "Leadcycle_Stage__c": "string",
    "Leadcycle_Stage_Pass__c": "string",
    "Leadcycle_Score_Reasons__c": "string",
    "Leadcycle_Person_Id__c": "string",
    "Leadcycle_Stage_Since__c": "datetime",
    "Leadcycle_Synced_At__c": "datetime",
    "Leadcycle_Score__c": "decimal",
}
"""What we write to people."""

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
        "EmailBouncedDate": "datetime",
        "Phone": "string",
        "MobilePhone": "string",
        "WeChat_ID__c": "string",
        "Website": "string",
        "City": "string",
        "State": "string",
        "Country": "string",
        "Territory__c": "string",
        "Industry": "string",
        "NumberOfEmployees": "integer",
        "LeadSource": "string",
        "Status": "string",
        "OwnerId": "string",
        "IsConverted": "boolean",
        "ConvertedContactId": "string",
        "ConvertedAccountId": "string",
        "ConvertedOpportunityId": "string",
        "ConvertedDate": "date",
        "MasterRecordId": "string",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "LastModifiedById": "string",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
        **_OWN_FIELDS,
    },
    left_out=WORDS,
)

CONTACTS = Stream(
    crm="salesforce",
    name="contacts",
    object_name="Contact",
    required_fields={
        "Id": "string",
        "AccountId": "string",
        "Email": "string",
        "FirstName": "string",
        "LastName": "string",
        "Title": "string",
        "EmailBouncedDate": "datetime",
        "Phone": "string",
        "MobilePhone": "string",
        "WeChat_ID__c": "string",
        "MailingCountry": "string",
        "LeadSource": "string",
        "Status__c": "string",
        "OwnerId": "string",
        "MasterRecordId": "string",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "LastModifiedById": "string",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
        **_OWN_FIELDS,
    },
    left_out=WORDS,
)

ACCOUNTS = Stream(
    crm="salesforce",
    name="accounts",
    object_name="Account",
    required_fields={
        "Id": "string",
        "Name": "string",
        "Website": "string",
        "Phone": "string",
        "Industry": "string",
        "BillingCountry": "string",
        "NumberOfEmployees": "integer",
        "AnnualRevenue": "decimal",
        "Type": "string",
        "Territory__c": "string",
        "OwnerId": "string",
        "MasterRecordId": "string",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)
