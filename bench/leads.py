"""The Salesforce Leads of the benchmark: fifty fields, nearly all of them filled."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from bench.client import Connection

_WRITTEN = (
    "LastName,FirstName,Salutation,Title,Company,City,State,Country,Street,PostalCode,Phone,"
    "MobilePhone,Fax,Email,WeChat_ID__c,Website,LeadSource,Status,Industry,Rating,AnnualRevenue,"
    "NumberOfEmployees,Territory__c"
)
_WORKED_OUT = (
    "Id,IsDeleted,Name,OwnerId,IsConverted,IsUnreadByOwner,CreatedDate,CreatedById,"
    "LastModifiedDate,LastModifiedById,SystemModstamp"
)
_TEXT = {"type": "Text", "length": 120}
_NUMBER = {"type": "Number", "precision": 18, "scale": 2}
_CHOICES = ("price", "support", "security", "reach")
_OWN: dict[str, dict[str, Any]] = {
    **{f"Bench_Text_{one}__c": _TEXT for one in range(1, 6)},
    **{f"Bench_Number_{one}__c": _NUMBER for one in range(1, 5)},
    **{f"Bench_Date_{one}__c": {"type": "Date"} for one in range(1, 4)},
    **{f"Bench_Moment_{one}__c": {"type": "DateTime"} for one in range(1, 3)},
    "Bench_Flag__c": {"type": "Checkbox", "defaultValue": "false"},
    "Bench_Choices__c": {
        "type": "MultiselectPicklist",
        "visibleLines": 4,
        "valueSet": {
            "valueSetDefinition": {
                "value": [{"fullName": one, "label": one} for one in _CHOICES],
                "sorted": False,
            }
        },
    },
}
"""Fields of the org's own, by their metadata: one of every type there is."""
LEAD_FIELDS = (*_WORKED_OUT.split(","), *_WRITTEN.split(","), *_OWN)
_KINDS = {"Number": "number", "Date": "date", "DateTime": "datetime", "Checkbox": "bool"}
LEAD_TYPES = {
    **dict.fromkeys(LEAD_FIELDS, "string"),
    **dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), "datetime"),
    **dict.fromkeys(("IsDeleted", "IsConverted", "IsUnreadByOwner"), "bool"),
    **dict.fromkeys(("AnnualRevenue", "NumberOfEmployees"), "number"),
    **{name: _KINDS.get(shape["type"], "string") for name, shape in _OWN.items()},
    "Bench_Choices__c": "list",
}
"""What each of them holds: string, number, bool, date, datetime or list."""
_DATA = "/services/data/v66.0"
_PART = 10_000
"""Leads of one job: what the sandbox works off at one look."""
_SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")
_SOURCES = ("Web", "Paid Search", "Event", "Download", "Webinar", "Other")
_STATES = ("New", "Nurturing", "Marketing Qualified", "Working")
_INDUSTRIES = ("Software", "Manufacturing", "Healthcare", "Finance", "Retail", "Energy")


def create_fields(connection: Connection) -> None:
    """Create the org's own fields, and let the API user see them."""
    user = connection.json("GET", "/services/oauth2/userinfo")["user_id"]
    body = {"Name": "Bench", "Label": "Bench"}
    granted = _create(connection, "PermissionSet", body)
    assignment = {"AssigneeId": user, "PermissionSetId": granted}
    _create(connection, "PermissionSetAssignment", assignment)
    for name, shape in _OWN.items():
        field = {"FullName": f"Lead.{name}", "Metadata": {"label": name[:-3], **shape}}
        connection.json("POST", f"{_DATA}/tooling/sobjects/CustomField", field)
        grant = {"ParentId": granted, "SobjectType": "Lead", "Field": f"Lead.{name}"}
        rights = {"PermissionsRead": True, "PermissionsEdit": True}
        _create(connection, "FieldPermissions", grant | rights)


def _create(connection: Connection, object_name: str, body: dict[str, Any]) -> str:
    return str(connection.json("POST", f"{_DATA}/sobjects/{object_name}", body)["id"])


def create_leads(
    connection: Connection, connect: Callable[[], Connection], count: int
) -> Iterator[int]:
    """Create so many Leads by Bulk API 2.0, and yield how many there are after each job.

    Args:
        connection: Speaks JSON.
        connect: Opens one that speaks CSV; none would be kept open while a job is worked off.
        count: Leads to create.
    """
    for start in range(0, count, _PART):
        numbers = range(start, min(start + _PART, count))
        asked = {"operation": "insert", "object": "Lead", "contentType": "CSV"}
        path = f"{_DATA}/jobs/ingest/{connection.json('POST', f'{_DATA}/jobs/ingest', asked)['id']}"
        with closing(connect()) as uploads:
            uploads.send("PUT", f"{path}/batches", _csv(numbers))
        job = connection.json("PATCH", path, {"state": "UploadComplete"})
        while job["state"] not in ("JobComplete", "Failed", "Aborted"):
            job = connection.json("GET", path)
        done = int(job["numberRecordsProcessed"]) - int(job["numberRecordsFailed"])
        if done != len(numbers):
            raise RuntimeError(job)
        yield numbers.stop


def _csv(numbers: range) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, (*_WRITTEN.split(","), *_OWN), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_lead(number) for number in numbers)
    return text.getvalue().encode()


def _lead(number: int) -> dict[str, str]:
    day = f"20{10 + number % 15:02}-{1 + number % 12:02}-{1 + number % 28:02}"
    moment = f"{day}T{number % 24:02}:{number % 60:02}:{number % 59:02}Z"
    own = {f"Bench_Text_{one}__c": f"Text {one} of number {number % 9_973}" for one in range(1, 6)}
    own |= {f"Bench_Number_{one}__c": f"{number % 90_000}.{one:02}" for one in range(1, 5)}
    own |= {f"Bench_Date_{one}__c": day for one in range(1, 4)}
    own |= {f"Bench_Moment_{one}__c": moment for one in range(1, 3)}
    return own | {
        "LastName": f"Lastname{number % 9_000}",
        "FirstName": f"Firstname{number % 700}",
        "Salutation": _SALUTATIONS[number % len(_SALUTATIONS)],
        "Title": f"Senior Director of Department {number % 90}",
        "Company": f"Firm Number {number % 5_000} of the Benchmark",
        "City": f"City {number % 300}",
        "State": f"State {number % 40}",
        "Country": "Germany",
        "Street": f"{number % 200} Long Street\nBuilding {number % 9}",
        "PostalCode": f"{number % 100_000:05}",
        "Phone": f"+49 30 {number:07}",
        "MobilePhone": f"+49 170 {number:07}",
        "Fax": f"+49 31 {number:07}",
        "Email": f"bench.lead.{number}@firm-{number % 5_000}.example",
        "WeChat_ID__c": f"wx_{number:09}",
        "Website": f"https://www.firm-{number % 5_000}.example/about",
        "LeadSource": _SOURCES[number % len(_SOURCES)],
        "Status": _STATES[number % len(_STATES)],
        "Industry": _INDUSTRIES[number % len(_INDUSTRIES)],
        "Rating": ("Hot", "Warm", "Cold")[number % 3],
        "AnnualRevenue": str(number * 1_000 % 90_000_000),
        "NumberOfEmployees": str(number % 5_000),
        "Territory__c": ("APAC", "EMEA", "AMER")[number % 3],
        "Bench_Flag__c": ("true", "false")[number % 2],
        "Bench_Choices__c": ";".join(_CHOICES[: 1 + number % len(_CHOICES)]),
    }
