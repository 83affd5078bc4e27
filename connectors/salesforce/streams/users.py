"""Users and the groups and queues they are in: whoever may own a record. Neither is deletable."""

from connectors.records import Stream

USERS = Stream(
    crm="salesforce",
    name="users",
    object_name="User",
    required_fields={
        "Id": "string",
        "Name": "string",
        "FirstName": "string",
        "LastName": "string",
        "Email": "string",
        "Title": "string",
        "Department": "string",
        "IsActive": "boolean",
        "UserType": "string",
        "TimeZoneSidKey": "string",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
    },
)

GROUPS = Stream(
    crm="salesforce",
    name="groups",
    object_name="Group",
    required_fields={
        "Id": "string",
        "Name": "string",
        "DeveloperName": "string",
        "Type": "string",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
    },
)
