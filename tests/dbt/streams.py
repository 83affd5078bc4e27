"""The fields that each stream's loads always hold, by name and type."""

from connectors.hubspot.streams import STREAMS as HUBSPOT
from connectors.records import FieldType
from connectors.salesforce.streams import STREAMS as SALESFORCE
from pipelines.histories.streams import STREAMS as IMPORTED

RECEIPTS: dict[str, FieldType] = {
    "receipt_id": "integer",
    "plan_id": "integer",
    "crm": "string",
    "object_name": "string",
    "record_id": "string",
    "field_name": "string",
    "value": "string",
    "state": "string",
    "code": "string",
    "as_of": "datetime",
}
LIKELY_MATCHES: dict[str, FieldType] = {
    "record_key": "string",
    "other_record_key": "string",
    "probability": "decimal",
    "agrees_on": "string",
}

STREAMS: dict[str, dict[str, FieldType]] = {
    f"{stream.crm}__{stream.name}": dict(stream.required_fields)
    for stream in (*SALESFORCE, *HUBSPOT)
}
STREAMS |= {
    f"{stream.crm}__{name}": {field.name: field.type for field in fields}
    for stream in HUBSPOT
    for name, fields in stream.details.items()
}
STREAMS["leadcycle__receipts"] = RECEIPTS
STREAMS["leadcycle__likely_matches"] = LIKELY_MATCHES
STREAMS |= {f"imported__{name}": dict(fields) for name, fields in IMPORTED.items()}
