from typing import Any

import pytest
import requests

from tests.sandbox.clients import PORTAL, Admin, HubSpot, codes, filtered

WHEN = "2026-06-29T08:00:00Z"
OBJECTS = {
    "companies": ("0-2", {"name": "Acme", "domain": "acme.example"}, "name"),
    "deals": ("0-3", {"dealname": "Acme", "dealstage": "qualifiedtobuy"}, "dealname"),
    "calls": ("0-48", {"hs_timestamp": WHEN, "hs_call_title": "Hello"}, "hs_call_title"),
    "emails": ("0-49", {"hs_timestamp": WHEN, "hs_email_subject": "Hello"}, "hs_email_subject"),
    "meetings": ("0-47", {"hs_timestamp": WHEN, "hs_meeting_title": "Hi"}, "hs_meeting_title"),
    "notes": ("0-46", {"hs_timestamp": WHEN, "hs_note_body": "Hi"}, "hs_note_body"),
    "tickets": ("0-5", {"subject": "Help", "hs_pipeline_stage": "1"}, "subject"),
    "products": ("0-7", {"name": "Desk", "price": "10"}, "name"),
    "line_items": ("0-8", {"name": "Desk", "price": "10", "quantity": "3"}, "name"),
    "tasks": ("0-27", {"hs_timestamp": WHEN, "hs_task_subject": "Call"}, "hs_task_subject"),
}
BY_CREATEDATE = ("companies", "deals", "tickets", "products", "line_items")
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
    created = "createdate" if name in BY_CREATEDATE else "hs_createdate"
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


def test_a_ticket_starts_in_the_pipeline_of_its_stage_and_needs_one(hubspot: HubSpot) -> None:
    ticket_id = create(hubspot, "tickets")
    found = read(hubspot, "tickets", ticket_id, "hs_pipeline", "hs_pipeline_stage")
    assert (found["hs_pipeline"], found["hs_pipeline_stage"]) == ("0", "1")
    bare = hubspot("POST", path("tickets"), json={"properties": {"subject": "Help"}})
    assert bare.json()["context"] == {"properties": ["hs_pipeline_stage"]}


def test_a_stage_of_another_pipeline_is_no_option(hubspot: HubSpot) -> None:
    stages = [{"label": "In", "displayOrder": 0, "metadata": {"ticketState": "OPEN"}}]
    body = {"label": "Second", "displayOrder": 1, "stages": stages}
    made = hubspot("POST", "/crm/v3/pipelines/tickets", json=body).json()
    own = made["stages"][0]["id"]
    record_id = create(hubspot, "tickets", hs_pipeline_stage=own)
    assert read(hubspot, "tickets", record_id, "hs_pipeline")["hs_pipeline"] == made["id"]
    values = {"hs_pipeline": "0", "hs_pipeline_stage": own}
    assert codes(hubspot("POST", path("tickets"), json={"properties": values})) == [
        ("INVALID_OPTION", "hs_pipeline_stage")
    ]


def lead_of(hubspot: HubSpot, contact_id: str, **properties: str) -> requests.Response:
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}
    links = [{"to": {"id": contact_id}, "types": [kind]}]
    return hubspot("POST", path("leads"), json={"properties": properties, "associations": links})


def test_a_lead_belongs_to_a_contact_and_starts_in_the_first_stage(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    lead_id = lead_of(hubspot, contact_id, hs_lead_name="A").json()["id"]
    found = read(hubspot, "0-136", lead_id, "hs_pipeline", "hs_pipeline_stage", "hs_lead_name")
    assert found == {
        "hs_createdate": "2026-06-30T12:00:00Z",
        "hs_lastmodifieddate": "2026-06-30T12:00:00Z",
        "hs_lead_name": "A",
        "hs_object_id": lead_id,
        "hs_pipeline": "lead-pipeline-id",
        "hs_pipeline_stage": "new-stage-id",
    }


def test_a_lead_needs_a_name_and_a_contact_that_exists(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    nameless = lead_of(hubspot, contact_id, hs_lead_label="WARM")
    assert nameless.json()["context"] == {"properties": ["hs_lead_name"]}
    assert lead_of(hubspot, "1", hs_lead_name="A").status_code == 400
    alone = hubspot("POST", path("leads"), json={"properties": {"hs_lead_name": "A"}})
    assert alone.status_code == 400
    assert hubspot("GET", path("leads")).json() == {"results": []}


def test_an_account_without_leads_forbids_them(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_has_leads=False)
    answer = hubspot("GET", path("leads"))
    assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
    scopes = answer.json()["errors"][0]["context"]["requiredGranularScopes"]
    assert scopes == ["crm.objects.leads.read", "crm.objects.leads.write"]


def test_a_line_item_costs_price_times_quantity(hubspot: HubSpot) -> None:
    item_id = create(hubspot, "line_items")
    assert read(hubspot, "line_items", item_id, "amount")["amount"] == "30"
    body = {"properties": {"amount": "5"}}
    answer = hubspot("PATCH", path("line_items", item_id), json=body)
    assert codes(answer) == [("READ_ONLY_VALUE", "amount")]


@pytest.mark.parametrize(
    ("held", "likely"), [("qualifiedtobuy", "0.4"), ("closedwon", "1.0"), ("closedlost", "0.0")]
)
def test_a_deal_is_as_likely_as_its_stage(hubspot: HubSpot, held: str, likely: str) -> None:
    deal_id = create(hubspot, "deals", dealstage=held)
    found = read(hubspot, "deals", deal_id, "hs_deal_stage_probability")
    assert found["hs_deal_stage_probability"] == likely


def linked(hubspot: HubSpot, contact_id: str, kind: str) -> str:
    """Create a record that a contact is associated with."""
    other = create(hubspot, kind)
    link = f"/crm/v4/objects/contacts/{contact_id}/associations/default/{kind}/{other}"
    hubspot("PUT", link).raise_for_status()
    return other


def test_the_contacts_of_a_company_are_counted_without_moving_it(
    hubspot: HubSpot, admin: Admin
) -> None:
    company_id = linked(hubspot, hubspot.create(email="a@b.example"), "companies")
    other = hubspot.create(email="c@b.example")
    admin.advance(60)
    hubspot("PUT", f"/crm/v4/objects/contacts/{other}/associations/default/companies/{company_id}")
    assert read(hubspot, "companies", company_id, "num_associated_contacts") == {
        "createdate": "2026-06-30T12:00:00Z",
        "hs_lastmodifieddate": "2026-06-30T12:00:00Z",
        "hs_object_id": company_id,
        "num_associated_contacts": "2",
    }


def test_the_activities_of_a_contact_are_counted_and_the_last_talk_told(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    for kind in ("calls", "notes"):
        linked(hubspot, contact_id, kind)
    names = ("num_notes", "num_contacted_notes", "notes_last_contacted")
    found = hubspot.read(contact_id, *names)
    assert [found[name] for name in names] == ["2", "1", WHEN]


def test_further_inline_associations_are_behind_a_link(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_association_page_size=1)
    contact_id = hubspot.create(email="a@b.example")
    deals = [linked(hubspot, contact_id, "deals") for _ in range(2)]
    answer = hubspot("GET", path("contacts", contact_id), params={"associations": "deal"}).json()
    page = answer["associations"]["deals"]
    assert [found["id"] for found in page["results"]] == deals[:1]
    link = page["paging"]["next"]["link"]
    rest = hubspot.session.get(link, timeout=10).json()["results"]
    assert [str(found.get("id") or found.get("toObjectId")) for found in rest] == deals[1:]


def test_an_account_may_tell_where_a_record_is_seen(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example")
    assert "url" not in hubspot("GET", path("contacts", contact_id)).json()
    admin.setting(hubspot_record_urls=True)
    url = f"https://app.hubspot.com/contacts/{PORTAL}/record/0-1/{contact_id}"
    assert hubspot("GET", path("contacts", contact_id)).json()["url"] == url
