"""Webhooks: what is told of records, and what is not."""

from typing import Any

from tests.sandbox.clients import Admin, HubSpot
from tests.sandbox.webhooks import APP, Developer, Receiver, deliver


def test_removals_merges_and_restores_are_told(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    for event in ("deletion", "restore", "merge", "privacyDeletion"):
        developer.subscribe(f"contact.{event}")
    first, second = (int(hubspot.create(email=f"{name}@b.example")) for name in "ab")
    hubspot("DELETE", f"/crm/v3/objects/contacts/{first}")
    restored = {"crm": "hubspot", "object": "contacts", "record_id": str(first), "user": 0}
    admin("POST", "restores", restored).raise_for_status()
    merge = {"primaryObjectId": str(first), "objectIdToMerge": str(second)}
    survivor = hubspot("POST", "/crm/v3/objects/contacts/merge", json=merge).json()["id"]
    erased = {"objectId": survivor}
    hubspot("POST", "/crm/v3/objects/contacts/gdpr-delete", json=erased).raise_for_status()
    deliver(admin)
    told = [(event["subscriptionType"], event["objectId"]) for event in receiver.events]
    assert told == [
        ("contact.deletion", first),
        ("contact.restore", first),
        ("contact.merge", int(survivor)),
        ("contact.privacyDeletion", int(survivor)),
    ]
    merged = receiver.events[2]
    assert (merged["primaryObjectId"], merged["mergedObjectIds"]) == (first, [second])
    assert merged["newObjectId"] == int(survivor)


def test_a_merge_tells_whether_the_api_or_a_person_made_it(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.merge")
    first, second, third = (hubspot.create(email=f"{name}@b.example") for name in "abc")
    merge = {"primaryObjectId": first, "objectIdToMerge": second}
    survivor = hubspot("POST", "/crm/v3/objects/contacts/merge", json=merge).json()["id"]
    by_hand = {"crm": "hubspot", "object": "contacts", "winner": survivor, "losers": [third]}
    admin("POST", "merges", {**by_hand, "user": 0}).raise_for_status()
    deliver(admin)
    by_api, by_person = receiver.events
    assert (by_api["changeSource"], by_api["sourceId"]) == ("INTEGRATION", "4096512")
    assert by_person["changeSource"] == "CRM_UI"
    assert by_person["sourceId"].startswith("userId:")


def associated(event: dict[str, Any]) -> tuple[str, int, int, int, bool]:
    keys = ("associationType", "fromObjectId", "toObjectId", "associationTypeId")
    kind, first, second, type_id = (event[key] for key in keys)
    return kind, first, second, type_id, event["associationRemoved"]


def company(hubspot: HubSpot, name: str) -> int:
    body = {"properties": {"name": name}}
    return int(hubspot("POST", "/crm/v3/objects/companies", json=body).json()["id"])


def test_an_association_is_told_at_both_ends_and_the_primary_one_apart(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.associationChange")
    developer.subscribe("company.associationChange")
    person, firm = int(hubspot.create(email="a@b.example")), company(hubspot, "B")
    path = f"/crm/v4/objects/contacts/{person}/associations"
    hubspot("PUT", f"{path}/default/companies/{firm}")
    hubspot("DELETE", f"{path}/companies/{firm}")
    deliver(admin)
    assert {*map(associated, receiver.events)} == {
        (*ends, type_id, removed)
        for removed in (False, True)
        for *ends, types in (
            ("CONTACT_TO_COMPANY", person, firm, (279, 1)),
            ("COMPANY_TO_CONTACT", firm, person, (280, 2)),
        )
        for type_id in types
    }
    assert len(receiver.events) == 8


def test_a_company_that_is_no_longer_the_primary_one_is_told(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    person = int(hubspot.create(email="a@b.example"))
    first, second = (company(hubspot, name) for name in "AB")
    path = f"/crm/v4/objects/contacts/{person}/associations"
    for firm in (first, second):
        hubspot("PUT", f"{path}/default/companies/{firm}")
    developer.subscribe("contact.associationChange")
    primary = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    hubspot("PUT", f"{path}/companies/{second}", json=primary)
    deliver(admin)
    assert [*map(associated, receiver.events)] == [
        ("CONTACT_TO_COMPANY", person, first, 1, True),
        ("CONTACT_TO_COMPANY", person, second, 1, False),
    ]


def test_what_was_so_before_is_not_told(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    person, firm, other = hubspot.create(email="a@b.example"), *(company(hubspot, n) for n in "AB")
    path = f"/crm/v4/objects/contacts/{person}/associations"
    hubspot("PUT", f"{path}/default/companies/{firm}")
    developer.subscribe("contact.associationChange")
    primary = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    hubspot("PUT", f"{path}/default/companies/{firm}")
    hubspot("PUT", f"{path}/companies/{firm}", json=primary)
    hubspot("DELETE", f"{path}/companies/{other}")
    hubspot("DELETE", f"/crm/v3/objects/contacts/{person}/associations/companies/{other}/1")
    assert admin("GET", "webhooks").json() == {"waiting": 0}


def test_subscriptions_of_the_new_kind_are_to_any_object(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("object.creation", objectTypeId="0-3")
    hubspot("POST", "/crm/v3/objects/deals", json={"properties": {"dealname": "D"}})
    hubspot.create(email="a@b.example")
    deliver(admin)
    [event] = receiver.events
    assert (event["subscriptionType"], event["objectTypeId"]) == ("object.creation", "0-3")


def test_nothing_is_told_to_a_subscription_that_is_not_active(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    known = developer.subscribe("contact.creation")
    path = f"{APP}/subscriptions/{known}"
    assert developer("PATCH", path, {"active": False}).json()["active"] is False
    hubspot.create(email="a@b.example")
    inputs = [{"id": int(known), "active": True}]
    changed = developer("POST", f"{APP}/subscriptions/batch/update", {"inputs": inputs}).json()
    assert changed["results"] == [developer("GET", path).json()]
    hubspot.create(email="b@b.example")
    assert deliver(admin)["sent"] == 1
    assert developer("DELETE", path).status_code == 204
    assert developer("GET", f"{APP}/subscriptions").json() == {"results": []}


def test_what_is_not_delivered_yet_goes_with_its_subscription(
    developer: Developer, hubspot: HubSpot, admin: Admin
) -> None:
    known = developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    assert admin("GET", "webhooks").json() == {"waiting": 1}
    developer("DELETE", f"{APP}/subscriptions/{known}")
    assert admin("GET", "webhooks").json() == {"waiting": 0}
