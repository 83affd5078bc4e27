from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, HubSpot


def test_a_list_goes_on_at_the_id_of_the_next_contact(hubspot: HubSpot) -> None:
    page = hubspot("GET", CONTACTS, params={"limit": 2, "properties": "email"}).json()
    following = page["paging"]["next"]
    rest = hubspot.session.get(following["link"], timeout=10).json()["results"]
    ids = [contact["id"] for contact in page["results"]]
    assert rest[0]["id"] == following["after"]
    assert sorted(ids, key=int) == ids
    assert following["after"] not in ids


def test_pages_hold_every_living_contact_once(hubspot: HubSpot) -> None:
    found, after = [], "0"
    while after:
        page = hubspot("GET", CONTACTS, params={"limit": 7, "after": after}).json()
        found += [contact["id"] for contact in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after", "")
    total = hubspot.search().json()["total"]
    assert (len(found), len(set(found))) == (total, total)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"limit": 100}, 200),
        ({"limit": 101}, 400),
        ({"limit": 50, "propertiesWithHistory": "email"}, 200),
        ({"limit": 51, "propertiesWithHistory": "email"}, 400),
        ({"after": "abc"}, 400),
    ],
)
def test_pages_are_small_and_smaller_with_history(
    hubspot: HubSpot, params: dict[str, Any], status: int
) -> None:
    assert hubspot("GET", CONTACTS, params=params).status_code == status


def test_a_defined_property_without_a_value_is_null_and_an_undefined_one_is_left_out(
    hubspot: HubSpot,
) -> None:
    contact_id = hubspot.create(email="a@b.example")
    assert hubspot.read(contact_id, "company", "nope") == {
        "company": None,
        "createdate": "2026-06-30T12:00:00Z",
        "hs_object_id": contact_id,
        "lastmodifieddate": "2026-06-30T12:00:00Z",
    }


@pytest.mark.parametrize("names", ["email,phone", ["email", "phone"]])
def test_properties_may_be_repeated_or_separated_by_commas(hubspot: HubSpot, names: Any) -> None:
    [contact] = hubspot.contacts(1, properties=names)
    assert {"email", "phone"} <= set(contact["properties"])


@pytest.mark.parametrize(
    "path",
    ["/crm/objects/2026-09/contacts", "/crm/objects/v3/0-1", "/crm/v3/objects/CONTACT/"],
)
def test_every_spelling_of_the_path_leads_to_the_same_contacts(hubspot: HubSpot, path: str) -> None:
    assert hubspot("GET", path, params={"limit": 3}).json()["results"] == hubspot.contacts(3)


def test_an_archived_contact_keeps_its_history(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", city="Oslo")
    hubspot.patch(contact_id, city="Roma")
    hubspot("DELETE", f"{CONTACTS}/{contact_id}")
    params = {"archived": "true", "propertiesWithHistory": "city"}
    found = hubspot("GET", f"{CONTACTS}/{contact_id}", params=params).json()
    assert [one["value"] for one in found["propertiesWithHistory"]["city"]] == ["Roma", "Oslo"]


def test_unknown_object_types_and_paths_are_refused(hubspot: HubSpot) -> None:
    answer = hubspot("GET", "/crm/v3/objects/butterflies")
    assert answer.status_code == 400
    assert answer.json()["message"] == "Unable to infer object type from: butterflies"
    assert hubspot("GET", "/crm/objects/2019-01/contacts").status_code == 404
    assert hubspot("PUT", CONTACTS).status_code == 405


def test_a_contact_that_is_not_there_is_a_page_of_html(hubspot: HubSpot) -> None:
    answer = hubspot("GET", f"{CONTACTS}/1")
    assert (answer.status_code, answer.headers["X-HubSpot-NotFound"]) == (404, "true")
    assert answer.headers["Content-Type"] == "text/html;charset=iso-8859-1"


def test_a_contact_is_found_by_any_of_its_addresses(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="A@B.example", hs_additional_emails="c@d.example")
    for address in ("a@b.example", "C@D.example"):
        answer = hubspot("GET", f"{CONTACTS}/{address}", params={"idProperty": "email"})
        assert answer.json()["id"] == contact_id


def test_an_address_is_no_pattern(hubspot: HubSpot) -> None:
    hubspot.create(email="a@b.example", hs_additional_emails="axb@d.example")
    answer = hubspot("GET", f"{CONTACTS}/a_b@d.example", params={"idProperty": "email"})
    assert answer.status_code == 404


def test_archived_contacts_show_only_when_asked_for(hubspot: HubSpot) -> None:
    [contact] = hubspot.contacts(1)
    path = f"{CONTACTS}/{contact['id']}"
    assert hubspot("DELETE", path).status_code == 204
    assert hubspot("GET", path).status_code == 404
    archived = hubspot("GET", path, params={"archived": "True"}).json()
    assert (archived["archived"], archived["archivedAt"]) == (True, "2026-06-30T12:00:00Z")
    assert contact["id"] in [found["id"] for found in hubspot.contacts(9, archived="true")]


def test_a_batch_comes_in_another_order_and_tells_of_those_not_found(hubspot: HubSpot) -> None:
    ids = [contact["id"] for contact in hubspot.contacts(20)]
    answer = hubspot.batch("read", [{"id": known} for known in [*ids, "1"]])
    found = [contact["id"] for contact in answer.json()["results"]]
    assert answer.status_code == 207
    assert found != ids
    assert sorted(found) == sorted(ids)
    assert answer.json()["errors"][0]["context"] == {"ids": ["1"]}


def test_a_batch_without_inputs_does_nothing_in_silence(hubspot: HubSpot) -> None:
    answer = hubspot("POST", f"{CONTACTS}/batch/update", json={})
    assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize(
    ("count", "body", "status"),
    [(100, {}, 207), (101, {}, 400), (51, {"propertiesWithHistory": ["email"]}, 400)],
)
def test_batches_have_a_size(hubspot: HubSpot, count: int, body: Any, status: int) -> None:
    inputs = [{"id": str(number)} for number in range(1, count + 1)]
    assert hubspot.batch("read", inputs, **body).status_code == status


def test_an_id_twice_in_a_batch_is_refused(hubspot: HubSpot) -> None:
    answer = hubspot.batch("read", [{"id": "7"}, {"id": 7}])
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Duplicate IDs found in batch input: [7]")
