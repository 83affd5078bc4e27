import re

from connectors.records import Field, FieldType, Stream

STREAM = Stream(
    crm="salesforce",
    name="events",
    object_name="Event",
    required_fields={"Id": "string", "Minutes": "integer", "EndsAt": "datetime"},
    left_out=re.compile("^Words$"),
)


def test_fields_are_those_described_then_those_required_but_absent() -> None:
    described: dict[str, FieldType] = {
        "Id": "string",
        "Minutes": "decimal",
        "Words": "string",
        "Own__c": "boolean",
    }
    assert STREAM.choose_fields(described) == (
        Field("Id", "string"),
        Field("Minutes", "integer"),
        Field("Own__c", "boolean"),
        Field("EndsAt", "datetime", exists=False),
    )
