from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, filtered


@pytest.fixture
def probes(hubspot: HubSpot, admin: Admin) -> HubSpot:
    """Three contacts a minute apart; the last has no city."""
    admin.setting(hubspot_search_limit=1000)
    for name, city in (("one", "Oslo"), ("two", "New Delhi"), ("three", "")):
        admin.advance(60)
        hubspot.create(email=f"{name}@probe.example", firstname=name, company="Probe", city=city)
    return hubspot


def found(hubspot: HubSpot, *filters: dict[str, Any], **body: Any) -> str:
    probe = filtered("company", "EQ", "PROBE")
    answer = hubspot.search(probe, *filters, properties=["firstname"], **body)
    assert answer.status_code == 200
    return " ".join(contact["properties"]["firstname"] for contact in answer.json()["results"])


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (filtered("city", "EQ", "oslo"), "one"),
        (filtered("city", "NEQ", "oslo"), "three two"),
        (filtered("city", "IN", values=["oslo", "paris"]), "one"),
        (filtered("city", "NOT_IN", values=["oslo"]), "three two"),
        (filtered("city", "HAS_PROPERTY"), "one two"),
        (filtered("city", "NOT_HAS_PROPERTY"), "three"),
        (filtered("city", "CONTAINS_TOKEN", "delhi"), "two"),
        (filtered("city", "NOT_CONTAINS_TOKEN", "delhi"), "one three"),
        (filtered("lastmodifieddate", "GTE", "1782820920000"), "three two"),
        (filtered("lastmodifieddate", "GT", "2026-06-30T12:02:00Z"), "three"),
        (filtered("lastmodifieddate", "LT", "2026-06-30T12:02:00Z"), "one"),
        (filtered("createdate", "LTE", "2026-06-30T12:02:00.000Z"), "one two"),
        (
            filtered("createdate", "BETWEEN", "1782820920000", highValue="1782820980000"),
            "three two",
        ),
    ],
)
def test_a_filter_finds_what_hubspot_would(probes: HubSpot, condition: Any, names: str) -> None:
    assert found(probes, condition, sorts=["firstname"]) == names


def test_groups_are_alternatives(probes: HubSpot) -> None:
    groups = [{"filters": [filtered("firstname", "EQ", name)]} for name in ("one", "three")]
    answer = probes("POST", f"{CONTACTS}/search", json={"filterGroups": groups})
    assert answer.json()["total"] == 2


def test_pages_go_by_offset(probes: HubSpot) -> None:
    company = filtered("company", "EQ", "Probe")
    sorts = [{"propertyName": "createdate", "direction": "DESCENDING"}]
    first = probes.search(company, limit=2, sorts=sorts).json()
    assert (first["total"], first["paging"]) == (3, {"next": {"after": "2"}})
    rest = probes.search(company, limit=2, sorts=sorts, after="2").json()
    assert [contact["properties"]["firstname"] for contact in rest["results"]] == ["one"]
    assert "paging" not in rest


def test_a_default_page_has_ten_contacts_with_the_default_properties(hubspot: HubSpot) -> None:
    results = hubspot.search().json()["results"]
    assert len(results) == 10
    assert sorted(results[0]["properties"]) == [
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9801"},
        {"sorts": ["email", "firstname"]},
        {"sorts": ["nope"]},
        {"query": "x" * 3001},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [filtered("email", "EQ", "x")] * 7}]},
        {"filterGroups": [{"filters": [filtered("email", "EQ", "x")] * 5}] * 4},
        {"filterGroups": [{"filters": [filtered("nope", "EQ", "x")]}]},
        {"filterGroups": [{"filters": [filtered("email", "EQ")]}]},
        {"filterGroups": [{"filters": [filtered("email", "IN")]}]},
        {"filterGroups": [{"filters": [filtered("email", "NEARLY", "x")]}]},
        {"filterGroups": [{"filters": [filtered("createdate", "GT", "soon")]}]},
        {"filterGroups": [{"filters": [filtered("associations.cars", "EQ", "1")]}]},
        {"after": "soon"},
    ],
)
def test_a_search_that_hubspot_refuses_is_refused(hubspot: HubSpot, body: dict[str, Any]) -> None:
    answer = hubspot("POST", f"{CONTACTS}/search", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_archived_contacts_are_never_found(probes: HubSpot) -> None:
    [contact] = probes.search(filtered("firstname", "EQ", "one")).json()["results"]
    probes("DELETE", f"{CONTACTS}/{contact['id']}")
    assert found(probes, sorts=["firstname"]) == "three two"


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (filtered("firstname", "IN", values=["One", "two"]), "two"),
        (filtered("city", "CONTAINS_TOKEN", "del"), ""),
        (filtered("city", "CONTAINS_TOKEN", "del*"), "two"),
        (filtered("city", "CONTAINS_TOKEN", "NEW delhi"), "two"),
        (filtered("email", "CONTAINS_TOKEN", "*@probe.example"), "one three two"),
        (filtered("email", "CONTAINS_TOKEN", "probe"), "one three two"),
        (filtered("hs_email_domain", "EQ", "Probe.example"), "one three two"),
        (filtered("lastmodifieddate", "GTE", "2026-06-30T12:02:00.000999Z"), "three two"),
        (filtered("lifecyclestage", "IN", values=["LEAD"]), "one three two"),
        (filtered("hs_v2_date_entered_lead", "GT", "2026-06-30T12:01:00Z"), "three two"),
        (filtered("num_associated_deals", "EQ", "0"), "one three two"),
    ],
)
def test_each_kind_of_property_is_compared_as_hubspot_does(
    probes: HubSpot, condition: Any, names: str
) -> None:
    assert found(probes, condition, sorts=["firstname"]) == names


def test_a_cleared_value_is_no_value_to_a_search(probes: HubSpot) -> None:
    [contact] = probes.search(filtered("firstname", "EQ", "one")).json()["results"]
    probes.patch(contact["id"], city="")
    assert found(probes, filtered("city", "HAS_PROPERTY")) == "two"
    assert found(probes, filtered("city", "NOT_HAS_PROPERTY"), sorts=["firstname"]) == "one three"


def test_dates_and_checkboxes_are_searched(probes: HubSpot) -> None:
    options = [{"label": name, "value": name} for name in ("a", "b", "ab")]
    for name, kind, field_type, more in (
        ("day", "date", "date", {}),
        ("boxes", "enumeration", "checkbox", {"options": options}),
    ):
        body = {"name": name, "label": name, "type": kind, "fieldType": field_type, **more}
        body["groupName"] = "contactinformation"
        probes("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    probes.create(company="Probe", firstname="four", day="2026-05-01", boxes="ab;b")
    for condition, names in (
        (filtered("day", "EQ", "1777593600000"), "four"),
        (filtered("day", "LT", "2026-05-01"), ""),
        (filtered("boxes", "IN", values=["b"]), "four"),
        (filtered("boxes", "EQ", "b;ab"), "four"),
        (filtered("boxes", "EQ", "a"), ""),
    ):
        assert found(probes, condition) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [("one", "one"), ("delhi", ""), ("PROBE thr", "three"), ("two@probe.example", "two")],
)
def test_a_query_looks_for_beginnings_of_words_in_the_default_properties(
    probes: HubSpot, query: str, names: str
) -> None:
    assert found(probes, query=query) == names


def test_associations_are_a_property_of_a_search(probes: HubSpot) -> None:
    [contact] = probes.search(filtered("firstname", "EQ", "one")).json()["results"]
    deals = "/crm/v3/objects/deals"
    ids = [
        probes("POST", deals, json={"properties": {"dealname": name}}).json()["id"] for name in "ab"
    ]
    link = f"/crm/v4/objects/contacts/{contact['id']}/associations/default/deals/{ids[0]}"
    probes("PUT", link)
    name = "associations.contact"
    mine = filtered("hs_object_id", "IN", values=ids)
    for condition, expected in (
        (filtered(name, "EQ", contact["id"]), ids[:1]),
        (filtered(name, "IN", values=["1", contact["id"]]), ids[:1]),
        (filtered(name, "NOT_HAS_PROPERTY"), ids[1:]),
    ):
        body = {"filterGroups": [{"filters": [mine, condition]}]}
        answer = probes("POST", f"{deals}/search", json=body).json()
        assert [deal["id"] for deal in answer["results"]] == expected


@pytest.mark.parametrize(
    "sort", ["-firstname", {"propertyName": "firstname", "direction": "DESCENDING"}]
)
def test_a_sort_is_a_name_or_an_object(probes: HubSpot, sort: Any) -> None:
    assert found(probes, sorts=[sort]) == "two three one"


def test_an_account_may_limit_the_body_of_a_search(probes: HubSpot, admin: Admin) -> None:
    names = [f"property_{number}" for number in range(300)]
    assert probes.search(properties=names).status_code == 200
    admin.setting(hubspot_search_body_limit=3000)
    assert probes.search(properties=names).status_code == 400


def test_each_change_takes_its_own_time_to_get_into_the_index(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin.setting(hubspot_search_limit=1000, hubspot_search_lag_seconds=60)
    ids = [hubspot.create(company="Probe", city="Oslo") for _ in range(9)]
    appeared = []
    for _ in range(7):
        answer = hubspot.search(filtered("company", "EQ", "Probe"), limit=100).json()
        appeared.append({contact["id"] for contact in answer["results"]})
        admin.advance(10)
    assert appeared[0] < appeared[3] < appeared[6] == set(ids)
    assert max(appeared[3], key=int) > min({*ids} - appeared[3], key=int)


def test_the_index_finds_by_what_a_record_was_and_shows_what_it_is(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(company="Probe", city="Oslo")
    admin.setting(hubspot_search_limit=1000, hubspot_search_lag_seconds=86_400)
    hubspot.patch(contact_id, city="Roma")
    in_oslo, in_roma = (filtered("city", "EQ", city) for city in ("Oslo", "Roma"))
    [result] = hubspot.search(in_oslo, properties=["city"]).json()["results"]
    assert (result["id"], result["properties"]["city"]) == (contact_id, "Roma")
    assert hubspot.search(in_roma).json()["total"] == 0
    admin.setting(hubspot_search_shows_current=False)
    [result] = hubspot.search(in_oslo, properties=["city"]).json()["results"]
    assert result["properties"]["city"] == "Oslo"
    admin.advance(86_400)
    assert hubspot.search(in_roma).json()["total"] == 1


def test_an_account_may_mix_the_results_of_a_page(probes: HubSpot, admin: Admin) -> None:
    for number in range(9):
        probes.create(company="Probe", firstname=f"f{number}")
    in_order = found(probes, sorts=["createdate"], limit=100)
    admin.setting(hubspot_search_shuffles=True)
    mixed = found(probes, sorts=["createdate"], limit=100)
    assert (sorted(mixed.split()), mixed != in_order) == (sorted(in_order.split()), True)
