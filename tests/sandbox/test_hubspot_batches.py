from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes

TRACE = "objectWriteTraceId"


def test_a_batch_update_changes_what_it_finds_and_tells_the_rest(hubspot: HubSpot) -> None:
    ids = [contact["id"] for contact in hubspot.contacts(2)]
    inputs = [{"id": known, "properties": {"city": "Oslo"}} for known in [*ids, "1"]]
    answer = hubspot.batch("update", inputs)
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert {hubspot.read(known, "city")["city"] for known in ids} == {"Oslo"}


def test_one_bad_value_refuses_the_whole_batch(hubspot: HubSpot) -> None:
    first, second = (contact["id"] for contact in hubspot.contacts(2))
    inputs = [
        {"id": first, "properties": {"city": "Oslo"}},
        {"id": second, "properties": {"nope": "1"}},
    ]
    assert codes(hubspot.batch("update", inputs)) == [("PROPERTY_DOESNT_EXIST", "nope")]
    assert hubspot.read(first, "city")["city"] != "Oslo"


@pytest.mark.parametrize("verb", ["create", "update", "upsert"])
def test_every_unknown_property_of_a_batch_is_named(hubspot: HubSpot, verb: str) -> None:
    names = ("nope", "never", "nope")
    by = {"idProperty": "email"} if verb == "upsert" else {}
    inputs = [{"id": str(n), "properties": {name: "1"}, **by} for n, name in enumerate(names)]
    unknown = [("PROPERTY_DOESNT_EXIST", "nope"), ("PROPERTY_DOESNT_EXIST", "never")]
    assert codes(hubspot.batch(verb, inputs)) == unknown


@pytest.mark.parametrize("verb", ["create", "update", "upsert"])
@pytest.mark.parametrize("values", [5, "city", ["city"]])
def test_the_properties_of_an_input_are_an_object(hubspot: HubSpot, verb: str, values: Any) -> None:
    inputs = [{"id": "1", "idProperty": "email", "properties": values}]
    assert hubspot.batch(verb, inputs).json()["category"] == "VALIDATION_ERROR"


def test_an_address_comes_once_in_a_batch_however_it_is_spelt(hubspot: HubSpot) -> None:
    ids = ("B1@ex.example", "b1@ex.example ")
    inputs = [{"id": i, "idProperty": "email", "properties": {"city": "Oslo"}} for i in ids]
    answer = hubspot.batch("upsert", inputs)
    message = "Duplicate IDs found in batch input: [b1@ex.example]. IDs must be unique"
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_batch_update_goes_by_record_id_only(hubspot: HubSpot) -> None:
    entry = {"id": "a@b.example", "idProperty": "email", "properties": {"city": "Oslo"}}
    answer = hubspot.batch("update", [entry])
    message = "Unable to perform update/upsert by non-unique 0-1 property email"
    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_batch_creates_all_or_none_and_archives(hubspot: HubSpot) -> None:
    inputs = [{"properties": {"email": f"{name}@b.example"}} for name in ("a", "b")]
    created = hubspot.batch("create", inputs)
    assert created.status_code == 201
    again = hubspot.batch("create", [{"properties": {"email": "c@b.example"}}, inputs[0]])
    assert again.status_code == 409
    ids = [{"id": contact["id"]} for contact in created.json()["results"]]
    assert hubspot.batch("archive", ids).status_code == 204
    assert hubspot.search().json()["total"] == len(hubspot.contacts(100))
    assert hubspot.batch("read", ids).json()["results"] == []


def person(name: str, trace: str = "", **more: Any) -> dict[str, Any]:
    """Return an input that creates a contact."""
    entry = {"properties": {"email": f"{name}@b.example", **more}}
    return {**entry, TRACE: trace} if trace else entry


def test_inputs_with_trace_ids_fail_alone(hubspot: HubSpot) -> None:
    known = hubspot.create(email="a@b.example")
    inputs = [person("a", "t1"), person("b", "t2"), person("c", "t3", hs_lead_status="Nope")]
    answer = hubspot.batch("create", inputs)
    body = answer.json()
    assert (answer.status_code, body["status"], body["numErrors"]) == (207, "COMPLETE", 2)
    assert [result[TRACE] for result in body["results"]] == ["t2"]
    assert body["errors"][0] == {
        "status": "error",
        "category": "CONFLICT",
        "message": f"Contact already exists. Existing ID: {known}",
        "context": {TRACE: ["t1"], "existingId": [known]},
    }
    assert body["errors"][1]["context"] == {TRACE: ["t3"]}


def test_an_unknown_property_refuses_the_whole_batch_whatever_is_traced(hubspot: HubSpot) -> None:
    inputs = [person("a", "t1"), person("b", "t2", nope="1")]
    assert codes(hubspot.batch("create", inputs)) == [("PROPERTY_DOESNT_EXIST", "nope")]
    assert hubspot.search().json()["total"] == len(hubspot.contacts(100))


def test_one_address_twice_in_a_batch_is_a_conflict(hubspot: HubSpot) -> None:
    assert hubspot.batch("create", [person("a"), person("a")]).status_code == 409


@pytest.mark.parametrize("verb", ["create", "update", "upsert", "archive", "read"])
def test_a_batch_has_100_inputs_at_most(hubspot: HubSpot, verb: str) -> None:
    entry = {"id": "1", "idProperty": "email", "properties": {"city": "Oslo"}}
    inputs = [{**entry, "id": str(number)} for number in range(101)]
    assert hubspot.batch(verb, inputs).status_code == 400


@pytest.mark.parametrize("verb", ["create", "update", "upsert", "read"])
def test_a_batch_of_nothing_is_complete(hubspot: HubSpot, verb: str) -> None:
    answer = hubspot("POST", f"{CONTACTS}/batch/{verb}", json={})
    now = "2026-06-30T12:00:00Z"
    empty = {"status": "COMPLETE", "results": [], "startedAt": now, "completedAt": now}
    assert (answer.status_code, answer.json()) == (200, empty)


def by_email(name: str, **properties: Any) -> dict[str, Any]:
    """Return an input that upserts a contact."""
    return {"id": f"{name}@b.example", "idProperty": "email", "properties": properties}


def test_an_upsert_creates_or_changes_and_says_which(hubspot: HubSpot) -> None:
    known = hubspot.create(email="a@b.example", city="Oslo")
    answer = hubspot.batch("upsert", [by_email("a", city="Bergen"), by_email("b", city="Roma")])
    told = {result["properties"]["email"]: result["new"] for result in answer.json()["results"]}
    assert (answer.status_code, told) == (200, {"a@b.example": False, "b@b.example": True})
    assert hubspot.read(known, "city")["city"] == "Bergen"


def test_an_upsert_by_an_additional_address_leaves_the_first_one(hubspot: HubSpot) -> None:
    known = hubspot.create(email="a@b.example", hs_additional_emails="c@b.example")
    [result] = hubspot.batch("upsert", [by_email("c", city="Oslo")]).json()["results"]
    assert (result["id"], result["new"]) == (known, False)
    assert hubspot.read(known, "email")["email"] == "a@b.example"


def test_an_upsert_by_address_fails_as_a_whole(hubspot: HubSpot) -> None:
    bad = {**by_email("b", hs_lead_status="Nope"), TRACE: "t2"}
    answer = hubspot.batch("upsert", [{**by_email("a", city="Oslo"), TRACE: "t1"}, bad])
    assert codes(answer) == [("INVALID_OPTION", "hs_lead_status")]
    assert hubspot("GET", f"{CONTACTS}/a@b.example?idProperty=email").status_code == 404


@pytest.mark.parametrize(("given", "named"), [("city", "city"), ("", "hs_object_id")])
def test_an_upsert_goes_by_a_unique_property_only(hubspot: HubSpot, given: str, named: str) -> None:
    entry = {"id": "7", "idProperty": given, "properties": {"city": "Oslo"}}
    message = f"Unable to perform update/upsert by non-unique 0-1 property {named}"
    assert hubspot.batch("upsert", [entry]).json()["message"] == message


def test_an_upsert_by_a_property_of_ones_own_may_fail_in_part(hubspot: HubSpot) -> None:
    body = {"name": "mine", "label": "Mine", "type": "string", "fieldType": "text"}
    more = {"groupName": "contactinformation", "hasUniqueValue": True}
    hubspot("POST", "/crm/v3/properties/contacts", json={**body, **more})
    rows = {"x": {"city": "Oslo"}, "y": {"email": "nobody"}}
    inputs = [{"id": k, "idProperty": "mine", "properties": v, TRACE: k} for k, v in rows.items()]
    answer = hubspot.batch("upsert", inputs).json()
    assert [(result[TRACE], result["new"]) for result in answer["results"]] == [("x", True)]
    assert answer["errors"][0]["context"] == {TRACE: ["y"], "ids": ["y"]}
    read = hubspot.batch("read", [{"id": "x"}], idProperty="mine", properties=["mine"]).json()
    assert [result["properties"]["mine"] for result in read["results"]] == ["x"]


def test_a_batch_reads_histories(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", city="Oslo")
    hubspot.patch(contact_id, city="Bergen")
    answer = hubspot.batch("read", [{"id": contact_id}], propertiesWithHistory=["city"]).json()
    entry = {
        "timestamp": "2026-06-30T12:00:00Z",
        "sourceType": "INTEGRATION",
        "sourceId": "4096512",
        "sourceLabel": "Leadcycle service key",
    }
    assert answer["results"][0]["propertiesWithHistory"]["city"] == [
        {"value": "Bergen", **entry},
        {"value": "Oslo", **entry},
    ]


def test_a_batch_reads_archived_records_when_asked_for_them(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    hubspot("DELETE", f"{CONTACTS}/{contact_id}")
    body = {"inputs": [{"id": contact_id}]}
    answer = hubspot("POST", f"{CONTACTS}/batch/read?archived=true", json=body).json()
    assert [(found["id"], found["archived"]) for found in answer["results"]] == [(contact_id, True)]


def test_a_portals_rule_refuses_one_row_of_a_batch(hubspot: HubSpot, admin: Admin) -> None:
    ids = [hubspot.create(email=f"{name}@b.example") for name in "ab"]
    rule = {"object": "contacts", "properties": ["phone"], "when": {"lifecyclestage": ["customer"]}}
    admin.setting(hubspot_required_properties=[rule])
    rows = zip(ids, ({"lifecyclestage": "customer"}, {"city": "Oslo"}), strict=True)
    inputs = [{"id": i, "properties": values} for i, values in rows]
    path = "/crm/objects/2026-09/contacts/batch/update"
    answer = hubspot("POST", path, json={"inputs": inputs})
    assert (answer.status_code, [r["id"] for r in answer.json()["results"]]) == (207, ids[1:])
    [error] = answer.json()["errors"]
    assert (error["category"], error["context"]) == (
        "VALIDATION_ERROR",
        {"properties": ["phone"], "ids": ids[:1]},
    )
