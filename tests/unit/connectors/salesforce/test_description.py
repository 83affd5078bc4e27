from connectors.salesforce.description import (
    DescribedField,
    PicklistValue,
    calculated_names,
    typed_fields,
)

CHOICES = [
    PicklistValue("New"),
    PicklistValue("Working", default_value=True),
    PicklistValue("Old", active=False),
]


def test_compound_and_binary_fields_are_left_out() -> None:
    described = {"Id": "id", "Address": "address", "Body": "base64", "N": "int", "P": "picklist"}
    fields = [DescribedField(name, kind) for name, kind in described.items()]
    assert typed_fields(fields) == {"Id": "string", "N": "integer", "P": "string"}


def test_each_type_is_kept_as_what_it_is() -> None:
    described = {
        "D": "date",
        "T": "datetime",
        "M": "currency",
        "P": "percent",
        "L": "multipicklist",
    }
    fields = [DescribedField(name, kind) for name, kind in described.items()]
    assert typed_fields(fields) == {
        "D": "date",
        "T": "datetime",
        "M": "decimal",
        "P": "decimal",
        "L": "list",
    }


def test_formulas_are_calculated_and_so_is_what_follows_from_activities() -> None:
    plain = [DescribedField("Id", "id"), DescribedField("LastActivityDate", "date")]
    fields = [*plain, DescribedField("Age__c", "double", calculated=True)]
    assert calculated_names(fields) == {"Age__c", "LastActivityDate"}


def test_only_what_may_be_chosen_today_is_an_option() -> None:
    field = DescribedField("Status", "picklist", picklist_values=CHOICES)
    assert (field.options, field.default) == (["New", "Working"], "Working")


def test_a_default_is_told_as_text() -> None:
    assert DescribedField("Flag", "boolean", default_value=False).default == "false"
    assert DescribedField("Name", "string").default is None
