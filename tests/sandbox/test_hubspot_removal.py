"""What becomes of archived records, and of people who want to be forgotten."""

import sqlite3
from contextlib import closing
from pathlib import Path

import requests

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes, filtered
from tests.sandbox.webhooks import Developer, Receiver, deliver

DAY = 86_400


def archive(hubspot: HubSpot, contact_id: str) -> None:
    hubspot("DELETE", f"{CONTACTS}/{contact_id}").raise_for_status()


def restore(admin: Admin, record_id: str) -> requests.Response:
    body = {"crm": "hubspot", "object": "contacts", "record_id": record_id, "user": 1}
    return admin("POST", "restores", body)


def test_a_restored_contact_is_listed_again_with_a_new_date(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example", city="Oslo")
    archive(hubspot, contact_id)
    admin.advance(60)
    assert restore(admin, contact_id).json() == {"restored": contact_id}
    found = hubspot("GET", f"{CONTACTS}/{contact_id}").json()
    assert (found["archived"], found["updatedAt"]) == (False, "2026-06-30T12:01:00Z")
    assert hubspot.history(contact_id, "city")[0]["value"] == "Oslo"
    assert contact_id not in [c["id"] for c in hubspot.contacts(100, archived="true")]


def test_a_contact_whose_address_was_taken_since_is_not_restored(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example")
    archive(hubspot, contact_id)
    hubspot.create(email="a@b.example")
    assert restore(admin, contact_id).status_code == 400


def test_what_is_not_archived_is_not_restored(hubspot: HubSpot, admin: Admin) -> None:
    assert restore(admin, hubspot.create(email="a@b.example")).status_code == 400


def test_the_recycle_bin_keeps_records_for_90_days(hubspot: HubSpot, admin: Admin) -> None:
    contact_id = hubspot.create(email="a@b.example")
    archive(hubspot, contact_id)
    path = f"{CONTACTS}/{contact_id}"
    admin.advance(90 * DAY - 1)
    assert hubspot("GET", path, params={"archived": "true"}).status_code == 200
    admin.advance(1)
    assert hubspot("GET", path, params={"archived": "true"}).status_code == 404
    assert contact_id not in [c["id"] for c in hubspot.contacts(100, archived="true")]
    assert restore(admin, contact_id).status_code == 400
    lines = admin.dump()["hubspot"]["history"]
    assert contact_id not in [str(line["record_id"]) for line in lines]


def erase(hubspot: HubSpot, key: str, **more: str) -> requests.Response:
    return hubspot("POST", f"{CONTACTS}/gdpr-delete", json={"objectId": key, **more})


def everything_kept(state: Path) -> str:
    """Return every row of every table of the state, as text."""
    with closing(sqlite3.connect(state / "sandbox.sqlite")) as connection:
        names = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return str([connection.execute(f"select * from {name}").fetchall() for (name,) in names])


def test_an_erased_contact_leaves_nothing_behind(
    hubspot: HubSpot, admin: Admin, developer: Developer, state: Path
) -> None:
    developer.subscribe("contact.propertyChange", propertyName="email")
    developer.subscribe("object.propertyChange", propertyName="city", objectTypeId="0-1")
    admin.setting(hubspot_search_lag_seconds=86_400)
    hubspot.submit(hubspot.form("Contact us"), email="ada@b.example", firstname="Ada-Lovelace")
    contact_id = hubspot("GET", f"{CONTACTS}/ada@b.example?idProperty=email").json()["id"]
    hubspot.patch(contact_id, city="Adaville")
    erase(hubspot, contact_id).raise_for_status()
    for archived in ("true", "false"):
        answer = hubspot("GET", f"{CONTACTS}/{contact_id}", params={"archived": archived})
        assert answer.status_code == 404
    kept = everything_kept(state)
    assert not [text for text in ("ada@b", "Ada-Lovelace", "Adaville") if text in kept]


def test_nothing_is_left_under_the_ids_that_an_erased_contact_had_before_its_merges(
    hubspot: HubSpot, admin: Admin, state: Path
) -> None:
    first, second, third = (hubspot.create(email=f"ada{n}@b.example") for n in range(3))
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"}
    made = hubspot("POST", "/crm/v3/lists", json=body).json()["list"]["listId"]
    path = f"/crm/v3/lists/{made}/memberships"
    hubspot("PUT", f"{path}/add", json=[first, second, third]).raise_for_status()
    admin.setting(hubspot_search_lag_seconds=86_400)
    merged = merge(hubspot, third, merge(hubspot, first, second))
    erase(hubspot, merged).raise_for_status()
    assert hubspot.search(filtered("email", "CONTAINS_TOKEN", "ada*")).json()["total"] == 0
    assert "ada1@b" not in everything_kept(state)
    assert rows_of_list(state) == []


def merge(hubspot: HubSpot, primary: str, other: str) -> str:
    body = {"primaryObjectId": primary, "objectIdToMerge": other}
    return str(hubspot("POST", f"{CONTACTS}/merge", json=body).json()["id"])


def rows_of_list(state: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(state / "sandbox.sqlite")) as connection:
        return connection.execute("select record_id from hubspot_list_members").fetchall()


def test_that_somebody_was_erased_is_delivered_and_what_they_had_written_is_not(
    hubspot: HubSpot, admin: Admin, developer: Developer, receiver: Receiver
) -> None:
    developer.subscribe("contact.propertyChange", propertyName="email")
    developer.subscribe("contact.privacyDeletion")
    erase(hubspot, hubspot.create(email="ada@b.example")).raise_for_status()
    hubspot.create(email="bob@b.example")
    deliver(admin)
    told = [(event["subscriptionType"], event.get("propertyValue")) for event in receiver.events]
    assert told == [
        ("contact.privacyDeletion", None),
        ("contact.propertyChange", "bob@b.example"),
    ]


def test_an_archived_contact_can_be_erased(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example")
    archive(hubspot, contact_id)
    assert erase(hubspot, contact_id).status_code == 204
    assert contact_id not in [c["id"] for c in hubspot.contacts(100, archived="true")]


def test_an_erased_address_can_not_be_typed_in_again_but_a_form_brings_it_back(
    hubspot: HubSpot,
) -> None:
    hubspot.create(email="a@b.example", hs_additional_emails="c@d.example")
    assert erase(hubspot, "a@b.example", idProperty="email").status_code == 204
    for email in ("A@b.example", "c@d.example"):
        answer = hubspot("POST", CONTACTS, json={"properties": {"email": email}})
        assert codes(answer) == [("INVALID_EMAIL", "email")]
        assert answer.json()["errors"][0]["message"] == "email has been GDPR blocklisted"
    hubspot.submit(hubspot.form("Contact us"), email="a@b.example")
    assert hubspot("GET", f"{CONTACTS}/a@b.example?idProperty=email").status_code == 200


def test_an_address_that_nobody_has_is_blocked_all_the_same(hubspot: HubSpot) -> None:
    assert erase(hubspot, "a@b.example", idProperty="email").status_code == 204
    answer = hubspot("POST", CONTACTS, json={"properties": {"email": "a@b.example"}})
    assert answer.status_code == 400
    assert erase(hubspot, "1").status_code == 404


def test_an_account_may_let_erased_addresses_in(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_gdpr_blocklist=False)
    erase(hubspot, hubspot.create(email="a@b.example"))
    assert hubspot.create(email="a@b.example")


def test_only_contacts_are_erased(hubspot: HubSpot) -> None:
    answer = hubspot("POST", "/crm/v3/objects/deals/gdpr-delete", json={"objectId": "1"})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_nothing_of_an_erased_contact_comes_back_while_the_company_lives_on(
    hubspot: HubSpot, admin: Admin
) -> None:
    ids = {contact["id"] for contact in hubspot.contacts(100)}
    for contact_id in ids:
        erase(hubspot, contact_id).raise_for_status()
    admin("POST", "live", {"days": 60}).raise_for_status()
    dump = admin.dump()["hubspot"]
    told = {str(line["record_id"]) for line in dump["history"] if line["object_type"] == "contacts"}
    sent = {str(submission["contact_id"]) for submission in dump["submissions"]}
    held = {str(r["from_id"]) for r in dump["associations"] if r["from_type"] == "contacts"}
    assert (told | sent | held) & ids == set()
