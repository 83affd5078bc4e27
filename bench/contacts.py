"""The HubSpot contacts of the benchmark: thirty properties, none of them empty."""

from collections.abc import Iterator
from typing import Any

from bench.client import Connection

_WRITTEN = (
    "email,firstname,lastname,company,jobtitle,phone,mobilephone,website,city,state,country,"
    "industry,numemployees,lifecyclestage,hs_lead_status"
)
_WORKED_OUT = "hs_object_id,createdate,lastmodifieddate,hs_email_domain"
_OWN: dict[str, tuple[str, str]] = {
    "bench_campaign": ("string", "text"),
    "bench_region": ("string", "text"),
    "bench_reference": ("string", "text"),
    "bench_budget": ("number", "number"),
    "bench_visits": ("number", "number"),
    "bench_discount": ("number", "number"),
    "bench_signed_on": ("date", "date"),
    "bench_renews_on": ("date", "date"),
    "bench_seen_at": ("datetime", "date"),
    "bench_is_partner": ("bool", "booleancheckbox"),
    "bench_interests": ("enumeration", "checkbox"),
}
"""Properties of the account's own, by their type and field type: one of every type there is."""
CONTACT_PROPERTIES = (*_WRITTEN.split(","), *_WORKED_OUT.split(","), *_OWN)
CONTACT_TYPES = {
    **dict.fromkeys(CONTACT_PROPERTIES, "string"),
    **dict.fromkeys(("createdate", "lastmodifieddate"), "datetime"),
    **{name: "list" if kind == "enumeration" else kind for name, (kind, _) in _OWN.items()},
}
"""What each of them holds: string, number, bool, date, datetime or list."""
_BATCH = 100
_PATH = "/crm/v3/objects/contacts"
_SIZES = ("1-5", "5-25", "25-50", "50-100", "100-500", "500-1000", "1000+")
_STATES = ("NEW", "OPEN", "IN_PROGRESS", "CONNECTED", "BAD_TIMING")
_INTERESTS = ("price", "support", "security", "reach")


def create_properties(connection: Connection) -> None:
    """Create the account's own properties."""
    inputs = [_definition(name, kind, field) for name, (kind, field) in _OWN.items()]
    connection.json("POST", "/crm/v3/properties/contacts/batch/create", {"inputs": inputs})


def _definition(name: str, kind: str, field_type: str) -> dict[str, Any]:
    options = {"bool": ("true", "false"), "enumeration": _INTERESTS}.get(kind, ())
    return {
        "name": name,
        "label": name,
        "type": kind,
        "fieldType": field_type,
        "groupName": "contactinformation",
        "options": [{"label": one, "value": one, "displayOrder": 0} for one in options],
    }


def create_contacts(connection: Connection, count: int) -> Iterator[int]:
    """Create so many contacts, and yield how many there are after each batch."""
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        inputs = [{"properties": _contact(number)} for number in numbers]
        connection.json("POST", f"{_PATH}/batch/create", {"inputs": inputs})
        yield numbers.stop


def _contact(number: int) -> dict[str, str]:
    day = f"20{10 + number % 15:02}-{1 + number % 12:02}-{1 + number % 28:02}"
    time = f"{number % 24:02}:{number % 60:02}:{number % 59:02}.{number % 1000:03}"
    return {
        "email": f"bench.person.{number}@firm-{number % 5_000}.example",
        "firstname": f"Firstname{number % 700}",
        "lastname": f"Lastname{number % 9_000}",
        "company": f"Firm Number {number % 5_000} of the Benchmark",
        "jobtitle": f"Senior Director of Department {number % 90}",
        "phone": f"+49 30 {number:07}",
        "mobilephone": f"+49 170 {number:07}",
        "website": f"https://www.firm-{number % 5_000}.example/about",
        "city": f"City {number % 300}",
        "state": f"State {number % 40}",
        "country": "Germany",
        "industry": f"Industry {number % 25}",
        "numemployees": _SIZES[number % len(_SIZES)],
        "lifecyclestage": "lead",
        "hs_lead_status": _STATES[number % len(_STATES)],
        "bench_campaign": f"Campaign {number % 120} of the spring",
        "bench_region": f"Region {number % 12}",
        "bench_reference": f"REF-{number:09}-{number * 7_919 % 100_003:06}",
        "bench_budget": f"{number % 90_000}.{number % 100:02}",
        "bench_visits": str(number % 400),
        "bench_discount": f"0.{number % 1_000:03}",
        "bench_signed_on": day,
        "bench_renews_on": day,
        "bench_seen_at": f"{day}T{time}Z",
        "bench_is_partner": ("true", "false")[number % 2],
        "bench_interests": ";".join(_INTERESTS[: 1 + number % len(_INTERESTS)]),
    }
