"""The package of Salesforce source, deployed into the org of the sandbox over REST."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree

from connectors.changes import RecordChange
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from pipelines.settings import PROJECT_ROOT
from pipelines.sfdx import DAYS, FOLDER, READERS, SINCE, STAGE
from pipelines.sync.config import load_syncs
from tests.contract.cases import salesforce_client
from tests.contract.conftest import Sandbox, served

SOURCE = PROJECT_ROOT / FOLDER / "force-app" / "main" / "default"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
TYPES = {"fields": "CustomField", "listViews": "ListView"}


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """An org of its own that has none of our fields."""
    with served(tmp_path_factory.mktemp("org")) as running:
        yield running


@pytest.fixture(scope="module")
def client(org: Sandbox) -> SalesforceClient:
    return salesforce_client(org)


def as_metadata(source: Path) -> bytes:
    """Return source as the zip that the Metadata API takes: an object's parts in one file."""
    members: dict[str, list[str]] = {}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for folder in sorted(source.glob("objects/*")):
            whole = etree.Element(f"{{{NAMESPACE}}}CustomObject", nsmap={None: NAMESPACE})
            for part, kind in TYPES.items():
                for path in sorted(folder.glob(f"{part}/*-meta.xml")):
                    root = etree.parse(path).getroot()
                    root.tag = f"{{{NAMESPACE}}}{part}"
                    whole.append(root)
                    name = path.name.partition(".")[0]
                    members.setdefault(kind, []).append(f"{folder.name}.{name}")
            archive.writestr(f"objects/{folder.name}.object", etree.tostring(whole))
        for path in sorted(source.glob("permissionsets/*-meta.xml")):
            name = path.name.partition(".")[0]
            members.setdefault("PermissionSet", []).append(name)
            archive.writestr(f"permissionsets/{name}.permissionset", path.read_text())
        archive.writestr("package.xml", manifest(members))
    return packed.getvalue()


def manifest(members: dict[str, list[str]]) -> str:
    types = "".join(
        "<types>"
        + "".join(f"<members>{name}</members>" for name in names)
        + f"<name>{kind}</name></types>"
        for kind, names in members.items()
    )
    return f'<Package xmlns="{NAMESPACE}">{types}<version>63.0</version></Package>'


def deploy(org: Sandbox, package: bytes, *, check_only: bool = False) -> dict[str, Any]:
    """Deploy over REST, and return the result once it is done."""
    login = org.salesforce
    token = requests.post(
        f"{login['base_url']}/services/oauth2/token",
        {
            "grant_type": "client_credentials",
            "client_id": login["client_id"],
            "client_secret": login["client_secret"],
        },
        timeout=30,
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{login['base_url']}/services/data/v63.0/metadata/deployRequest"
    options = json.dumps({"deployOptions": {"rollbackOnError": True, "checkOnly": check_only}})
    parts = {
        "json": (None, options, "application/json"),
        "file": ("deploy.zip", package, "application/zip"),
    }
    begun = requests.post(url, files=parts, headers=headers, timeout=30)
    assert begun.status_code == 201, begun.text
    for _ in range(100):
        path = f"{url}/{begun.json()['id']}?includeDetails=true"
        result = requests.get(path, headers=headers, timeout=30).json()["deployResult"]
        if result["done"]:
            return dict(result)
        time.sleep(0.1)
    raise AssertionError("the deployment did not end")


@pytest.fixture(scope="module")
def deployed(org: Sandbox) -> dict[str, Any]:
    """The package's result, in an org that took it."""
    return deploy(org, as_metadata(SOURCE))


def test_the_package_is_taken_whole(deployed: dict[str, Any]) -> None:
    assert [one["problem"] for one in deployed["details"]["componentFailures"]] == []
    assert (deployed["status"], deployed["numberComponentErrors"]) == ("Succeeded", 0)
    assert deployed["numberComponentsDeployed"] >= 24


def test_deployed_twice_it_changes_nothing(org: Sandbox, deployed: dict[str, Any]) -> None:
    assert deployed["success"]

    again = deploy(org, as_metadata(SOURCE))

    assert again["success"]
    moved = {
        part["componentType"] for part in again["details"]["componentSuccesses"] if part["changed"]
    }
    # The manifest bears no type; a permission set is replaced as a whole, and said to be changed.
    assert moved <= {"", "PermissionSet"}


def assign(client: SalesforceClient, name: str) -> None:
    found = client.call(f"query/?q=SELECT+Id+FROM+PermissionSet+WHERE+Name='{name}'", "GET")
    body = {"AssigneeId": client.user_id, "PermissionSetId": found["records"][0]["Id"]}
    client.call("sobjects/PermissionSetAssignment", "POST", body)
    client.forget_descriptions()


def test_sales_see_for_how_many_days_a_lead_has_been_where_it_is(
    client: SalesforceClient, deployed: dict[str, Any]
) -> None:
    assert deployed["success"]
    for name in ("Leadcycle", READERS):
        assign(client, name)
    destination = SalesforceDestination(client)
    since = client.now() - timedelta(days=40, hours=1)
    found = client.call("query/?q=SELECT+Id+FROM+Lead+WHERE+IsConverted=false+LIMIT+2", "GET")
    lead, other = (str(row["Id"]) for row in found["records"])

    destination.write("Lead", [RecordChange(lead, {STAGE: "Lead", SINCE: since})])

    held = destination.read_current("Lead", [lead, other], [STAGE, DAYS])
    assert (held[lead][STAGE], held[lead][DAYS], held[other][DAYS]) == ("Lead", 40, None)


def test_provisioning_finds_what_the_package_made(
    client: SalesforceClient, deployed: dict[str, Any]
) -> None:
    assert deployed["success"]
    destination = SalesforceDestination(client)
    for sync in [one for one in load_syncs(PROJECT_ROOT / "revops") if one.crm == "salesforce"]:
        done = destination.provision(sync.object, sync.own_fields())
        assert {result.state for result in done} == {"present"}
