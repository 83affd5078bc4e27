"""What is sold: products, and the lines of opportunities."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS

PRODUCTS = Stream(
    crm="salesforce",
    name="products",
    object_name="Product2",
    required_fields={
        "Id": "string",
        "Name": "string",
        "ProductCode": "string",
        "Family": "string",
        "IsActive": "boolean",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)

OPPORTUNITY_LINE_ITEMS = Stream(
    crm="salesforce",
    name="opportunity_line_items",
    object_name="OpportunityLineItem",
    required_fields={
        "Id": "string",
        "OpportunityId": "string",
        "Product2Id": "string",
        "Quantity": "decimal",
        "UnitPrice": "decimal",
        "TotalPrice": "decimal",
        "CurrencyIsoCode": "string",
        "ServiceDate": "date",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)
