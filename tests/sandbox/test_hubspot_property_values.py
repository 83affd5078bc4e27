"""What becomes of values when the definition of their property changes."""

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, codes
from tests.sandbox.properties import PATH, create


def test_a_retyped_property_shows_as_text_what_does_not_fit(
    hubspot: HubSpot,
) -> None:
    create(hubspot, type="string", fieldType="text")
    contact = hubspot.create(email="a@b.example", mine="hello")
    moment = {"type": "datetime", "fieldType": "date"}
    hubspot("PATCH", f"{PATH}/mine", json=moment).raise_for_status()
    assert hubspot.read(contact, "mine")["mine"] == "hello"
    hubspot.patch(contact, mine="2026-01-01T00:00:00Z").raise_for_status()
    shown = [entry["value"] for entry in hubspot.history(contact, "mine")]
    assert shown == ["2026-01-01T00:00:00Z", "hello"]
    assert hubspot("GET", f"/ui/hubspot/contacts/{contact}").status_code == 200


def test_a_record_with_an_archived_property_is_restored_and_shown(
    hubspot: HubSpot, admin: Admin
) -> None:
    create(hubspot)
    contact = hubspot.create(email="a@b.example", mine="1")
    for path in (f"{CONTACTS}/{contact}", f"{PATH}/mine"):
        assert hubspot("DELETE", path).status_code == 204
    body = {"crm": "hubspot", "object": "contacts", "record_id": contact}
    assert admin("POST", "restores", body).status_code == 200
    assert hubspot("GET", f"/ui/hubspot/contacts/{contact}").status_code == 200


def test_an_archived_property_takes_no_values_and_is_listed_apart(hubspot: HubSpot) -> None:
    create(hubspot)
    contact = hubspot.create(email="a@b.example", mine="1")
    assert hubspot("DELETE", f"{PATH}/mine").status_code == 204
    assert hubspot.patch(contact, mine="2").json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert "mine" not in hubspot.read(contact, "mine")
    [gone] = hubspot("GET", PATH, params={"archived": "true"}).json()["results"]
    assert (gone["name"], gone["archived"], gone["archivedAt"]) == (
        "mine",
        True,
        "2026-06-30T12:00:00Z",
    )
    read = [hubspot("GET", f"{PATH}/mine", params={"archived": a}) for a in ("false", "true")]
    assert [answer.status_code for answer in read] == [404, 200]


def test_a_custom_lifecycle_stage_has_a_number_and_takes_its_place(hubspot: HubSpot) -> None:
    options = hubspot("GET", f"{PATH}/lifecyclestage").json()["options"]
    options.insert(2, {"label": "Trial", "value": "2444598513"})
    numbered = [{**option, "displayOrder": place} for place, option in enumerate(options)]
    changed = hubspot("PATCH", f"{PATH}/lifecyclestage", json={"options": numbered})
    assert [option["value"] for option in changed.json()["options"]][1:4] == [
        "lead",
        "2444598513",
        "marketingqualifiedlead",
    ]
    contact = hubspot.create(email="a@b.example", lifecyclestage="2444598513")
    hubspot.patch(contact, lifecyclestage="lead")
    assert hubspot.read(contact, "lifecyclestage")["lifecyclestage"] == "2444598513"


def test_a_unique_number_is_one_value_however_it_is_written(hubspot: HubSpot) -> None:
    create(hubspot, type="number", fieldType="number", hasUniqueValue=True)
    contact = hubspot.create(email="a@b.example", mine="5")
    body = {"properties": {"email": "c@d.example", "mine": "5.0"}}
    refused = hubspot("POST", CONTACTS, json=body)
    assert codes(refused) == [("CONFLICTING_UNIQUE_VALUE", "mine")]
    params = {"idProperty": "mine"}
    read = [hubspot("GET", f"{CONTACTS}/{text}", params=params) for text in ("+5.", "x", "0")]
    assert [answer.status_code for answer in read] == [200, 404, 404]
    assert read[0].json()["id"] == contact


def test_a_cleared_unique_number_is_no_zero(hubspot: HubSpot) -> None:
    create(hubspot, type="number", fieldType="number", hasUniqueValue=True)
    hubspot.patch(hubspot.create(email="a@b.example", mine="5"), mine="").raise_for_status()
    hubspot.create(email="c@d.example", mine="0")


@pytest.mark.parametrize("text", ["20260101", "2026-W01-1", "2026-1-1"])
def test_a_date_is_written_with_year_month_and_day(hubspot: HubSpot, text: str) -> None:
    create(hubspot, type="date", fieldType="date")
    contact = hubspot.create(email="a@b.example", mine="2026-01-01")
    assert codes(hubspot.patch(contact, mine=text)) == [("INVALID_DATE", "mine")]
