"""Components of metadata that can't be: unfit names, parts, filters and packages."""

import base64
import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.context import STATE_FILE
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.packages import (
    NUMBER,
    deploy,
    field_xml,
    fields_package,
    object_xml,
    problems,
    start,
    zipped,
)
from tests.sandbox.salesforce_records import LIKELY, make, refusal
from tests.sandbox.test_salesforce_list_views import deployed, query_of, view_package
from tests.sandbox.test_salesforce_metadata_soap import call, results

TITLE = {"field": "LEAD.TITLE", "operation": "contains", "value": "x"}


@pytest.mark.parametrize("logic", ["1 XOR 1)", "1 AND 1 OR 1", "(1", "1)", "NOT", "()", "1 1"])
def test_a_filter_logic_that_makes_no_sense_is_not_deployed(
    salesforce: Salesforce, logic: str
) -> None:
    package = view_package(filters=TITLE, booleanFilter=logic)
    assert problems(deploy(salesforce, package)) == [f"Invalid filter logic: {logic}"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ANNUAL_REVENUE", "1 OR Id != null"),
        ("ANNUAL_REVENUE", "1_000"),
        ("CREATED_DATE", "TODAY) OR (Id != null"),
    ],
)
def test_a_filter_compares_with_values_of_its_type(
    salesforce: Salesforce, field: str, value: str
) -> None:
    filters = {"field": f"LEAD.{field}", "operation": "equals", "value": value}
    [problem] = problems(deploy(salesforce, view_package(filters=filters)))
    assert problem.startswith(f"Invalid filter: {value} is no value of field ")


def test_a_filter_that_no_query_could_run_is_not_deployed(salesforce: Salesforce) -> None:
    filters = {"field": "LEAD.CREATED_DATE", "operation": "equals", "value": "SOME_DAY"}
    [problem] = problems(deploy(salesforce, view_package(filters=filters)))
    assert problem == "Invalid filter: SOME_DAY is no value of field Created Date"


def test_wildcards_in_a_filter_stand_for_themselves(salesforce: Salesforce) -> None:
    lead_id = make(salesforce, "Lead", Title="100%_sure")
    make(salesforce, "Lead", Title="100 and sure")
    filters = {**TITLE, "operation": "startsWith", "value": "100%_s"}
    path = deployed(salesforce, filters=filters, columns=["LEAD.LEAD_SOURCE"])
    query = salesforce("GET", f"{path}/describe").json()["query"]
    assert [record["Id"] for record in salesforce.query(query)] == [lead_id]


def test_a_description_tells_the_logic_of_the_filters(salesforce: Salesforce) -> None:
    filters = [{**TITLE, "value": word} for word in "abc"]
    path = deployed(salesforce, filters=filters, booleanFilter="1 or (2 and not 3)")
    a, b, c = ({"field": "Title", "operator": "contains", "values": [word]} for word in "abc")
    inner = {"conditions": [b, {"condition": c}], "conjunction": "and"}
    where = salesforce("GET", f"{path}/describe").json()["whereCondition"]
    assert where == {"conditions": [a, inner], "conjunction": "or"}


def test_filters_without_logic_hold_together(salesforce: Salesforce) -> None:
    assert query_of(salesforce, filters=[TITLE, {**TITLE, "value": "y"}]) == (
        "((Title LIKE '%x%') AND (Title LIKE '%y%')) AND IsConverted = false"
    )


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"nonsense<x/>": "a"}, "INVALID_FIELD"),
        ({"visible": True}, "INVALID_FIELD"),
        ({"label": 5}, "JSON_PARSER_ERROR"),
        ({"type": ["Number"]}, "JSON_PARSER_ERROR"),
        ({"type": "Picklist", "valueSet": "Hot"}, "JSON_PARSER_ERROR"),
        ({"lookupFilter": {"a b": 1}}, "INVALID_FIELD"),
    ],
)
def test_a_definition_has_no_parts_but_those_of_its_type(
    salesforce: Salesforce, metadata: dict[str, Any], code: str
) -> None:
    answer = salesforce.add_field(**metadata)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_characters_that_xml_can_t_hold_are_left_out(salesforce: Salesforce) -> None:
    salesforce.add_field(label="A\x00B").raise_for_status()
    asked = "<type>CustomField</type><fullNames>Lead.Score__c</fullNames>"
    [found] = results(call(salesforce, "readMetadata", asked))
    assert found["records"][0]["label"] == ["AB"]


@pytest.mark.parametrize("name", ["../../evil", "a__b", "1a", "a_", "a b"])
def test_permission_sets_have_names_that_files_may_have(salesforce: Salesforce, name: str) -> None:
    assert refusal(salesforce, "PermissionSet", Name=name, Label="Set") == (
        "FIELD_INTEGRITY_EXCEPTION"
    )
    parts = f"<fullName>{name}</fullName><label>Set</label>"
    asked = f'<metadata xsi:type="PermissionSet">{parts}</metadata>'
    [saved] = results(call(salesforce, "createMetadata", asked))
    told = saved["errors"][0]["message"][0]
    assert told.startswith("The permission set API name can only contain underscores")


def test_list_views_have_such_names_too(salesforce: Salesforce) -> None:
    view = field_xml("../x", filterScope="Everything").replace("fields>", "listViews>")
    package = zipped({"ListView": ["Lead.../x"]}, Lead_object=object_xml(view))
    [problem] = problems(deploy(salesforce, package))
    assert problem.startswith("The list view API name can only contain underscores")


def test_listed_components_bear_the_times_of_their_definitions(
    salesforce: Salesforce, admin: Admin
) -> None:
    field_id = salesforce.add_field().json()["id"]
    admin.advance(60)
    body = {"Metadata": {**NUMBER, "label": "Better"}}
    salesforce("PATCH", f"tooling/sobjects/CustomField/{field_id}", json=body).raise_for_status()
    admin.advance(60)
    kinds = ("CustomField", "CustomObject")
    queries = "".join(f"<queries><type>{kind}</type></queries>" for kind in kinds)
    field, owner = results(call(salesforce, "listMetadata", queries))
    assert (field["createdDate"], field["lastModifiedDate"]) == (
        ["2026-06-30T12:00:00.000Z"],
        ["2026-06-30T12:01:00.000Z"],
    )
    assert owner["lastModifiedDate"] == ["1970-01-01T00:00:00.000Z"]


def packed(manifest: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        archive.writestr("package.xml", manifest)
    return held.getvalue()


def test_a_package_that_can_t_be_read_is_a_failed_deployment(salesforce: Salesforce) -> None:
    broken = bytearray(packed(b"<Package/>" * 50, zipfile.ZIP_LZMA))
    broken[60:80] = bytes(20)
    packages = [
        packed(b"<a>" * 5_000 + b"</a>" * 5_000),
        packed(b'<?xml version="1.0" encoding="nonsense"?><Package/>'),
        bytes(broken),
    ]
    told = [deploy(salesforce, package) for package in packages]
    assert [result["status"] for result in told] == ["Failed"] * 3
    assert told[0]["errorMessage"].startswith("Error parsing package.xml: more than 100 elements")


def test_a_package_has_39_million_bytes_at_most(salesforce: Salesforce) -> None:
    package = base64.b64encode(bytes(39_000_001)).decode()
    answer = call(salesforce, "deploy", f"<ZipFile>{package}</ZipFile>")
    assert "Maximum size of request reached" in answer.text


def test_a_package_is_forgotten_once_its_deployment_has_ended(
    salesforce: Salesforce, state: Path
) -> None:
    package = fields_package("Lead", Score__c=NUMBER)
    assert deploy(salesforce, package)["status"] == "Succeeded"
    cancelled = start(salesforce, package)["id"]
    body = {"deployResult": {"status": "Canceling"}}
    salesforce("PATCH", f"metadata/deployRequest/{cancelled}", json=body).raise_for_status()
    start(salesforce, package)
    with closing(sqlite3.connect(state / STATE_FILE)) as kept:
        sizes = kept.execute("select length(package) from salesforce_deploys order by id")
        assert [size for (size,) in sizes] == [0, 0, len(package)]


def test_a_tree_follows_the_lookups_that_the_org_has(salesforce: Salesforce) -> None:
    link = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Partners"}
    salesforce.add_field("Partner__c", label="Partner", **link).raise_for_status()
    salesforce.grant("Partner__c")
    lead = {"attributes": {"type": "Lead", "referenceId": "lead"}, **LIKELY["Lead"]}
    account = {"attributes": {"type": "Account", "referenceId": "account"}, "Name": "Root"}
    body = {"records": [{**account, "Partners__r": {"records": [lead]}}]}
    made = salesforce("POST", "composite/tree/Account", json=body).json()["results"]
    found = {each["referenceId"]: each["id"] for each in made}
    assert salesforce.lead(found["lead"])["Partner__c"] == found["account"]


def test_an_account_tells_when_it_was_changed(salesforce: Salesforce) -> None:
    answer = salesforce("GET", f"sobjects/Account/{make(salesforce, 'Account')}")
    assert answer.headers["Last-Modified"] == "Tue, 30 Jun 2026 12:00:00 GMT"
    assert answer.headers["ETag"].startswith('"')
