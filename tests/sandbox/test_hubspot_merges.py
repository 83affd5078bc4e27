from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot


def merge(hubspot: HubSpot, primary: str, other: str) -> str:
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    answer = hubspot("POST", f"{CONTACTS}/merge", json=body)
    assert answer.status_code == 200
    return str(answer.json()["id"])


@pytest.fixture
def pair(hubspot: HubSpot, admin: Admin) -> tuple[str, str]:
    """Two contacts of one person, a minute apart; the second went further."""
    first = hubspot.create(email="a@b.example", city="Oslo", lifecyclestage="lead")
    admin.advance(60)
    second = hubspot.create(
        email="c@d.example", city="Bergen", company="B", lifecyclestage="customer"
    )
    admin.advance(60)
    return first, second


def test_a_merged_contact_has_a_new_id_that_both_old_ones_lead_to(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    survivor = merge(hubspot, *pair)
    assert survivor not in pair
    assert {hubspot("GET", f"{CONTACTS}/{known}").json()["id"] for known in pair} == {survivor}
    read = hubspot.batch("read", [{"id": known} for known in pair]).json()
    assert [found["id"] for found in read["results"]] == [survivor]
    listed = {contact["id"] for contact in hubspot.contacts(100)}
    assert listed & {*pair, survivor} == {survivor}


def test_the_first_ones_values_win_and_the_others_fill_the_gaps(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    survivor = merge(hubspot, *pair)
    names = ("email", "city", "company", "lifecyclestage", "hs_additional_emails")
    assert hubspot.read(survivor, *names, "hs_merged_object_ids") == {
        "email": "a@b.example",
        "city": "Oslo",
        "company": "B",
        "lifecyclestage": "customer",
        "hs_additional_emails": "c@d.example",
        "hs_merged_object_ids": ";".join(pair),
        "hs_object_id": survivor,
        "createdate": "2026-06-30T12:00:00Z",
        "lastmodifieddate": "2026-06-30T12:02:00Z",
    }


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("city", "Oslo", "2026-06-30T12:00:00Z"),
        ("company", "B", "2026-06-30T12:01:00Z"),
        ("lifecyclestage", "customer", "2026-06-30T12:01:00Z"),
    ],
)
def test_each_value_brings_its_own_history(
    hubspot: HubSpot, pair: tuple[str, str], name: str, value: str, at: str
) -> None:
    [entry] = hubspot.history(merge(hubspot, *pair), name)
    assert (entry["value"], entry["timestamp"]) == (value, at)


def test_the_others_address_is_taken_from_then_on(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    survivor = merge(hubspot, *pair)
    answer = hubspot("GET", f"{CONTACTS}/C@D.example", params={"idProperty": "email"})
    assert answer.json()["id"] == survivor
    taken = hubspot("POST", CONTACTS, json={"properties": {"email": "c@d.example"}})
    assert taken.status_code == 409


def test_an_account_may_keep_the_first_id(
    hubspot: HubSpot, admin: Admin, pair: tuple[str, str]
) -> None:
    admin.setting(hubspot_merge_keeps_id=True)
    first, second = pair
    assert merge(hubspot, first, second) == first
    assert hubspot.read(second, "hs_merged_object_ids")["hs_merged_object_ids"] == second
    [entry] = hubspot.history(first, "lifecyclestage")
    assert entry["value"] == "customer"


def test_ids_lead_to_the_survivor_through_several_merges(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    once = merge(hubspot, *pair)
    twice = merge(hubspot, hubspot.create(email="e@f.example"), once)
    assert {hubspot("GET", f"{CONTACTS}/{known}").json()["id"] for known in (*pair, once)} == {
        twice
    }
    merged = hubspot.read(twice, "hs_merged_object_ids")["hs_merged_object_ids"]
    assert {*pair, once} <= set(merged.split(";"))


def test_associations_and_forms_of_both_become_the_survivors(
    hubspot: HubSpot, admin: Admin, pair: tuple[str, str]
) -> None:
    companies = [link(hubspot, contact_id, "companies", name=contact_id) for contact_id in pair]
    deal = link(hubspot, pair[1], "deals", dealname="D")
    hubspot.submit(hubspot.form("Contact us"), email="c@d.example")
    survivor = merge(hubspot, *pair)
    assert types(hubspot, survivor, "companies") == {companies[0]: [1, 279], companies[1]: [279]}
    assert types(hubspot, survivor, "deals") == {deal: [4]}
    dump = admin.dump()["hubspot"]
    assert int(survivor) in [sent["contact_id"] for sent in dump["submissions"]]
    became = {merged["old_id"]: merged["survivor_id"] for merged in dump["merges"]}
    assert [became[int(known)] for known in pair] == [int(survivor)] * 2
    ends = [(row["from_type"], row["from_id"]) for row in dump["associations"]]
    assert not {("contacts", int(known)) for known in pair} & set(ends)


def test_a_contact_is_not_merged_with_itself_or_nobody(
    hubspot: HubSpot, pair: tuple[str, str]
) -> None:
    for other in (pair[0], "1"):
        body = {"primaryObjectId": pair[0], "objectIdToMerge": other}
        assert hubspot("POST", f"{CONTACTS}/merge", json=body).status_code == 400


def link(hubspot: HubSpot, contact_id: str, kind: str, **properties: str) -> str:
    """Create a record of an object and associate a contact with it."""
    made = hubspot("POST", f"/crm/v3/objects/{kind}", json={"properties": properties}).json()
    path = f"/crm/v4/objects/contacts/{contact_id}/associations/default/{kind}/{made['id']}"
    assert hubspot("PUT", path).status_code == 200
    return str(made["id"])


def types(hubspot: HubSpot, contact_id: str, name: str) -> dict[str, Any]:
    path = f"/crm/v4/objects/contacts/{contact_id}/associations/{name}"
    return {
        str(to["toObjectId"]): [kind["typeId"] for kind in to["associationTypes"]]
        for to in hubspot("GET", path).json()["results"]
    }


MERGED = {"companies": {"name": "A"}, "deals": {"dealname": "A"}, "tickets": {"subject": "A"}}


@pytest.mark.parametrize("name", MERGED)
def test_other_objects_merge_as_contacts_do(hubspot: HubSpot, name: str) -> None:
    required = {"hs_pipeline_stage": "1"} if name == "tickets" else {}
    objects = f"/crm/v3/objects/{name}"
    values = ({**MERGED[name], **required}, {**required, "hubspot_owner_id": ""})
    ids = [hubspot("POST", objects, json={"properties": v}).json()["id"] for v in values]
    body = {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]}
    survivor = hubspot("POST", f"{objects}/merge", json=body).json()["id"]
    params = {"properties": "hs_merged_object_ids"}
    for known in (*ids, survivor):
        found = hubspot("GET", f"{objects}/{known}", params=params).json()
        merged = found["properties"]["hs_merged_object_ids"]
        assert (found["id"], merged) == (survivor, ";".join(ids))


def test_the_further_stage_of_two_companies_stays(hubspot: HubSpot) -> None:
    objects = "/crm/v3/objects/companies"
    stages = ("lead", "customer")
    bodies = [{"properties": {"name": stage, "lifecyclestage": stage}} for stage in stages]
    ids = [hubspot("POST", objects, json=body).json()["id"] for body in bodies]
    body = {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]}
    survivor = hubspot("POST", f"{objects}/merge", json=body).json()["id"]
    params = {"properties": "name,lifecyclestage"}
    found = hubspot("GET", f"{objects}/{survivor}", params=params).json()["properties"]
    assert (found["name"], found["lifecyclestage"]) == ("lead", "customer")


def test_merged_vids_tell_of_the_last_merge_only(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    once = merge(hubspot, *pair)
    other = hubspot.create(email="e@f.example")
    twice = merge(hubspot, other, once)
    at = 1782820920000
    found = hubspot.read(twice, "hs_calculated_merged_vids", "hs_merged_object_ids")
    assert found["hs_calculated_merged_vids"] == f"{other}:{at};{once}:{at}"
    assert set(found["hs_merged_object_ids"].split(";")) == {*pair, once, other}


def test_a_cleared_value_is_a_gap_that_the_other_fills(hubspot: HubSpot) -> None:
    first = hubspot.create(email="a@b.example", city="Oslo")
    hubspot.patch(first, city="")
    second = hubspot.create(email="c@d.example", city="Bergen")
    assert hubspot.read(merge(hubspot, first, second), "city")["city"] == "Bergen"


def test_an_archived_contact_is_not_merged(hubspot: HubSpot, pair: tuple[str, str]) -> None:
    hubspot("DELETE", f"{CONTACTS}/{pair[1]}")
    body = {"primaryObjectId": pair[0], "objectIdToMerge": pair[1]}
    assert hubspot("POST", f"{CONTACTS}/merge", json=body).status_code == 400


def test_activities_are_not_merged(hubspot: HubSpot) -> None:
    body = {"primaryObjectId": "1", "objectIdToMerge": "2"}
    assert hubspot("POST", "/crm/v3/objects/notes/merge", json=body).status_code == 400


def test_people_merge_other_objects_on_their_pages(hubspot: HubSpot, admin: Admin) -> None:
    made = (
        hubspot("POST", "/crm/v3/objects/companies", json={"properties": {"name": n}}) for n in "ab"
    )
    winner, loser = (answer.json()["id"] for answer in made)
    body = {"crm": "hubspot", "object": "companies", "winner": winner, "losers": [loser]}
    survivor = admin("POST", "merges", body).json()["survivor"]
    assert hubspot("GET", f"/crm/v3/objects/companies/{loser}").json()["id"] == survivor
