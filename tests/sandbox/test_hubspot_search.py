import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from connectors.sandbox.server import RunningSandbox, build_app
from tests.sandbox.clients import CONTACTS, Admin, HubSpot, filtered
from tests.sandbox.conftest import PEOPLE, SEED, Stage


def probe(hubspot: HubSpot, admin: Admin) -> HubSpot:
    """Make three contacts a minute apart; the last has no city."""
    admin.setting(hubspot_search_limit=1000)
    for name, city in (("one", "Oslo"), ("two", "New Delhi"), ("three", "")):
        admin.advance(60)
        hubspot.create(email=f"{name}@probe.example", firstname=name, company="Probe", city=city)
    return hubspot


@pytest.fixture
def probes(hubspot: HubSpot, admin: Admin) -> HubSpot:
    """The three contacts, for a test that changes something."""
    return probe(hubspot, admin)


@pytest.fixture(scope="module")
def shared(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """A company for all tests of this module that only look."""
    state = shutil.copytree(drawn, tmp_path_factory.mktemp("shared") / "state")
    app = build_app(state, PEOPLE, SEED)
    yield app
    app.state.sandbox.store.close()


@pytest.fixture(scope="module")
def portal(shared: Starlette, stage: Stage) -> HubSpot:
    """The three contacts in it."""
    stage.app = shared
    running = RunningSandbox(stage.url, shared.state.sandbox.credentials(stage.url))
    return probe(HubSpot(running), Admin(running))


@pytest.fixture
def seen(portal: HubSpot, shared: Starlette, stage: Stage) -> HubSpot:
    """The three contacts, for a test that only looks."""
    stage.app = shared
    return portal


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
def test_a_filter_finds_what_hubspot_would(seen: HubSpot, condition: Any, names: str) -> None:
    assert found(seen, condition, sorts=["firstname"]) == names


def test_groups_are_alternatives(seen: HubSpot) -> None:
    groups = [{"filters": [filtered("firstname", "EQ", name)]} for name in ("one", "three")]
    answer = seen("POST", f"{CONTACTS}/search", json={"filterGroups": groups})
    assert answer.json()["total"] == 2


def test_filters_outside_of_groups_are_a_group(seen: HubSpot) -> None:
    alone = [filtered("company", "EQ", "Probe"), filtered("firstname", "NEQ", "one")]
    group = {"filters": [filtered("firstname", "EQ", "one"), filtered("company", "EQ", "Probe")]}
    bodies: list[Any] = [{"filters": alone}, {"filters": alone, "filterGroups": [group]}]
    found = [seen("POST", f"{CONTACTS}/search", json=body).json()["total"] for body in bodies]
    assert found == [2, 3]


def test_pages_go_by_offset(seen: HubSpot) -> None:
    company = filtered("company", "EQ", "Probe")
    sorts = [{"propertyName": "createdate", "direction": "DESCENDING"}]
    first = seen.search(company, limit=2, sorts=sorts).json()
    assert (first["total"], first["paging"]) == (3, {"next": {"after": "2"}})
    rest = seen.search(company, limit=2, sorts=sorts, after="2").json()
    assert [contact["properties"]["firstname"] for contact in rest["results"]] == ["one"]
    assert "paging" not in rest


def test_a_default_page_has_ten_contacts_with_the_default_properties(seen: HubSpot) -> None:
    results = seen.search().json()["results"]
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
        {"filters": [filtered("email", "EQ", "x")] * 7},
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
def test_a_search_that_hubspot_refuses_is_refused(seen: HubSpot, body: dict[str, Any]) -> None:
    answer = seen("POST", f"{CONTACTS}/search", json=body)
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
        (filtered("hs_email_domain", "NOT_CONTAINS_TOKEN", "probe"), ""),
        (filtered("hs_v2_date_entered_lead", "NOT_CONTAINS_TOKEN", "a[b]?"), "one three two"),
        (filtered("lastmodifieddate", "GTE", "2026-06-30T12:02:00.000999Z"), "three two"),
        (filtered("lifecyclestage", "IN", values=["LEAD"]), "one three two"),
        (filtered("hs_v2_date_entered_lead", "GT", "2026-06-30T12:01:00Z"), "three two"),
        (filtered("num_associated_deals", "EQ", "0"), "one three two"),
    ],
)
def test_each_kind_of_property_is_compared_as_hubspot_does(
    seen: HubSpot, condition: Any, names: str
) -> None:
    assert found(seen, condition, sorts=["firstname"]) == names


def test_a_cleared_value_is_no_value_to_a_search(probes: HubSpot) -> None:
    [contact] = probes.search(filtered("firstname", "EQ", "one")).json()["results"]
    probes.patch(contact["id"], city="")
    assert found(probes, filtered("city", "HAS_PROPERTY")) == "two"
    assert found(probes, filtered("city", "NOT_HAS_PROPERTY"), sorts=["firstname"]) == "one three"


def define(hubspot: HubSpot, kind: str, field_type: str, **more: Any) -> None:
    """Make a contact property called mine."""
    body = {"name": "mine", "label": "Mine", "type": kind, "fieldType": field_type, **more}
    body["groupName"] = "contactinformation"
    hubspot("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()


def test_a_date_is_searched_by_its_day_or_the_milliseconds_of_its_midnight(
    probes: HubSpot,
) -> None:
    define(probes, "date", "date")
    probes.create(company="Probe", firstname="four", mine="2026-05-01")
    assert found(probes, filtered("mine", "EQ", "1777593600000")) == "four"
    assert found(probes, filtered("mine", "LT", "2026-05-01")) == ""


def test_each_checkbox_is_searched_by_itself(probes: HubSpot) -> None:
    options = [{"label": name, "value": name} for name in ("a", "b", "ab")]
    define(probes, "enumeration", "checkbox", options=options)
    probes.create(company="Probe", firstname="four", mine="ab;b")
    assert found(probes, filtered("mine", "IN", values=["b"])) == "four"
    assert found(probes, filtered("mine", "EQ", "b;ab")) == "four"
    assert found(probes, filtered("mine", "EQ", "a")) == ""


@pytest.mark.parametrize(
    ("query", "names"),
    [("one", "one"), ("delhi", ""), ("PROBE thr", "three"), ("two@probe.example", "two")],
)
def test_a_query_looks_for_beginnings_of_words_in_the_default_properties(
    seen: HubSpot, query: str, names: str
) -> None:
    assert found(seen, query=query) == names


def test_a_query_may_be_all_words(seen: HubSpot) -> None:
    names = [f"a{number}" for number in range(500)]
    found = [seen.search(query=text).status_code for text in ("o " * 1500, " ".join(names))]
    assert found == [200, 200]


def test_associations_are_a_property_of_a_search(probes: HubSpot) -> None:
    deals, contact_id = "/crm/v3/objects/deals", probes.create(email="a@b.example")
    bodies = [{"properties": {"dealname": name}} for name in "ab"]
    first, second = (probes("POST", deals, json=body).json()["id"] for body in bodies)
    probes("PUT", f"/crm/v4/objects/contacts/{contact_id}/associations/default/deals/{first}")
    name, mine = "associations.contact", filtered("hs_object_id", "IN", values=[first, second])
    for condition, expected in (
        (filtered(name, "EQ", contact_id), first),
        (filtered(name, "IN", values=["1", contact_id]), first),
        (filtered(name, "NOT_HAS_PROPERTY"), second),
    ):
        body = {"filterGroups": [{"filters": [mine, condition]}]}
        [deal] = probes("POST", f"{deals}/search", json=body).json()["results"]
        assert deal["id"] == expected


@pytest.mark.parametrize(
    "sort", ["-firstname", {"propertyName": "firstname", "direction": "DESCENDING"}]
)
def test_a_sort_is_a_name_or_an_object(seen: HubSpot, sort: Any) -> None:
    assert found(seen, sorts=[sort]) == "two three one"


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


def test_an_index_without_lag_forgets_what_it_was_behind_with(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(company="Probe", city="Oslo")
    admin.setting(hubspot_search_lag_seconds=86_400)
    hubspot.patch(contact_id, city="Roma")
    for seconds in (0, 86_400):
        admin.setting(hubspot_search_lag_seconds=seconds)
    assert hubspot.search(filtered("city", "EQ", "Oslo")).json()["total"] == 0


def test_an_account_may_mix_the_results_of_a_page(probes: HubSpot, admin: Admin) -> None:
    for number in range(9):
        probes.create(company="Probe", firstname=f"f{number}")
    in_order = found(probes, sorts=["createdate"], limit=100)
    admin.setting(hubspot_search_shuffles=True)
    mixed = found(probes, sorts=["createdate"], limit=100)
    assert (sorted(mixed.split()), mixed != in_order) == (sorted(in_order.split()), True)
