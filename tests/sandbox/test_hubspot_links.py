"""Associations beyond single ones over v4: v3, batches, labels, leads, tickets, custom objects."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot

V4 = "/crm/v4/associations"
DATED = "/crm/associations/2026-09"


def create(hubspot: HubSpot, kind: str, **properties: str) -> str:
    answer = hubspot("POST", f"/crm/v3/objects/{kind}", json={"properties": properties})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def pair(hubspot: HubSpot) -> tuple[str, str]:
    """A contact and a company that are not associated."""
    return hubspot.create(email="a@acme.example"), create(hubspot, "companies", name="Acme")


def spec(type_id: int, category: str = "HUBSPOT_DEFINED") -> dict[str, Any]:
    return {"associationCategory": category, "associationTypeId": type_id}


def types(hubspot: HubSpot, contact: str, to: str = "companies") -> list[int]:
    listed = hubspot("GET", f"/crm/v4/objects/contacts/{contact}/associations/{to}").json()
    return [kind["typeId"] for one in listed["results"] for kind in one["associationTypes"]]


def batch(hubspot: HubSpot, verb: str, *inputs: Any, root: str = V4) -> Any:
    return hubspot("POST", f"{root}/contacts/companies/batch/{verb}", json={"inputs": list(inputs)})


def test_v3_associates_by_the_name_of_the_type_and_lists_a_labelled_record_twice(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    contact, company = pair
    path = f"/crm/v3/objects/contacts/{contact}/associations/companies"
    made = hubspot("PUT", f"{path}/{company}/contact_to_company_unlabeled").json()
    listed = hubspot("GET", path).json()["results"]
    assert made["associations"]["companies"]["results"] == listed
    assert listed == [
        {"id": company, "type": "contact_to_company"},
        {"id": company, "type": "contact_to_company_unlabeled"},
    ]
    assert hubspot("DELETE", f"{path}/{company}/1").status_code == 204
    assert hubspot("GET", path).json() == {"results": listed[1:]}
    assert hubspot("PUT", f"{path}/{company}/nonsense").status_code == 400


def test_v3_pages_through_associations(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    contact, first = pair
    second = create(hubspot, "companies", name="Beta")
    for company in (first, second):
        hubspot(
            "PUT", f"/crm/v4/objects/contacts/{contact}/associations/default/companies/{company}"
        )
    path = f"/crm/v3/objects/contacts/{contact}/associations/companies"
    page = hubspot("GET", path, params={"limit": 1}).json()
    rest = hubspot("GET", path, params=page["paging"]["next"]).json()
    assert {one["id"] for one in page["results"]} == {first}
    assert rest == {"results": [{"id": second, "type": "contact_to_company_unlabeled"}]}


def test_v3_batches_create_read_and_archive(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    contact, company = pair
    root = "/crm/v3/associations"
    one = {"from": {"id": contact}, "to": {"id": company}, "type": "contact_to_company"}
    made = batch(hubspot, "create", one, root=root)
    assert (made.status_code, made.json()["results"]) == (201, [one])
    read = batch(hubspot, "read", {"id": contact}, {"id": "1"}, root=root)
    to = [{"id": company, "type": f"contact_to_company{end}"} for end in ("", "_unlabeled")]
    assert (read.status_code, read.json()["results"]) == (
        207,
        [{"from": {"id": contact}, "to": to}],
    )
    assert batch(hubspot, "archive", one, root=root).status_code == 204
    assert types(hubspot, contact) == [279]


def test_v3_batch_create_says_which_end_is_missing(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    one = {"from": {"id": pair[0]}, "to": {"id": "1"}, "type": "contact_to_company"}
    answer = batch(hubspot, "create", one, root="/crm/v3/associations")
    [error] = answer.json()["errors"]
    assert answer.status_code == 207
    assert error["subCategory"] == "crm.associations.TO_OBJECT_NOT_FOUND"
    assert error["context"] == {"toObjectId": ["1"], "toObjectType": ["company"]}


def test_v3_tells_the_types_between_two_objects(hubspot: HubSpot) -> None:
    listed = hubspot("GET", "/crm/v3/associations/deals/companies/types").json()["results"]
    assert {(one["id"], one["name"]) for one in listed} == {
        ("341", "deal_to_company_unlabeled"),
        ("5", "deal_to_company"),
    }


@pytest.mark.parametrize("root", [V4, DATED])
def test_batches_create_and_archive_associations(
    hubspot: HubSpot, pair: tuple[str, str], root: str
) -> None:
    contact, company = pair
    ends = {"from": {"id": contact}, "to": {"id": company}}
    made = batch(hubspot, "create", {**ends, "types": [spec(1)]}, root=root)
    as_shown = int if root == V4 else str
    assert (made.status_code, made.json()["results"]) == (
        201,
        [
            {
                "fromObjectTypeId": "0-1",
                "fromObjectId": as_shown(contact),
                "toObjectTypeId": "0-2",
                "toObjectId": as_shown(company),
                "labels": ["Primary"],
            }
        ],
    )
    gone = batch(hubspot, "archive", {"from": ends["from"], "to": [ends["to"]]}, root=root)
    assert (gone.status_code, types(hubspot, contact)) == (204, [])


def test_a_batch_associates_whom_it_finds_and_names_the_others(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    contact, company = pair
    good = {"from": {"id": contact}, "to": {"id": company}, "types": [spec(279)]}
    bad = {"from": {"id": "1"}, "to": {"id": company}, "types": [spec(279)]}
    answer = batch(hubspot, "create", good, bad)
    [error] = answer.json()["errors"]
    assert (answer.status_code, len(answer.json()["results"])) == (207, 1)
    assert error["subCategory"] == "crm.associations.FROM_OBJECT_NOT_FOUND"
    assert types(hubspot, contact) == [1, 279]


def test_a_default_batch_answers_with_both_directions(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    contact, company = pair
    ends = {"from": {"id": contact}, "to": {"id": company}}
    made = batch(hubspot, "associate/default", ends).json()["results"]
    assert made == [
        {**ends, "associationSpec": spec(279)},
        {"from": ends["to"], "to": ends["from"], "associationSpec": spec(280)},
    ]


def test_labels_alone_can_be_taken_away(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    contact, company = pair
    one = {"from": {"id": contact}, "to": {"id": company}, "types": [spec(1)]}
    batch(hubspot, "create", one)
    assert batch(hubspot, "labels/archive", one).status_code == 204
    assert types(hubspot, contact) == [279]


def test_two_thousand_inputs_are_the_most_of_a_batch_that_writes(hubspot: HubSpot) -> None:
    inputs = [{"from": {"id": "1"}, "to": {"id": "1"}, "types": []}] * 2_001
    assert batch(hubspot, "create", *inputs).status_code == 400
    assert batch(hubspot, "create", *inputs[:2_000]).status_code == 207


def labels(hubspot: HubSpot, pair: str = "contacts/companies") -> list[Any]:
    found: list[Any] = hubspot("GET", f"{V4}/{pair}/labels").json()["results"]
    return found


def define(hubspot: HubSpot, **words: str) -> list[dict[str, Any]]:
    path = f"{V4}/contacts/companies/labels"
    made: list[dict[str, Any]] = hubspot("POST", path, json={"name": "n", **words}).json()[
        "results"
    ]
    return made


def test_paired_labels_say_something_else_in_each_direction(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    contact, company = pair
    there, back = define(hubspot, label="Adviser", inverseLabel="Advised by")
    assert (there["category"], there["label"], back["label"]) == (
        "USER_DEFINED",
        "Adviser",
        "Advised by",
    )
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}"
    made = hubspot("PUT", path, json=[spec(there["typeId"], "USER_DEFINED")])
    assert made.json()["labels"] == ["Adviser"]
    listed = hubspot("GET", f"/crm/v4/objects/companies/{company}/associations/contacts").json()
    assert back in listed["results"][0]["associationTypes"]
    assert there["typeId"] in types(hubspot, contact)


def test_a_label_is_renamed_and_deleted_with_its_associations(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    contact, company = pair
    [made, _] = define(hubspot, label="Adviser")
    kind, path = spec(made["typeId"], "USER_DEFINED"), f"{V4}/contacts/companies/labels"
    hubspot(
        "PUT", f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}", json=[kind]
    )
    renamed = {"associationTypeId": made["typeId"], "label": "Counsel"}
    assert hubspot("PUT", path, json=renamed).status_code == 204
    assert "Counsel" in [one["label"] for one in labels(hubspot, "companies/contacts")]
    assert hubspot("DELETE", f"{path}/{made['typeId']}").status_code == 204
    assert types(hubspot, contact) == [1, 279]
    assert [one["typeId"] for one in labels(hubspot)] == [279, 1]


def test_a_label_exists_once_and_hubspots_own_stay(hubspot: HubSpot) -> None:
    define(hubspot, label="Adviser")
    path = f"{V4}/contacts/companies/labels"
    again = hubspot("POST", path, json={"name": "n", "label": "Adviser"})
    assert [again.status_code, hubspot("DELETE", f"{path}/1").status_code] == [409, 400]
    assert hubspot("DELETE", f"{path}/3").status_code == 404


def test_the_category_belongs_to_the_type(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    contact, company = pair
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}"
    assert hubspot("PUT", path, json=[spec(279, "USER_DEFINED")]).status_code == 400


@pytest.mark.parametrize(
    ("kind", "to", "type_ids"), [("tickets", "contacts", [16]), ("tickets", "companies", [26, 339])]
)
def test_tickets_have_types_of_their_own(
    hubspot: HubSpot, pair: tuple[str, str], kind: str, to: str, type_ids: list[int]
) -> None:
    ticket = create(hubspot, kind, subject="Help", hs_pipeline="0", hs_pipeline_stage="1")
    other = pair[0] if to == "contacts" else pair[1]
    path = f"/crm/v4/objects/{kind}/{ticket}/associations"
    hubspot("PUT", f"{path}/default/{to}/{other}")
    [listed] = hubspot("GET", f"{path}/{to}").json()["results"]
    assert [one["typeId"] for one in listed["associationTypes"]] == type_ids


def test_the_first_contact_of_a_lead_is_its_primary_one(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    body = {
        "properties": {"hs_lead_name": "Deal?"},
        "associations": [{"to": {"id": pair[0]}, "types": [spec(578)]}],
    }
    lead = hubspot("POST", "/crm/v3/objects/leads", json=body).json()["id"]
    [listed] = hubspot("GET", f"/crm/v4/objects/leads/{lead}/associations/contacts").json()[
        "results"
    ]
    assert [one["typeId"] for one in listed["associationTypes"]] == [578, 608]


def test_records_of_one_object_are_associated_in_both_directions(hubspot: HubSpot) -> None:
    first, second = (hubspot.create(email=f"{name}@b.example") for name in "ab")
    hubspot("PUT", f"/crm/v4/objects/contacts/{first}/associations/default/contacts/{second}")
    assert types(hubspot, first, "contacts") == types(hubspot, second, "contacts") == [449]


def test_a_custom_object_gets_a_type_of_the_accounts_own(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    schema = {
        "name": "machines",
        "labels": {"singular": "Machine", "plural": "Machines"},
        "primaryDisplayProperty": "serial",
        "requiredProperties": ["serial"],
        "properties": [
            {"name": "serial", "label": "Serial", "type": "string", "fieldType": "text"}
        ],
        "associatedObjects": ["CONTACT"],
    }
    made = hubspot("POST", "/crm-object-schemas/v3/schemas", json=schema)
    kind = made.json()["objectTypeId"]
    machine = create(hubspot, kind, serial="7")
    path = f"/crm/v4/objects/{kind}/{machine}/associations"
    put = hubspot("PUT", f"{path}/default/contacts/{pair[0]}").json()["results"][0]
    assert put["associationSpec"]["associationCategory"] == "USER_DEFINED"
    [listed] = hubspot("GET", f"{path}/contacts").json()["results"]
    assert listed["toObjectId"] == int(pair[0])
