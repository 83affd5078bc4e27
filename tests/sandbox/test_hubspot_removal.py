"""What becomes of archived records, and of people who want to be forgotten."""

import requests

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes

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


def test_an_erased_contact_leaves_nothing_behind(hubspot: HubSpot, admin: Admin) -> None:
    hubspot.submit(hubspot.form("Contact us"), email="a@b.example", firstname="Ada")
    contact_id = hubspot("GET", f"{CONTACTS}/a@b.example?idProperty=email").json()["id"]
    assert erase(hubspot, contact_id).status_code == 204
    for archived in ("true", "false"):
        answer = hubspot("GET", f"{CONTACTS}/{contact_id}", params={"archived": archived})
        assert answer.status_code == 404
    dump = admin.dump()["hubspot"]
    assert "a@b.example" not in str(dump)
    assert contact_id not in [str(line["record_id"]) for line in dump["history"]]


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
