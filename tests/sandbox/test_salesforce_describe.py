"""What the org says about its objects and their fields."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sandbox.clients import Admin, Salesforce

RECORDINGS = Path(__file__).parents[2].parent / "shared" / "recordings"
needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings here")
OF_THE_ORG = frozenset({"picklistValues", "defaultValue", "label", "defaultedOnCreate"})
"""What each org sets for itself; a default makes a field defaulted."""


def recorded(name: str) -> dict[str, Any]:
    text = (RECORDINGS / f"salesforce-{name.lower()}-describe.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(yaml.safe_load(text)["response"]["body"]["string"])
    return found


def described(salesforce: Salesforce, name: str) -> dict[str, Any]:
    found: dict[str, Any] = salesforce("GET", f"sobjects/{name}/describe").json()
    return found


@needs_recordings
@pytest.mark.parametrize("name", ["Lead", "Contact"])
def test_an_object_is_described_by_the_recorded_keys(salesforce: Salesforce, name: str) -> None:
    real, made = recorded(name), described(salesforce, name)
    assert made.keys() == real.keys()
    for part in ("urls", "recordTypeInfos", "childRelationships", "supportedScopes", "fields"):
        firsts = [body[part] if part == "urls" else body[part][0] for body in (made, real)]
        assert firsts[0].keys() == firsts[1].keys(), part
    flags = {key for key, value in real.items() if isinstance(value, bool | None | str)}
    assert {key: made[key] for key in flags} == {key: real[key] for key in flags}


@needs_recordings
@pytest.mark.parametrize("name", ["Lead", "Contact"])
def test_standard_fields_say_what_the_recorded_ones_say(salesforce: Salesforce, name: str) -> None:
    truth = {field["name"]: field for field in recorded(name)["fields"]}
    shared = [f for f in described(salesforce, name)["fields"] if f["name"] in truth]
    assert len(shared) > 30
    for field in shared:
        keys = (
            field.keys()
            - OF_THE_ORG
            - ({"restrictedPicklist"} if field["name"] == "Status" else set())
        )
        real = {key: truth[field["name"]][key] for key in keys}
        assert {key: field[key] for key in keys} == real, field["name"]


@needs_recordings
@pytest.mark.parametrize("name", ["Lead", "Contact"])
def test_child_relationships_are_called_as_recorded(salesforce: Salesforce, name: str) -> None:
    real = {
        (one["childSObject"], one["field"]): one for one in recorded(name)["childRelationships"]
    }
    made = described(salesforce, name)["childRelationships"]
    shared = [one for one in made if (one["childSObject"], one["field"]) in real]
    assert len(shared) > 3
    for one in shared:
        assert one == real[one["childSObject"], one["field"]]


def test_fields_are_described_by_all_the_keys_of_real_ones(salesforce: Salesforce) -> None:
    keys = (
        "aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula "
        "cascadeDelete caseSensitive compoundFieldName controllerName createable custom "
        "defaultValue defaultValueFormula defaultedOnCreate dependentPicklist deprecatedAndHidden "
        "digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable "
        "filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted "
        "idLookup inlineHelpText label length mask maskType name nameField namePointing nillable "
        "permissionable picklistValues polymorphicForeignKey precision queryByDistance "
        "referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete "
        "restrictedPicklist scale searchPrefilterable soapType sortable type unique updateable "
        "writeRequiresMasterRead"
    )
    for name in ("Lead", "User", "LeadHistory"):
        for field in described(salesforce, name)["fields"]:
            assert sorted(field) == keys.split()


def test_the_list_of_objects_has_their_summaries(salesforce: Salesforce) -> None:
    body = salesforce("GET", "sobjects").json()
    assert (body["encoding"], body["maxBatchSize"]) == ("UTF-8", 200)
    [lead] = [one for one in body["sobjects"] if one["name"] == "Lead"]
    path = "/services/data/v66.0/sobjects/Lead"
    assert lead["urls"] == {
        "rowTemplate": path + "/{ID}",
        "describe": path + "/describe",
        "sobject": path,
    }
    whole = described(salesforce, "Lead")
    assert {**lead, "urls": whole["urls"]} == {key: whole[key] for key in lead}


def test_an_object_is_described_shortly(salesforce: Salesforce) -> None:
    body = salesforce("GET", "sobjects/LeadHistory").json()
    shown = {
        key: body["objectDescribe"][key] for key in ("name", "associateParentEntity", "createable")
    }
    assert shown == {"name": "LeadHistory", "associateParentEntity": "Lead", "createable": False}
    assert body["recentItems"] == []


def test_an_unknown_object_is_not_found(salesforce: Salesforce) -> None:
    for path in ("sobjects/Nope", "sobjects/Nope/describe"):
        answer = salesforce("GET", path)
        refusal = {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
        assert (answer.status_code, answer.json()) == (404, [refusal])


@pytest.mark.parametrize("path", ["sobjects", "sobjects/Lead/describe"])
def test_a_description_that_has_not_changed_is_not_sent_again(
    salesforce: Salesforce, admin: Admin, path: str
) -> None:
    first = salesforce("GET", path)
    seen = {"If-Modified-Since": first.headers["Last-Modified"]}
    admin.advance(60)
    again = salesforce("GET", path, headers=seen)
    assert (again.status_code, again.content) == (304, b"")


def test_a_description_is_the_same_under_every_name_of_the_host(salesforce: Salesforce) -> None:
    path = "sobjects/Lead/describe"
    seen = {"If-Modified-Since": salesforce("GET", path).headers["Last-Modified"]}
    seen["Host"] = "sandbox.example"
    assert salesforce("GET", path, headers=seen).status_code == 304


def test_a_description_that_has_changed_is_sent_again(salesforce: Salesforce, admin: Admin) -> None:
    path = "sobjects/Lead/describe"
    seen = {"If-Modified-Since": salesforce("GET", path).headers["Last-Modified"]}
    admin.advance(60)
    salesforce.add_field()
    salesforce.grant("Score__c")
    answer = salesforce("GET", path, headers=seen)
    assert "Score__c" in {field["name"] for field in answer.json()["fields"]}
    assert answer.headers["Last-Modified"] == "Tue, 30 Jun 2026 12:01:00 GMT"


def test_addresses_are_compound_fields(salesforce: Salesforce) -> None:
    fields = {field["name"]: field for field in described(salesforce, "Account")["fields"]}
    parts = {name for name, f in fields.items() if f["compoundFieldName"] == "BillingAddress"}
    assert parts == {
        *("BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry"),
        *("BillingLatitude", "BillingLongitude", "BillingGeocodeAccuracy"),
    }
    keys = ("type", "soapType", "createable", "queryByDistance", "sortable")
    shown = [fields["BillingAddress"][key] for key in keys]
    assert shown == ["address", "urn:address", False, True, False]


def test_what_cascades_is_told(salesforce: Salesforce) -> None:
    relations = described(salesforce, "Account")["childRelationships"]
    told = {
        (r["childSObject"], r["field"]): (r["relationshipName"], r["cascadeDelete"])
        for r in relations
    }
    assert told["Contact", "AccountId"] == ("Contacts", True)
    assert told["Opportunity", "AccountId"] == ("Opportunities", True)
    assert told["Account", "MasterRecordId"] == (None, False)
