"""Packages of Salesforce metadata, and the ways to deploy them."""

import io
import json
import zipfile
from typing import Any

from tests.sandbox.clients import Salesforce

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
Members = dict[str, list[str]]
NUMBER = {"type": "Number", "precision": 18, "scale": 2}


def manifest(members: Members) -> str:
    """Return a package.xml that names members by type."""
    types = "".join(
        "<types>" + _listed("members", names) + f"<name>{kind}</name></types>"
        for kind, names in members.items()
    )
    return f"{_HEAD}<Package {_NAMESPACE}>{types}<version>66.0</version></Package>"


def field_xml(name: str, **parts: Any) -> str:
    """Return a field of an object's file, with a label of its own unless one is given."""
    inner = "".join(_part(key, value) for key, value in {"label": name, **parts}.items())
    return f"<fields><fullName>{name}</fullName>{inner}</fields>"


def object_xml(inner: str) -> str:
    """Return an object's file."""
    return f"{_HEAD}<CustomObject {_NAMESPACE}>\n{inner}\n</CustomObject>"


def permission_set_xml(*fields: str, inner: str = "") -> str:
    """Return the file of a permission set that grants fields."""
    grants = "".join(
        f"<fieldPermissions><editable>true</editable><field>{name}</field>"
        "<readable>true</readable></fieldPermissions>"
        for name in fields
    )
    return f"{_HEAD}<PermissionSet {_NAMESPACE}>{grants}<label>Set</label>{inner}</PermissionSet>"


def zipped(members: Members, **files: str) -> bytes:
    """Return a package; a file of the folder objects is named Lead_object, and so on."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("package.xml", manifest(members))
        for name, text in files.items():
            stem, _, suffix = name.rpartition("_")
            archive.writestr(f"{_FOLDERS[suffix]}{stem}.{suffix}", text)
    return packed.getvalue()


_FOLDERS = {"object": "objects/", "permissionset": "permissionsets/", "xml": ""}


def fields_package(object_name: str, **fields: dict[str, Any]) -> bytes:
    """Return a package of custom fields of an object."""
    inner = "\n".join(field_xml(name, **parts) for name, parts in fields.items())
    members = {"CustomField": [f"{object_name}.{name}" for name in fields]}
    return zipped(members, **{f"{object_name}_object": object_xml(inner)})


def start(salesforce: Salesforce, package: bytes, **options: Any) -> dict[str, Any]:
    """Ask for a deployment over REST and return the answer."""
    wanted = {"deployOptions": {"rollbackOnError": True, "singlePackage": True, **options}}
    parts = {
        "json": (None, json.dumps(wanted), "application/json"),
        "file": ("deploy.zip", package, "application/zip"),
    }
    answer = salesforce("POST", "metadata/deployRequest", files=parts)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def deploy(salesforce: Salesforce, package: bytes, **options: Any) -> dict[str, Any]:
    """Deploy and return the DeployResult once it is done."""
    path = f"metadata/deployRequest/{start(salesforce, package, **options)['id']}"
    while True:
        result = salesforce("GET", path, params={"includeDetails": "true"}).json()["deployResult"]
        if result["done"]:
            return dict(result)


def problems(result: dict[str, Any]) -> list[str]:
    """Return what a deployment failed of."""
    return [failure["problem"] for failure in result["details"]["componentFailures"]]


def assign(salesforce: Salesforce, name: str) -> None:
    """Assign a permission set to the API user, which a deployment does not."""
    [found] = salesforce.query(f"SELECT Id FROM PermissionSet WHERE Name = '{name}'")
    user_id = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    body = {"AssigneeId": user_id, "PermissionSetId": found["Id"]}
    salesforce("POST", "sobjects/PermissionSetAssignment", json=body).raise_for_status()


def _listed(tag: str, texts: list[str]) -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def _part(tag: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_part(tag, one) for one in value)
    if isinstance(value, dict):
        inner = "".join(_part(key, one) for key, one in value.items())
        return f"<{tag}>{inner}</{tag}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{tag}>{escaped}</{tag}>"
