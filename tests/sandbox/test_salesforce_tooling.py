from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import running_sandbox
from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make

FIELDS = "tooling/sobjects/CustomField"
NUMBER = {"type": "Number", "precision": 18, "scale": 2}
VALUES = [
    {"valueName": "Hot", "label": "Hot", "default": True},
    {"valueName": "Cold", "label": "Cold", "default": False},
    {"valueName": "Old", "label": "Old", "default": False, "isActive": False},
]
VALUE_SET = {"restricted": True, "valueSetDefinition": {"sorted": False, "value": VALUES}}
EVERY_TYPE: dict[str, dict[str, Any]] = {
    "Text": {"length": 80, "unique": True, "caseSensitive": True, "externalId": True},
    "TextArea": {},
    "LongTextArea": {"length": 32_768, "visibleLines": 3},
    "Html": {"length": 32_768, "visibleLines": 25},
    "Email": {"unique": True},
    "Phone": {},
    "Url": {},
    "Picklist": {"valueSet": VALUE_SET},
    "MultiselectPicklist": {"valueSet": VALUE_SET, "visibleLines": 4},
    "Number": {"precision": 9, "scale": 3, "externalId": True},
    "Currency": {"precision": 18, "scale": 2, "required": True},
    "Percent": {"precision": 5, "scale": 1},
    "Date": {},
    "DateTime": {},
    "Checkbox": {"defaultValue": "true"},
    "Lookup": {"referenceTo": "Account", "relationshipName": "Partners"},
}
DESCRIBED = {
    "Text": ("string", 80, 0, 0),
    "TextArea": ("textarea", 255, 0, 0),
    "LongTextArea": ("textarea", 32_768, 0, 0),
    "Html": ("textarea", 32_768, 0, 0),
    "Email": ("email", 80, 0, 0),
    "Phone": ("phone", 40, 0, 0),
    "Url": ("url", 255, 0, 0),
    "Picklist": ("picklist", 255, 0, 0),
    "MultiselectPicklist": ("multipicklist", 4_099, 0, 0),
    "Number": ("double", 0, 9, 3),
    "Currency": ("currency", 0, 18, 2),
    "Percent": ("percent", 0, 5, 1),
    "Date": ("date", 0, 0, 0),
    "DateTime": ("datetime", 0, 0, 0),
    "Checkbox": ("boolean", 0, 0, 0),
    "Lookup": ("reference", 18, 0, 0),
}


def add_every_type(salesforce: Salesforce) -> dict[str, dict[str, Any]]:
    """Add a field of every type to Lead, grant them, and return how they are described."""
    for kind, parts in EVERY_TYPE.items():
        answer = salesforce.add_field(f"My_{kind}__c", type=kind, label=kind, **parts)
        assert answer.status_code == 201, answer.text
    # A required field is there for everybody, and can't be granted.
    salesforce.grant(*(f"My_{kind}__c" for kind in EVERY_TYPE if kind != "Currency"))
    listed = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    return {field["label"]: field for field in listed if field["name"].startswith("My_")}


def tooling(salesforce: Salesforce, soql: str) -> list[dict[str, Any]]:
    answer = salesforce("GET", "tooling/query", params={"q": soql})
    assert answer.status_code == 200, answer.text
    records: list[dict[str, Any]] = answer.json()["records"]
    return [{key: value for key, value in r.items() if key != "attributes"} for r in records]


def refused(salesforce: Salesforce, name: str = "Bad__c", **metadata: Any) -> str:
    answer = salesforce.add_field(name, **metadata)
    assert answer.status_code == 400
    return str(answer.json()[0]["message"])


def test_every_type_of_field_is_described_as_salesforce_describes_it(
    salesforce: Salesforce,
) -> None:
    described = add_every_type(salesforce)
    measures = ("type", "length", "precision", "scale")
    assert {
        kind: tuple(field[key] for key in measures) for kind, field in described.items()
    } == DESCRIBED
    assert [v["value"] for v in described["Picklist"]["picklistValues"]] == ["Hot", "Cold"]
    text, link = described["Text"], described["Lookup"]
    assert (text["externalId"], text["unique"], text["caseSensitive"]) == (True, True, True)
    assert (described["Html"]["htmlFormatted"], described["Currency"]["nillable"]) == (True, False)
    assert (link["referenceTo"], link["relationshipName"]) == (["Account"], "My_Lookup__r")


def test_values_of_every_type_come_back_as_they_went(salesforce: Salesforce) -> None:
    add_every_type(salesforce)
    account = make(salesforce, "Account")
    given = {"My_Text__c": "a", "My_Number__c": 1.5, "My_Percent__c": 12.5, "My_Currency__c": 3}
    given |= {"My_Date__c": "2026-06-30", "My_Lookup__c": account, "My_Picklist__c": "Cold"}
    given |= {"My_MultiselectPicklist__c": "Hot;Cold", "My_LongTextArea__c": "long"}
    record = salesforce.lead(make(salesforce, "Lead", **given))
    assert {name: record[name] for name in given} == given
    assert record["My_Checkbox__c"] is True
    soql = "SELECT My_Lookup__r.Name FROM Lead WHERE My_Text__c = 'a' AND My_Checkbox__c = true"
    [found] = salesforce.query(soql)
    assert found["My_Lookup__r"]["Name"] == "Probe Works"


def test_a_checkbox_holds_its_default_in_records_that_were_there(salesforce: Salesforce) -> None:
    salesforce.add_field("Off__c", type="Checkbox", defaultValue=False)
    salesforce.add_field("On__c", type="Checkbox", defaultValue=True)
    salesforce.grant("Off__c", "On__c")
    every = salesforce.query("SELECT COUNT() FROM Lead")
    assert salesforce.query("SELECT Id FROM Lead WHERE Off__c = true OR On__c = false") == every


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"type": "Text"}, "Must specify 'length' for a CustomField of type Text"),
        (
            {"type": "Checkbox"},
            "Must specify 'defaultValue' for a CustomField of type Checkbox",
        ),
        (
            {"type": "LongTextArea", "length": 300},
            "Must specify 'visibleLines' for a CustomField of type LongTextArea",
        ),
        (
            {"type": "TextArea", "length": 255},
            "Can not specify 'length' for a CustomField of type TextArea",
        ),
        (
            {"type": "Phone", "externalId": True},
            "Can not specify 'externalId' for a CustomField of type Phone",
        ),
        (
            {"type": "Html", "length": 256, "visibleLines": 10, "required": True},
            "Can not specify 'required' for a CustomField of type Html",
        ),
        (
            {"type": "Lookup", "referenceTo": "Nope__c", "relationshipName": "Leads"},
            "In field: referenceTo - no CustomObject named Nope__c found",
        ),
        (
            {"type": "Picklist", "valueSet": {"valueSetName": "Tiers"}},
            "In field: valueSet - no GlobalValueSet named Tiers found",
        ),
        (
            {"type": "Picklist", "valueSet": {"valueSetDefinition": {"value": VALUES[:1] * 2}}},
            "Duplicate label: Hot",
        ),
        ({"scale": 19}, "Value '19' for 'scale' must be between 0 and 18."),
        ({"label": "L" * 41}, f"Label: data value too large: {'L' * 41} (max length=40)"),
    ],
)
def test_a_definition_with_too_much_or_too_little_is_refused(
    salesforce: Salesforce, metadata: dict[str, Any], message: str
) -> None:
    assert refused(salesforce, **metadata) == message


def test_two_lookups_need_two_names_for_the_way_back(salesforce: Salesforce) -> None:
    link = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Partners"}
    salesforce.add_field("First__c", **link)
    message = "There is already a Child Relationship named Partners on Account."
    assert refused(salesforce, "Second__c", **link) == message


def test_a_field_is_read_with_its_whole_definition(salesforce: Salesforce) -> None:
    field_id = salesforce.add_field(description="How warm").json()["id"]
    record = salesforce("GET", f"{FIELDS}/{field_id}").json()
    filled = {part: value for part, value in record["Metadata"].items() if value is not None}
    assert filled == {"label": "Score", "description": "How warm", **NUMBER}
    assert (record["FullName"], record["DeveloperName"]) == ("Lead.Score__c", "Score")
    assert record["attributes"]["url"].endswith(f"/tooling/sobjects/CustomField/{field_id}")
    assert "inlineHelpText" in record["Metadata"]


def test_full_names_and_definitions_are_queried_one_row_at_a_time(salesforce: Salesforce) -> None:
    salesforce.add_field()
    salesforce.add_field("Other__c")
    soql = "SELECT FullName, Metadata FROM CustomField"
    answer = salesforce("GET", "tooling/query", params={"q": soql})
    assert answer.json()[0]["message"] == (
        "When retrieving results with Metadata or FullName fields, the query qualifications must "
        "specify no more than one row for retrieval. Result size: 2"
    )
    [record] = tooling(salesforce, f"{soql} WHERE DeveloperName = 'Other'")
    assert record == {"FullName": "Lead.Other__c", "Metadata": {"label": "Score", **NUMBER}}


def test_a_longer_label_and_more_values_change_a_field_in_place(salesforce: Salesforce) -> None:
    made = salesforce.add_field("Tier__c", type="Picklist", valueSet=VALUE_SET)
    salesforce.grant("Tier__c")
    lead_id = make(salesforce, "Lead", Tier__c="Hot")
    more = [*VALUES, {"valueName": "Warm", "label": "Warm", "default": False}]
    wider = {"restricted": True, "valueSetDefinition": {"sorted": False, "value": more}}
    metadata = {"label": "Tier of a lead", "type": "Picklist", "valueSet": wider}
    path = f"{FIELDS}/{made.json()['id']}"
    assert salesforce("PATCH", path, json={"Metadata": metadata}).status_code == 204
    assert salesforce.lead(lead_id)["Tier__c"] == "Hot"
    [done] = salesforce.update({"id": lead_id, "Tier__c": "Warm"})
    assert done["success"]


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"type": "Text", "length": 20}, {"type": "Email"}, "a@b.example"),
        ({"type": "Text", "length": 20}, {"type": "Text", "length": 90}, "a@b.example"),
        ({"type": "Text", "length": 20}, NUMBER, None),
        ({"type": "Text", "length": 20}, {"type": "DateTime"}, None),
    ],
)
def test_a_field_of_another_type_keeps_its_values_only_among_its_like(
    salesforce: Salesforce, before: dict[str, Any], after: dict[str, Any], kept: str | None
) -> None:
    made = salesforce.add_field("Was__c", **before)
    salesforce.grant("Was__c")
    lead_id = make(salesforce, "Lead", Was__c="a@b.example")
    body = {"Metadata": {"label": "Was", **after}}
    assert salesforce("PATCH", f"{FIELDS}/{made.json()['id']}", json=body).status_code == 204
    assert salesforce.lead(lead_id)["Was__c"] == kept


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            {"formula": "1", **NUMBER},
            NUMBER,
            "Cannot update a field from a Formula to something else",
        ),
        (
            NUMBER,
            {"formula": "1", **NUMBER},
            "Cannot update a field to a Formula from something else",
        ),
        (
            {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Them"},
            {"type": "Lookup", "referenceTo": "Contact", "relationshipName": "Them"},
            "Cannot change which object this lookup points to",
        ),
    ],
)
def test_some_fields_never_become_others(
    salesforce: Salesforce, before: dict[str, Any], after: dict[str, Any], message: str
) -> None:
    field_id = salesforce.add_field("Was__c", **before).json()["id"]
    body = {"Metadata": {"label": "Was", **after}}
    answer = salesforce("PATCH", f"{FIELDS}/{field_id}", json=body)
    assert (answer.status_code, answer.json()[0]["message"]) == (400, message)


def test_a_deleted_field_is_gone_with_its_values_and_grants(salesforce: Salesforce) -> None:
    field_id = salesforce.add_field(unique=True).json()["id"]
    salesforce.grant("Score__c")
    assert salesforce("DELETE", f"{FIELDS}/{field_id}").status_code == 204
    assert salesforce.refusal("SELECT Score__c FROM Lead")["errorCode"] == "INVALID_FIELD"
    assert salesforce.query("SELECT Id FROM FieldPermissions WHERE Field = 'Lead.Score__c'") == []
    assert salesforce("GET", f"{FIELDS}/{field_id}").status_code == 404
    assert salesforce.add_field().status_code == 201
    assert salesforce.refusal("SELECT Score__c FROM Lead")["errorCode"] == "INVALID_FIELD"


def test_fields_of_activities_are_defined_on_activity(salesforce: Salesforce) -> None:
    def add(place: str) -> int:
        body = {"FullName": f"{place}.Mood__c", "Metadata": {"label": "Mood", **NUMBER}}
        return salesforce("POST", FIELDS, json=body).status_code

    assert [add(place) for place in ("Task", "Event", "Activity")] == [400, 400, 201]
    soql = "SELECT DeveloperName, TableEnumOrId FROM CustomField"
    assert tooling(salesforce, soql) == [{"DeveloperName": "Mood", "TableEnumOrId": "Activity"}]
    soql = "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinitionId = '{}' AND {}"
    for activity in ("Task", "Event"):
        assert tooling(salesforce, soql.format(activity, "QualifiedApiName = 'Mood__c'"))


@pytest.mark.parametrize("place", ["User", "PermissionSet", "LeadHistory", "CustomField", "Nope"])
def test_not_every_object_takes_fields(salesforce: Salesforce, place: str) -> None:
    body = {"FullName": f"{place}.Score__c", "Metadata": {"label": "Score", **NUMBER}}
    answer = salesforce("POST", FIELDS, json=body)
    code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_objects_and_fields_are_defined_as_rows(salesforce: Salesforce) -> None:
    salesforce.add_field()
    soql = "SELECT DurableId, DataType, IsCalculated FROM FieldDefinition WHERE "
    where = "EntityDefinition.QualifiedApiName = 'Lead' AND QualifiedApiName = 'Company'"
    company = {"DurableId": "Lead.Company", "DataType": "Text(255)", "IsCalculated": False}
    assert tooling(salesforce, soql + where) == [company]
    where = "EntityDefinitionId = 'Lead' AND QualifiedApiName = 'Score__c'"
    [score] = tooling(salesforce, soql + where)
    assert (score["DurableId"][:8], score["DataType"]) == ("Lead.00N", "Number(16, 2)")
    soql = "SELECT Label, KeyPrefix, IsQueryable FROM EntityDefinition WHERE DurableId = 'Contact'"
    contact = {"Label": "Contact", "KeyPrefix": "003", "IsQueryable": True}
    assert tooling(salesforce, soql) == [contact]


def test_definitions_say_the_same_of_a_field_as_its_description(salesforce: Salesforce) -> None:
    lookup = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Partners"}
    salesforce.add_field("Partner__c", label="Partner", relationshipLabel="P", **lookup)
    salesforce.grant("Partner__c")
    said = {
        "RelationshipName": "relationshipName",
        "IsApiFilterable": "filterable",
        "IsApiSortable": "sortable",
        "IsApiGroupable": "groupable",
    }
    where = "EntityDefinitionId = 'Lead' AND DataType != 'address'"
    soql = f"SELECT QualifiedApiName, {', '.join(said)} FROM FieldDefinition WHERE {where}"
    rows = {row.pop("QualifiedApiName"): row for row in tooling(salesforce, soql)}
    described = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    for field in (field for field in described if field["name"] in rows):
        assert rows[field["name"]] == {name: field[key] for name, key in said.items()}
    assert rows["Partner__c"]["RelationshipName"] == "Partner__r"


def test_definitions_of_all_fields_at_once_are_refused(salesforce: Salesforce) -> None:
    params = {"q": "SELECT QualifiedApiName FROM FieldDefinition"}
    answer = salesforce("GET", "tooling/query", params=params)
    message = "A filter on a reified column is required [EntityDefinitionId,DurableId]"
    assert (answer.status_code, answer.json()[0]["message"]) == (400, message)


def test_a_page_tells_its_size_and_unknown_locators_are_refused(salesforce: Salesforce) -> None:
    for number in range(3):
        salesforce.add_field(f"Score_{number}__c")
    first = salesforce("GET", "tooling/query", params={"q": "SELECT Id FROM CustomField"}).json()
    assert (first["size"], first["totalSize"], first["done"]) == (3, 3, True)
    missing = salesforce("GET", "tooling/query/0r8000000000000AAA-2000")
    assert missing.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_the_tooling_api_describes_its_own_objects(salesforce: Salesforce) -> None:
    listed = salesforce("GET", "tooling/sobjects").json()["sobjects"]
    names = {entry["name"] for entry in listed}
    assert names == {"CustomField", "EntityDefinition", "FieldDefinition"}
    described = salesforce("GET", "tooling/sobjects/CustomField/describe").json()
    assert {"Id", "FullName", "Metadata"} <= {field["name"] for field in described["fields"]}
    assert salesforce("GET", "tooling/sobjects/Lead/describe").status_code == 404


def test_fields_outlive_the_process(state: Path) -> None:
    with running_sandbox(state) as first:
        salesforce = Salesforce(first)
        salesforce.add_field("Tier__c", type="Picklist", valueSet=VALUE_SET)
        salesforce.add_field("Twice__c", formula="1 + 1", **NUMBER)
        salesforce.grant("Tier__c", "Twice__c")
        described = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    with running_sandbox(state) as second:
        again = Salesforce(second)
        assert again("GET", "sobjects/Lead/describe").json()["fields"] == described
        assert again.query("SELECT Twice__c FROM Lead LIMIT 1") == [{"Twice__c": 2.0}]
