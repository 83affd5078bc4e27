from typing import Any

import pytest
import requests

from tests.sandbox.clients import Admin, HubSpot, filtered

WHEN = "2026-06-29T08:00:00Z"
OBJECTS = {
    "companies": ("0-2", {"name": "Acme", "domain": "acme.example"}, "name"),
    "deals": ("0-3", {"dealname": "Acme", "dealstage": "qualifiedtobuy"}, "dealname"),
    "calls": ("0-48", {"hs_timestamp": WHEN, "hs_call_title": "Hello"}, "hs_call_title"),
    "emails": ("0-49", {"hs_timestamp": WHEN, "hs_email_subject": "Hello"}, "hs_email_subject"),
    "meetings": ("0-47", {"hs_timestamp": WHEN, "hs_meeting_title": "Hi"}, "hs_meeting_title"),
    "notes": ("0-46", {"hs_timestamp": WHEN, "hs_note_body": "Hi"}, "hs_note_body"),
    "tasks": ("0-27", {"hs_timestamp": WHEN, "hs_task_subject": "Call"}, "hs_task_subject"),
}
every_object = pytest.mark.parametrize("name", OBJECTS)


def path(name: str, *rest: str) -> str:
    return "/".join(("/crm/v3/objects", name, *rest))


def create(hubspot: HubSpot, kind: str, **properties: Any) -> str:
    body = {"properties": {**OBJECTS[kind][1], **properties}}
    answer = hubspot("POST", path(kind), json=body)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def read(hubspot: HubSpot, name: str, record_id: str, *names: str) -> dict[str, Any]:
    answer = hubspot("GET", path(name, record_id), params={"properties": list(names)})
    found: dict[str, Any] = answer.json()["properties"]
    return found


@every_object
def test_a_record_is_read_under_each_name_of_its_object(hubspot: HubSpot, name: str) -> None:
    record_id = create(hubspot, name)
    dated = hubspot("GET", f"/crm/objects/2026-09/{name}/{record_id}").json()
    assert dated["id"] == record_id
    assert hubspot("GET", path(OBJECTS[name][0], record_id)).json() == dated


@every_object
def test_every_object_tells_creation_and_change_in_its_own_properties(
    hubspot: HubSpot, admin: Admin, name: str
) -> None:
    record_id = create(hubspot, name)
    admin.advance(60)
    hubspot("PATCH", path(name, record_id), json={"properties": {OBJECTS[name][2]: "New"}})
    created = "createdate" if name in ("companies", "deals") else "hs_createdate"
    assert read(hubspot, name, record_id, OBJECTS[name][2]) == {
        created: "2026-06-30T12:00:00Z",
        "hs_lastmodifieddate": "2026-06-30T12:01:00Z",
        "hs_object_id": record_id,
        OBJECTS[name][2]: "New",
    }


@every_object
def test_a_search_goes_by_the_change_of_any_object(
    hubspot: HubSpot, admin: Admin, name: str
) -> None:
    create(hubspot, name)
    admin.advance(60)
    later = create(hubspot, name)
    since = filtered("hs_lastmodifieddate", "GTE", "2026-06-30T12:01:00Z")
    body = {"filterGroups": [{"filters": [since]}], "sorts": ["hs_object_id"]}
    answer = hubspot("POST", path(name, "search"), json=body).json()
    assert [found["id"] for found in answer["results"]] == [later]


@every_object
def test_batches_create_change_read_and_archive_any_object(hubspot: HubSpot, name: str) -> None:
    def batch(verb: str, inputs: list[dict[str, Any]]) -> requests.Response:
        return hubspot("POST", path(name, "batch", verb), json={"inputs": inputs})

    created = batch("create", [{"properties": OBJECTS[name][1]}] * 2).json()["results"]
    ids = [{"id": record["id"]} for record in created]
    changes = [{**entry, "properties": {OBJECTS[name][2]: "New"}} for entry in ids]
    assert batch("update", changes).status_code == 200
    assert {r["id"] for r in batch("read", ids).json()["results"]} == {e["id"] for e in ids}
    assert batch("archive", ids).status_code == 204
    gone = batch("read", ids)
    assert (gone.status_code, gone.json()["results"]) == (207, [])


@every_object
def test_archived_records_have_a_list_of_their_own(hubspot: HubSpot, name: str) -> None:
    record_id = create(hubspot, name)
    hubspot("DELETE", path(name, record_id))
    listed = {
        archived: [
            record["id"]
            for record in hubspot(
                "GET", path(name), params={"archived": archived, "limit": 100}
            ).json()["results"]
        ]
        for archived in ("true", "false")
    }
    assert record_id in listed["true"]
    assert record_id not in listed["false"]


@every_object
def test_properties_of_an_object_are_its_own(hubspot: HubSpot, name: str) -> None:
    group = next(iter(hubspot("GET", f"/crm/v3/properties/{name}/groups").json()["results"]))
    body = {"name": "mine", "label": "Mine", "type": "string", "fieldType": "text"}
    made = hubspot("POST", f"/crm/v3/properties/{name}", json={**body, "groupName": group["name"]})
    assert made.status_code == 201
    assert read(hubspot, name, create(hubspot, name, mine="x"), "mine")["mine"] == "x"
    assert hubspot("GET", "/crm/v3/properties/contacts/mine").status_code == 404


def test_the_account_has_contact_properties_of_its_own(hubspot: HubSpot) -> None:
    known = hubspot("GET", "/crm/v3/properties/contacts").json()["results"]
    own = {entry["name"] for entry in known if not entry["hubspotDefined"]}
    assert own == {"territory", "wechat_id"}


@pytest.mark.parametrize("name", ["calls", "emails", "meetings", "notes", "tasks"])
def test_an_activity_needs_a_moment(hubspot: HubSpot, name: str) -> None:
    answer = hubspot("POST", path(name), json={"properties": {"hubspot_owner_id": ""}})
    assert (answer.status_code, answer.json()["context"]) == (400, {"properties": ["hs_timestamp"]})


@pytest.mark.parametrize(
    ("held", "closed", "won"),
    [
        ("contractsent", "false", "false"),
        ("closedwon", "true", "true"),
        ("closedlost", "true", "false"),
    ],
)
def test_a_deal_is_closed_as_its_stage_says(
    hubspot: HubSpot, held: str, closed: str, won: str
) -> None:
    deal_id = create(hubspot, "deals", dealname="Probe", dealstage=held)
    found = read(hubspot, "deals", deal_id, "hs_is_closed", "hs_is_closed_won", "pipeline")
    told = [found[name] for name in ("hs_is_closed", "hs_is_closed_won", "pipeline")]
    assert told == [closed, won, "default"]
    filters = [filtered("dealname", "EQ", "probe"), filtered("hs_is_closed_won", "EQ", won)]
    answer = hubspot("POST", path("deals", "search"), json={"filterGroups": [{"filters": filters}]})
    assert answer.json()["total"] == 1


@pytest.mark.parametrize("name", ["dealstage", "pipeline"])
def test_a_deal_has_a_stage_and_a_pipeline_that_exist(hubspot: HubSpot, name: str) -> None:
    answer = hubspot("POST", path("deals"), json={"properties": {name: "nope"}})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "INVALID_OPTION")


def test_the_stages_of_a_deal_are_its_history(hubspot: HubSpot, admin: Admin) -> None:
    deal_id = create(hubspot, "deals")
    admin.advance(60)
    hubspot("PATCH", path("deals", deal_id), json={"properties": {"dealstage": "closedwon"}})
    params = {"propertiesWithHistory": "dealstage"}
    history = hubspot("GET", path("deals", deal_id), params=params).json()["propertiesWithHistory"]
    assert [(entry["value"], entry["timestamp"]) for entry in history["dealstage"]] == [
        ("closedwon", "2026-06-30T12:01:00Z"),
        ("qualifiedtobuy", "2026-06-30T12:00:00Z"),
    ]


def test_a_task_remembers_when_it_was_completed(hubspot: HubSpot, admin: Admin) -> None:
    task_id = create(hubspot, "tasks")
    for status in ("COMPLETED", "COMPLETED"):
        admin.advance(60)
        hubspot("PATCH", path("tasks", task_id), json={"properties": {"hs_task_status": status}})
    found = read(hubspot, "tasks", task_id, "hs_task_completion_date")
    assert found["hs_task_completion_date"] == "2026-06-30T12:01:00Z"


def test_a_company_goes_forward_only_as_a_contact_does(hubspot: HubSpot) -> None:
    company_id = create(hubspot, "companies", lifecyclestage="customer")
    body = {"properties": {"lifecyclestage": "lead"}}
    assert hubspot("PATCH", path("companies", company_id), json=body).status_code == 200
    assert read(hubspot, "companies", company_id, "lifecyclestage")["lifecyclestage"] == "customer"
