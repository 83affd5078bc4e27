"""How the org itself is set up: its record types, its currencies, and the fields that it has."""

from connectors.records import Stream

RECORD_TYPES = Stream(
    crm="salesforce",
    name="record_types",
    object_name="RecordType",
    required_fields={
        "Id": "string",
        "Name": "string",
        "DeveloperName": "string",
        "SobjectType": "string",
        "IsActive": "boolean",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
    },
)

CURRENCY_TYPES = Stream(
    crm="salesforce",
    name="currency_types",
    object_name="CurrencyType",
    required_fields={
        "Id": "string",
        "IsoCode": "string",
        "ConversionRate": "decimal",
        "IsCorporate": "boolean",
        "IsActive": "boolean",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
    },
)
"""Rates are units for one of the corporate currency. Only an org with several currencies has it."""

FIELDS = Stream(
    crm="salesforce",
    name="fields",
    object_name="fields",
    required_fields={
        "object_name": "string",
        "field_name": "string",
        "label": "string",
        "field_type": "string",
        "is_calculated": "boolean",
        "is_custom": "boolean",
        "options": "list",
        "default_value": "string",
    },
    keeps="states",
)
"""One row for each object that is read and each field of it: `Lead.Status`."""
