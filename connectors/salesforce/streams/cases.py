"""What customers ask of support."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS

CASES = Stream(
    crm="salesforce",
    name="cases",
    object_name="Case",
    required_fields={
        "Id": "string",
        "CaseNumber": "string",
        "ContactId": "string",
        "AccountId": "string",
        "Status": "string",
        "Priority": "string",
        "Origin": "string",
        "Type": "string",
        "IsClosed": "boolean",
        "ClosedDate": "datetime",
        "OwnerId": "string",
        "MasterRecordId": "string",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)
