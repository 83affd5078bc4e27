"""The Metadata API over SOAP: by bare envelopes, and by simple-salesforce unchanged."""

import base64
import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from simple_salesforce.api import Salesforce as SalesforceClient
from simple_salesforce.metadata import SfdcMetadataApi
from zeep.exceptions import Fault

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.packages import NUMBER, deploy, fields_package
from tests.sandbox.test_foreign_clients import Loopback

METADATA = "{http://soap.sforce.com/2006/04/metadata}"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FORMULA = {"formula": "IF(Score__c < 2, 1, 2)", **NUMBER}
FIELD = (
    '<metadata xsi:type="CustomField"><fullName>Lead.{}</fullName><label>Score</label>'
    "<precision>18</precision><scale>2</scale><type>Number</type></metadata>"
)


def call(
    salesforce: Salesforce,
    operation: str,
    inner: str = "",
    version: str = "66.0",
    session: str = "",
) -> requests.Response:
    """Call an operation in a session of the API user, or in another."""
    token = session or str(salesforce.session.headers["Authorization"]).removeprefix("Bearer ")
    envelope = (
        f'<env:Envelope xmlns:env="{SOAP}" xmlns:xsi="{XSI}"'
        f' xmlns="{METADATA[1:-1]}"><env:Header><SessionHeader><sessionId>{token}</sessionId>'
        f"</SessionHeader></env:Header><env:Body><{operation}>{inner}</{operation}></env:Body>"
        "</env:Envelope>"
    )
    url = f"{salesforce.url}/services/Soap/m/{version}"
    headers = {"Content-Type": "text/xml", "SOAPAction": '""'}
    return requests.post(url, envelope.encode(), headers=headers, timeout=10)


def plain(node: ET.Element) -> Any:
    """Return an element as text, or as a dict of lists of its children."""
    if not len(node):
        return node.text or ""
    found: dict[str, Any] = {}
    for child in node:
        found.setdefault(child.tag.removeprefix(METADATA), []).append(plain(child))
    return found


def results(answer: requests.Response) -> list[Any]:
    assert answer.status_code == 200, answer.text
    response = ET.fromstring(answer.content)[0][0]
    return [plain(result) for result in response]


def fault(answer: requests.Response) -> tuple[str, str]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/xml;charset=UTF-8")
    found = plain(ET.fromstring(answer.content)[0][0])
    return found["faultcode"][0], found["faultstring"][0]


def test_a_package_is_deployed_as_documented(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_deploy_polls=1)
    zipped = base64.b64encode(fields_package("Lead", Score__c=NUMBER)).decode()
    options = "<DeployOptions><rollbackOnError>true</rollbackOnError></DeployOptions>"
    [asked] = results(call(salesforce, "deploy", f"<ZipFile>{zipped}</ZipFile>{options}"))
    assert (asked["done"], asked["state"]) == (["false"], ["Queued"])
    wanted = (
        f"<asyncProcessId>{asked['id'][0]}</asyncProcessId><includeDetails>true</includeDetails>"
    )
    [waiting] = results(call(salesforce, "checkDeployStatus", wanted))
    [done] = results(call(salesforce, "checkDeployStatus", wanted))
    assert (waiting["status"], done["status"]) == (["Pending"], ["Succeeded"])
    assert done["completedDate"] == ["2026-06-30T12:00:00.000Z"]
    [_, field] = done["details"][0]["componentSuccesses"]
    assert (field["fullName"], field["created"]) == (["Lead.Score__c"], ["true"])


def test_a_deployment_is_cancelled(salesforce: Salesforce) -> None:
    zipped = base64.b64encode(fields_package("Lead", Score__c=NUMBER)).decode()
    [asked] = results(call(salesforce, "deploy", f"<ZipFile>{zipped}</ZipFile>"))
    job = f"<String>{asked['id'][0]}</String>"
    assert results(call(salesforce, "cancelDeploy", job)) == [{"done": ["true"], "id": asked["id"]}]
    answer = call(salesforce, "cancelDeploy", job)
    assert fault(answer) == ("sf:INVALID_ID_FIELD", "INVALID_ID_FIELD: Job is already completed")


def test_components_are_created_changed_read_and_deleted(salesforce: Salesforce) -> None:
    saved = {"fullName": ["Lead.Score__c"], "success": ["true"]}
    field, name = FIELD.format("Score__c"), "<fullNames>Lead.Score__c</fullNames>"
    assert results(call(salesforce, "createMetadata", field)) == [saved]
    better = field.replace("<label>Score<", "<label>Better<")
    assert results(call(salesforce, "updateMetadata", better)) == [saved]
    upserted = results(call(salesforce, "upsertMetadata", better))
    assert upserted == [{"created": ["false"], **saved}]
    [found] = results(call(salesforce, "readMetadata", f"<type>CustomField</type>{name}"))
    assert (found["records"][0]["label"], found["records"][0]["precision"]) == (["Better"], ["18"])
    deleted = call(salesforce, "deleteMetadata", f"<type>CustomField</type>{name}")
    assert results(deleted) == [saved]
    gone = call(salesforce, "readMetadata", f"<type>CustomField</type>{name}")
    assert '<records xsi:nil="true"/>' in gone.text


@pytest.mark.parametrize(
    ("operation", "inner", "code"),
    [
        ("createMetadata", FIELD.format("Score__c") * 2, "DUPLICATE_DEVELOPER_NAME"),
        ("updateMetadata", FIELD.format("Gone__c"), "INVALID_CROSS_REFERENCE_KEY"),
        (
            "deleteMetadata",
            "<type>CustomField</type><fullNames>Lead.Gone__c</fullNames>",
            "INVALID_CROSS_REFERENCE_KEY",
        ),
        (
            "createMetadata",
            FIELD.format("Bad__c").replace("<scale>2</scale>", ""),
            "FIELD_INTEGRITY_EXCEPTION",
        ),
    ],
)
def test_each_component_fails_by_itself(
    salesforce: Salesforce, operation: str, inner: str, code: str
) -> None:
    last = results(call(salesforce, operation, inner))[-1]
    assert (last["success"], last["errors"][0]["statusCode"]) == (["false"], [code])


def test_a_call_takes_ten_components_at_most(salesforce: Salesforce) -> None:
    fields = "".join(FIELD.format(f"Score_{number}__c") for number in range(11))
    assert fault(call(salesforce, "createMetadata", fields))[0] == "sf:EXCEEDED_ID_LIMIT"


def test_a_permission_set_goes_only_once_nobody_has_it(salesforce: Salesforce) -> None:
    salesforce.add_field()
    salesforce.grant("Score__c")
    [grant] = salesforce.query("SELECT Id FROM PermissionSetAssignment")
    name = salesforce.query("SELECT Name FROM PermissionSet")[0]["Name"]
    asked = f"<type>PermissionSet</type><fullNames>{name}</fullNames>"
    [refused] = results(call(salesforce, "deleteMetadata", asked))
    assert refused["errors"][0]["statusCode"] == ["DEPENDENCY_EXISTS"]
    salesforce("DELETE", f"sobjects/PermissionSetAssignment/{grant['Id']}")
    assert results(call(salesforce, "deleteMetadata", asked))[0]["success"] == ["true"]
    assert salesforce.query("SELECT Id FROM FieldPermissions") == []


def test_a_list_view_is_created_once_and_deleted(salesforce: Salesforce) -> None:
    view = (
        '<metadata xsi:type="ListView"><fullName>Lead.All</fullName><columns>FULL_NAME</columns>'
        "<filterScope>Everything</filterScope><label>All</label></metadata>"
    )
    first, second = results(call(salesforce, "createMetadata", view * 2))
    assert first == {"fullName": ["Lead.All"], "success": ["true"]}
    assert second["errors"][0]["statusCode"] == ["DUPLICATE_DEVELOPER_NAME"]
    asked = "<type>ListView</type><fullNames>Lead.All</fullNames>"
    [found] = results(call(salesforce, "readMetadata", asked))
    assert found["records"][0]["columns"] == ["FULL_NAME"]
    assert results(call(salesforce, "deleteMetadata", asked)) == [first]
    assert salesforce("GET", "sobjects/Lead/listviews").json()["size"] == 0


def test_three_kinds_are_listed_at_a_time(salesforce: Salesforce) -> None:
    queries = "<queries><type>CustomField</type></queries>" * 4
    assert fault(call(salesforce, "listMetadata", queries))[0] == "sf:EXCEEDED_ID_LIMIT"
    unknown = "<queries><type>Nope</type></queries>"
    assert fault(call(salesforce, "listMetadata", unknown))[0] == "sf:INVALID_TYPE"


def test_components_are_described_and_listed(salesforce: Salesforce) -> None:
    salesforce.add_field()
    [described] = results(call(salesforce, "describeMetadata", "<asOfVersion>66.0</asOfVersion>"))
    kinds = {kind["xmlName"][0]: kind["suffix"][0] for kind in described["metadataObjects"]}
    assert kinds == {"CustomObject": "object", "PermissionSet": "permissionset"}
    queries = "<queries><type>CustomField</type></queries>"
    [listed] = results(call(salesforce, "listMetadata", queries))
    shown = (listed["fullName"][0], listed["fileName"][0], listed["type"][0])
    assert shown == ("Lead.Score__c", "objects/Lead.object", "CustomField")


def test_what_is_retrieved_can_be_deployed_again(salesforce: Salesforce) -> None:
    deploy(salesforce, fields_package("Lead", Score__c=NUMBER, Twice__c=FORMULA))
    types = "<types><members>*</members><name>CustomField</name></types>"
    types += "<types><members>Gone</members><name>PermissionSet</name></types>"
    wanted = f"<apiVersion>66.0</apiVersion><unpackaged>{types}</unpackaged>"
    request = f"<retrieveRequest>{wanted}</retrieveRequest>"
    [asked] = results(call(salesforce, "retrieve", request))
    job = f"<asyncProcessId>{asked['id'][0]}</asyncProcessId><includeZip>true</includeZip>"
    [found] = results(call(salesforce, "checkRetrieveStatus", job))
    problem = "Entity of type 'PermissionSet' named 'Gone' cannot be found"
    assert (found["status"], found["messages"][0]["problem"]) == (["Succeeded"], [problem])
    again = deploy(salesforce, base64.b64decode(found["zipFile"][0]), rollbackOnError=False)
    told = {(m["fullName"], m["changed"]) for m in again["details"]["componentSuccesses"]}
    assert {("Lead.Score__c", False), ("Lead.Twice__c", False)} <= told


def test_a_dead_session_is_a_fault(salesforce: Salesforce) -> None:
    code, text = fault(call(salesforce, "describeMetadata", session="dead"))
    assert (code, text.partition(":")[0]) == ("sf:INVALID_SESSION_ID", "INVALID_SESSION_ID")


@pytest.mark.parametrize("version", ["30.0", "99.0", "one"])
def test_versions_that_are_not_served_are_a_fault(salesforce: Salesforce, version: str) -> None:
    code, _ = fault(call(salesforce, "describeMetadata", version=version))
    assert code == "sf:UNSUPPORTED_API_VERSION"


def test_unknown_operations_and_broken_envelopes_are_the_client_s_fault(
    salesforce: Salesforce,
) -> None:
    assert fault(call(salesforce, "renameMetadata"))[0] == "soapenv:Client"
    url = f"{salesforce.url}/services/Soap/m/66.0"
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert fault(requests.post(url, bomb, timeout=10))[0] == "soapenv:Client"
    assert fault(requests.post(url, b"<a/>", timeout=10))[0] == "soapenv:Client"


def test_calls_count_against_the_daily_requests(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_daily_limit=0)
    code, _ = fault(call(salesforce, "describeMetadata"))
    assert code == "sf:REQUEST_LIMIT_EXCEEDED"


@pytest.fixture
def foreign(running: RunningSandbox) -> Iterator[Any]:
    """simple-salesforce with a session that leads to the sandbox."""
    session = requests.Session()
    session.mount("https://", Loopback(running.url))
    keys = running.credentials["salesforce"]
    yield SalesforceClient(
        consumer_key=keys["client_id"],
        consumer_secret=keys["client_secret"],
        domain="acme.my",
        session=session,
        version="59.0",
    )
    session.close()


def test_simple_salesforce_deploys_a_package(foreign: Any) -> None:
    package = io.BytesIO(fields_package("Lead", Good__c=NUMBER, Bad__c={"type": "Number"}))
    job = foreign.deploy(package, sandbox=True)["asyncId"]
    states = [foreign.checkDeployStatus(job)["state"] for _ in range(3)]
    assert states == ["Pending", "InProgress", "SucceededPartial"]
    detail = foreign.checkDeployStatus(job)["deployment_detail"]
    assert (detail["deployed_count"], detail["failed_count"]) == ("1", "1")
    problem = "Must specify 'precision' for a CustomField of type Number"
    assert detail["errors"][0]["message"] == problem


def test_simple_salesforce_keeps_fields_by_the_wsdl(foreign: Any, running: RunningSandbox) -> None:
    url = f"{running.url}/services/Soap/m/59.0/"
    made = (foreign.session, foreign.session_id, foreign.sf_instance, url, foreign.headers, "59.0")
    api: Any = SfdcMetadataApi(*made)
    api.CustomField.create([api.CustomField(fullName="Lead.Score__c", label="Score", **NUMBER)])
    field = api.CustomField.read(["Lead.Score__c"])
    assert (field.label, field.type, field.precision) == ("Score", "Number", 18)
    grant = {"field": "Lead.Score__c", "editable": True, "readable": True}
    readers = {"fullName": "Readers", "label": "Readers", "fieldPermissions": [grant]}
    api.PermissionSet.upsert([api.PermissionSet(**readers)])
    [kept] = api.PermissionSet.read(["Readers"]).fieldPermissions
    assert (kept.field, kept.editable) == ("Lead.Score__c", True)
    api._session_header.sessionId = "dead"
    with pytest.raises(Fault, match="INVALID_SESSION_ID"):
        api.CustomField.delete(["Lead.Score__c"])
