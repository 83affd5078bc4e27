"""Types that HubSpot knows in every account, beside those that the invented company uses."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot

OBJECTS = "/crm/v3/objects"
HAD = {
    "communications": "0-18",
    "postal_mail": "0-116",
    "quotes": "0-14",
    "goal_targets": "0-74",
    "deal_splits": "0-72",
    "forms": "0-28",
    "users": "0-115",
    "carts": "0-142",
    "orders": "0-123",
    "invoices": "0-53",
    "commerce_payments": "0-101",
    "subscriptions": "0-69",
    "discounts": "0-84",
    "fees": "0-85",
    "taxes": "0-86",
}
UNBOUGHT = {
    "feedback_submissions": "0-19",
    "appointments": "0-421",
    "courses": "0-410",
    "listings": "0-420",
    "services": "0-162",
    "projects": "0-970",
}
SMS = {"hs_timestamp": "2026-06-30T09:00:00Z", "hs_communication_channel_type": "SMS"}


@pytest.fixture
def every(admin: Admin) -> dict[str, str]:
    """Every type, in an account that has bought and switched on all of them."""
    admin.setting(hubspot_unbought_objects=[], hubspot_search_limit=1000)
    return {**HAD, **UNBOUGHT}


def make(hubspot: HubSpot, name: str, values: dict[str, Any], **more: Any) -> Any:
    answer = hubspot("POST", f"{OBJECTS}/{name}", json={"properties": values, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_every_type_is_there_by_name_and_id_and_empty(
    hubspot: HubSpot, every: dict[str, str]
) -> None:
    paths = [f"{OBJECTS}/{known}" for pair in every.items() for known in pair]
    answers = {path: hubspot("GET", path) for path in paths}
    bodies = {path: answer.json() for path, answer in answers.items()}
    assert bodies == {path: {"results": []} for path in paths}


def test_every_type_is_searched_by_its_date_of_change(
    hubspot: HubSpot, every: dict[str, str]
) -> None:
    body = {"sorts": ["hs_lastmodifieddate"], "query": "word"}
    found = {n: hubspot("POST", f"{OBJECTS}/{n}/search", json=body).json() for n in every}
    assert found == {name: {"total": 0, "results": []} for name in every}


def test_every_type_has_dates_an_id_and_an_owner(hubspot: HubSpot, every: dict[str, str]) -> None:
    shared = {"hs_createdate", "hs_lastmodifieddate", "hs_object_id", "hubspot_owner_id"}
    for name in every:
        listed = hubspot("GET", f"/crm/v3/properties/{name}").json()["results"]
        [group] = hubspot("GET", f"/crm/v3/properties/{name}/groups").json()["results"]
        assert shared < {known["name"] for known in listed}
        assert {known["groupName"] for known in listed} == {group["name"]}


@pytest.mark.parametrize("name", UNBOUGHT)
def test_what_the_subscription_leaves_out_lacks_its_scopes(hubspot: HubSpot, name: str) -> None:
    scopes = [f"crm.objects.{name}.read", f"crm.objects.{name}.write"]
    for path in (f"{OBJECTS}/{name}", f"/crm/v3/properties/{UNBOUGHT[name]}"):
        answer = hubspot("GET", path)
        assert (answer.status_code, answer.json()["category"]) == (403, "MISSING_SCOPES")
        [error] = answer.json()["errors"]
        assert error["context"] == {"requiredGranularScopes": scopes}


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("crm.objects.contacts.read", f"{OBJECTS}/communications"),
        ("crm.objects.contacts.read", f"{OBJECTS}/0-116"),
        ("crm.objects.goals.read", f"{OBJECTS}/goal_targets"),
        ("crm.objects.deals.read", f"{OBJECTS}/deal_splits"),
        ("forms", "/properties/v2/form/properties"),
        ("crm.objects.commercepayments.read", f"{OBJECTS}/commerce_payments"),
        ("crm.objects.line_items.read", f"{OBJECTS}/line_items"),
        ("e-commerce", f"{OBJECTS}/products"),
        ("crm.schemas.quotes.read", "/crm/v3/properties/quotes"),
        ("crm.schemas.custom.read", "/crm/v3/schemas"),
        ("settings.users.read", "/settings/v3/users"),
        ("settings.users.teams.read", "/settings/v3/users/teams"),
    ],
)
def test_each_type_has_its_scope(hubspot: HubSpot, admin: Admin, scope: str, path: str) -> None:
    admin.setting(hubspot_withheld_scopes=[scope])
    body = hubspot("GET", path).json()
    assert body["category"] == "MISSING_SCOPES"
    assert body["errors"][0]["context"] == {"requiredGranularScopes": [scope]}


def test_a_message_needs_its_moment_and_is_associated_like_any_activity(hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="sms@types.example")
    to_contact = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 81}
    link = [{"to": {"id": contact_id}, "types": [to_contact]}]
    made = make(hubspot, "communications", SMS, associations=link)
    path = f"/crm/v4/objects/contacts/{contact_id}/associations/communications"
    [found] = hubspot("GET", path).json()["results"]
    assert found["toObjectId"] == int(made["id"])
    assert [kind["typeId"] for kind in found["associationTypes"]] == [82]
    body = {"properties": {"hs_communication_body": "Hi"}}
    assert hubspot("POST", f"{OBJECTS}/communications", json=body).status_code == 400


def test_an_activity_of_a_further_type_is_not_merged(hubspot: HubSpot) -> None:
    first, second = (make(hubspot, "communications", SMS)["id"] for _ in range(2))
    body = {"primaryObjectId": first, "objectIdToMerge": second}
    assert hubspot("POST", f"{OBJECTS}/communications/merge", json=body).status_code == 400


def test_a_quote_shows_its_title_and_state(hubspot: HubSpot) -> None:
    values = {"hs_title": "Pumps", "hs_expiration_date": "2026-09-30", "hs_status": "DRAFT"}
    made = make(hubspot, "quotes", values)
    properties = hubspot("GET", f"{OBJECTS}/0-14/{made['id']}").json()["properties"]
    assert properties == {
        **values,
        "hs_createdate": "2026-06-30T12:00:00Z",
        "hs_lastmodifieddate": "2026-06-30T12:00:00Z",
        "hs_object_id": made["id"],
        "hs_public_url_key": None,
    }


@pytest.mark.parametrize(
    ("name", "to_name", "there", "back"),
    [
        ("quotes", "deals", 64, 63),
        ("invoices", "contacts", 177, 178),
        ("orders", "deals", 512, 511),
        ("postal_mail", "tickets", 455, 456),
        ("goal_targets", "deals", 1356, 1357),
    ],
)
def test_association_types_are_the_documented_ones(
    hubspot: HubSpot, name: str, to_name: str, there: int, back: int
) -> None:
    pairs = ((name, to_name), (to_name, name))
    paths = [f"/crm/v4/associations/{first}/{second}/labels" for first, second in pairs]
    kinds = [hubspot("GET", path).json()["results"] for path in paths]
    assert [[kind["typeId"] for kind in listed] for listed in kinds] == [[there], [back]]


def test_counts_and_dump_tell_of_a_further_type_once_it_is_used(
    hubspot: HubSpot, admin: Admin
) -> None:
    seeded = admin("GET", "counts").json()["hubspot"], admin.dump()["hubspot"]
    assert not {"communications", "quotes"} & (seeded[0].keys() | seeded[1].keys())
    made = make(hubspot, "communications", SMS)
    field = {"name": "tone", "label": "Tone", "type": "string", "fieldType": "text"}
    path = "/crm/v3/properties/quotes"
    hubspot("POST", path, json={**field, "groupName": "quoteinformation"}).raise_for_status()
    dump = admin.dump()["hubspot"]
    assert [str(row["id"]) for row in dump["communications"]] == [made["id"]]
    assert "tone" in [known["name"] for known in dump["properties"]["quotes"]]
    counts = admin("GET", "counts").json()["hubspot"]
    assert counts["communications"] == {"living": 1, "archived": 0}
