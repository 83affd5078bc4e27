"""Objects that a company has made itself."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS


def custom_object(api_name: str) -> Stream:
    """Return the stream of any object by its API name, such as `Machine__c`: machine__c."""
    return Stream(
        crm="salesforce",
        name=api_name.lower(),
        object_name=api_name,
        required_fields={
            "Id": "string",
            "CreatedDate": "datetime",
            "SystemModstamp": "datetime",
            "IsDeleted": "boolean",
        },
        left_out=WORDS,
    )
