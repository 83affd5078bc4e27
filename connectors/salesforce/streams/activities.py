"""Tasks and events, archived ones included."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS

TASKS = Stream(
    crm="salesforce",
    name="tasks",
    object_name="Task",
    required_fields={
        "Id": "string",
        "WhoId": "string",
        "WhatId": "string",
        "OwnerId": "string",
        "Subject": "string",
        "Status": "string",
        "Type": "string",
        "TaskSubtype": "string",
        "CallType": "string",
        "CallDurationInSeconds": "integer",
        "ActivityDate": "date",
        "CompletedDateTime": "datetime",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
        "IsArchived": "boolean",
    },
    left_out=WORDS,
)

EVENTS = Stream(
    crm="salesforce",
    name="events",
    object_name="Event",
    required_fields={
        "Id": "string",
        "WhoId": "string",
        "WhatId": "string",
        "OwnerId": "string",
        "Subject": "string",
        "Type": "string",
        "StartDateTime": "datetime",
        "EndDateTime": "datetime",
        "DurationInMinutes": "integer",
        "IsArchived": "boolean",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)
