"""Users, groups and queues, and who is in them: whoever may own a record.

None of them has `IsDeleted`: users and groups stay, and a membership that ends is simply gone.
"""

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

GROUP_MEMBERS = Stream(
    crm="salesforce",
    name="group_members",
    object_name="GroupMember",
    required_fields={
        "Id": "string",
        "GroupId": "string",
        "UserOrGroupId": "string",
        "SystemModstamp": "datetime",
    },
)
"""Who is in which group or queue: users, and other groups."""
