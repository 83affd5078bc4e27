from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot

WHEN = "2026-06-29T08:00:00Z"


def create(hubspot: HubSpot, kind: str, *links: tuple[str, int], **properties: str) -> str:
    """Create a record with associations: pairs of the other's id and a type."""
    associations = [
        {
            "to": {"id": to_id},
            "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}],
        }
        for to_id, type_id in links
    ]
    body = {"properties": properties, "associations": associations}
    answer = hubspot("POST", f"/crm/v3/objects/{kind}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def company(hubspot: HubSpot) -> str:
    return create(hubspot, "companies", name="Acme", domain="acme.example")


@pytest.fixture
def contact(hubspot: HubSpot, company: str) -> str:
    return create(hubspot, "contacts", (company, 279), email="a@acme.example")


def read(hubspot: HubSpot, pair: str, *ids: str, version: str = "v4") -> Any:
    path = f"/crm/{version}/associations/{pair}/batch/read"
    if version != "v4":
        path = f"/crm/associations/{version}/{pair}/batch/read"
    return hubspot("POST", path, json={"inputs": [{"id": known} for known in ids]})


def types(hubspot: HubSpot, pair: str, record_id: str) -> dict[str, list[int]]:
    """Return the ids of the types by the id of the other record."""
    return {
        str(to["toObjectId"]): [kind["typeId"] for kind in to["associationTypes"]]
        for result in read(hubspot, pair, record_id).json()["results"]
        for to in result["to"]
    }


def test_a_contacts_first_company_is_its_primary_one_in_both_directions(
    hubspot: HubSpot, contact: str, company: str
) -> None:
    assert types(hubspot, "contacts/companies", contact) == {company: [1, 279]}
    assert types(hubspot, "companies/contacts", company) == {contact: [2, 280]}


def test_v3_tells_of_as_many_as_the_account_shows_at_once(
    hubspot: HubSpot, admin: Admin, company: str, contact: str
) -> None:
    other = create(hubspot, "contacts", (company, 279), email="b@acme.example")
    admin.setting(hubspot_association_page_size=1)
    path = "/crm/v3/associations/companies/contacts/batch/read"
    pages = [
        hubspot("POST", path, json={"inputs": [{"id": company, **after}]}).json()["results"][0]
        for after in ({}, {"after": contact})
    ]
    assert [{to["id"] for to in page["to"]} for page in pages] == [{contact}, {other}]
    assert [page.get("paging") for page in pages] == [{"next": {"after": contact}}, None]


def test_a_batch_tells_labels_and_who_has_no_association(
    hubspot: HubSpot, contact: str, company: str
) -> None:
    lonely = hubspot.create(email="b@acme.example")
    answer = read(hubspot, "contacts/companies", contact, lonely)
    kinds = [
        {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": label}
        for type_id, label in ((1, "Primary"), (279, None))
    ]
    to = {"toObjectId": int(company), "associationTypes": kinds}
    body = answer.json()
    assert (answer.status_code, body["numErrors"]) == (207, 1)
    assert body["results"] == [{"from": {"id": contact}, "to": [to]}]
    assert body["errors"] == [nobody(lonely)]


def nobody(contact_id: str) -> dict[str, Any]:
    """Return what a batch tells of a contact without a company."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No company is associated with contact {contact_id}.",
        "context": {
            "fromObjectId": [contact_id],
            "fromObjectType": ["contact"],
            "toObjectType": ["company"],
        },
    }


def test_date_based_versions_answer_with_ids_as_texts(
    hubspot: HubSpot, contact: str, company: str
) -> None:
    answer = read(hubspot, "0-1/0-2", contact, version="2026-09")
    assert answer.status_code == 200
    assert answer.json()["results"][0]["to"][0]["toObjectId"] == company


@pytest.mark.parametrize(
    ("name", "kind", "back"),
    [
        ("deals", 3, 4),
        ("calls", 194, 193),
        ("emails", 198, 197),
        ("meetings", 200, 199),
        ("notes", 202, 201),
        ("tasks", 204, 203),
    ],
)
def test_each_pair_of_objects_has_its_types(
    hubspot: HubSpot, contact: str, name: str, kind: int, back: int
) -> None:
    moment = {} if name == "deals" else {"hs_timestamp": WHEN}
    record_id = create(hubspot, name, (contact, kind), **(moment or {"dealname": "D"}))
    assert types(hubspot, f"{name}/contacts", record_id) == {contact: [kind]}
    assert types(hubspot, f"contacts/{name}", contact) == {record_id: [back]}


def test_inline_associations_repeat_a_labelled_record(
    hubspot: HubSpot, contact: str, company: str
) -> None:
    deal = create(hubspot, "deals", (contact, 3), dealname="D")
    params = {"associations": "companies,deals,calls"}
    shown = hubspot("GET", f"/crm/v3/objects/contacts/{contact}", params=params).json()
    assert shown["associations"] == {
        "companies": {
            "results": [
                {"id": company, "type": "contact_to_company"},
                {"id": company, "type": "contact_to_company_unlabeled"},
            ]
        },
        "deals": {"results": [{"id": deal, "type": "contact_to_deal"}]},
    }


def test_a_new_primary_company_takes_the_label_from_the_old(
    hubspot: HubSpot, contact: str, company: str
) -> None:
    other = create(hubspot, "companies", name="Other")
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies/{other}"
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
    assert hubspot("PUT", path, json=[spec]).json()["labels"] == ["Primary"]
    assert types(hubspot, "contacts/companies", contact) == {company: [279], other: [1, 279]}


@pytest.mark.parametrize("root", ["/crm/v4/objects", "/crm/objects/2026-09"])
def test_a_default_association_is_set_listed_and_removed(
    hubspot: HubSpot, company: str, root: str
) -> None:
    deal = create(hubspot, "deals", dealname="D")
    path = f"{root}/deals/{deal}/associations"
    made = hubspot("PUT", f"{path}/default/companies/{company}").json()
    assert [entry["associationSpec"]["associationTypeId"] for entry in made["results"]] == [
        341,
        342,
    ]
    [listed] = hubspot("GET", f"{path}/companies").json()["results"]
    assert [kind["typeId"] for kind in listed["associationTypes"]] == [5, 341]
    assert hubspot("DELETE", f"{path}/companies/{company}").status_code == 204
    assert hubspot("GET", f"{path}/companies").json() == {"results": []}
    assert types(hubspot, "companies/deals", company) == {}


@pytest.mark.parametrize("archived", ["contacts", "companies"])
def test_an_archived_record_is_associated_with_nobody(
    hubspot: HubSpot, contact: str, company: str, archived: str
) -> None:
    record_id = contact if archived == "contacts" else company
    hubspot("DELETE", f"/crm/v3/objects/{archived}/{record_id}")
    assert types(hubspot, "contacts/companies", contact) == {}
    assert types(hubspot, "companies/contacts", company) == {}


def test_many_associations_of_one_record_come_in_pages(
    hubspot: HubSpot, admin: Admin, contact: str
) -> None:
    admin.setting(hubspot_association_page_size=2)
    deals = [create(hubspot, "deals", (contact, 3), dealname=name) for name in "abc"]
    first = read(hubspot, "contacts/deals", contact).json()["results"][0]
    inputs = [{"id": contact, "after": first["paging"]["next"]["after"]}]
    path = "/crm/v4/associations/contacts/deals/batch/read"
    rest = hubspot("POST", path, json={"inputs": inputs}).json()["results"][0]
    assert "paging" not in rest
    assert [str(to["toObjectId"]) for to in (*first["to"], *rest["to"])] == deals


def test_an_association_leaves_the_stamps_of_both_records_alone(
    hubspot: HubSpot, admin: Admin, contact: str
) -> None:
    admin.advance(60)
    create(hubspot, "deals", (contact, 3), dealname="D")
    assert hubspot.read(contact)["lastmodifieddate"] == "2026-06-30T12:00:00Z"


@pytest.mark.parametrize(
    ("type_id", "to_id"), [(3, ""), (999, ""), (279, "1")], ids=["other object", "none", "nobody"]
)
def test_a_record_with_an_impossible_association_is_not_created(
    hubspot: HubSpot, company: str, type_id: int, to_id: str
) -> None:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    link = {"to": {"id": to_id or company}, "types": [spec]}
    body = {"properties": {"email": "x@acme.example"}, "associations": [link]}
    answer = hubspot("POST", "/crm/v3/objects/contacts", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    path = "/crm/v3/objects/contacts/x@acme.example"
    assert hubspot("GET", path, params={"idProperty": "email"}).status_code == 404


def test_a_thousand_records_are_the_most_of_a_batch(hubspot: HubSpot) -> None:
    ids = [str(number) for number in range(1, 1002)]
    assert read(hubspot, "contacts/deals", *ids[:1000]).status_code == 207
    assert read(hubspot, "contacts/deals", *ids).status_code == 400
