"""Pipelines and stages that are made, changed and deleted over the API."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot, codes

DEALS = "/crm/v3/pipelines/deals"
OPEN = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.1"}}
REFUSED = [("INVALID_OPTION", "dealstage")]
WON = {"label": "Won", "displayOrder": 1, "metadata": {"probability": "1.0"}}


@pytest.fixture
def renewals(hubspot: HubSpot) -> dict[str, Any]:
    """A pipeline of our own."""
    body = {"label": "Renewals", "displayOrder": 3, "stages": [WON, OPEN]}
    answer = hubspot("POST", DEALS, json=body)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


def deal_in(hubspot: HubSpot, pipeline: dict[str, Any], stage: int = 0) -> Any:
    values = {"pipeline": pipeline["id"], "dealstage": pipeline["stages"][stage]["id"]}
    body = {"properties": {"dealname": "D", **values}}
    return hubspot("POST", "/crm/v3/objects/deals", json=body)


def test_a_new_pipeline_has_numbers_for_ids_and_its_stages_in_order(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    stages = renewals["stages"]
    assert [stage["label"] for stage in stages] == ["Open", "Won"]
    assert [stage["metadata"] for stage in stages] == [
        {"isClosed": "false", "probability": "0.1"},
        {"isClosed": "true", "probability": "1.0"},
    ]
    assert all(made["id"].isdigit() for made in (renewals, *stages))
    assert hubspot("GET", "/crm/pipelines/2026-09/deals").json()["results"][1] == renewals


def test_a_deal_can_be_in_a_new_stage_and_says_whether_it_is_closed(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    deal = deal_in(hubspot, renewals, stage=1)
    assert deal.status_code == 201, deal.text
    params = {"properties": "hs_is_closed_won"}
    path = f"/crm/v3/objects/deals/{deal.json()['id']}"
    read = hubspot("GET", path, params=params).json()["properties"]
    assert read["hs_is_closed_won"] == "true"


def test_stages_are_added_changed_and_deleted(hubspot: HubSpot, renewals: dict[str, Any]) -> None:
    path = f"{DEALS}/{renewals['id']}/stages"
    new = {"label": "Talk", "displayOrder": 5, "metadata": {"probability": 0.5}}
    made = hubspot("POST", path, json=new).json()
    changed = hubspot("PATCH", f"{path}/{made['id']}", json={"label": "Talks"}).json()
    replaced = hubspot("PUT", f"{path}/{made['id']}", json={**new, "label": "T"}).json()
    assert made["metadata"] == {"isClosed": "false", "probability": "0.5"}
    assert (changed["label"], replaced["label"]) == ("Talks", "T")
    assert hubspot("GET", f"{path}/{made['id']}").json() == replaced
    assert hubspot("DELETE", f"{path}/{made['id']}").status_code == 204
    assert hubspot("GET", path).json()["results"] == renewals["stages"]
    assert hubspot("GET", f"{path}/{made['id']}").status_code == 404


def test_a_stage_is_closed_or_open_by_what_it_is_changed_to(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    deal, stage = deal_in(hubspot, renewals).json()["id"], renewals["stages"][0]["id"]
    path = f"{DEALS}/{renewals['id']}/stages/{stage}"
    changed = hubspot("PATCH", path, json={"metadata": {"probability": "1.0"}}).json()
    assert changed["metadata"] == {"isClosed": "true", "probability": "1.0"}
    params = {"properties": "hs_is_closed_won"}
    read = hubspot("GET", f"/crm/v3/objects/deals/{deal}", params=params).json()
    assert read["properties"]["hs_is_closed_won"] == "true"


@pytest.mark.parametrize(
    ("path", "metadata", "is_closed"),
    [
        ("tickets/0/stages/1", {"ticketState": "CLOSED"}, "true"),
        ("tickets/0/stages/4", {"ticketState": "OPEN"}, "false"),
        ("tickets/0/stages/4", {}, "true"),
        ("leads/lead-pipeline-id/stages/qualified-stage-id", {}, "true"),
        ("deals/default/stages/closedwon", {"isClosed": False}, "false"),
    ],
)
def test_a_stage_says_by_its_state_whether_it_is_closed(
    hubspot: HubSpot, path: str, metadata: dict[str, Any], is_closed: str
) -> None:
    body = {"label": "Other", "metadata": metadata}
    changed = hubspot("PATCH", f"/crm/v3/pipelines/{path}", json=body).json()
    assert changed["metadata"]["isClosed"] == is_closed


@pytest.mark.parametrize("probability", ["1.1", "-0.1", "²", "0.²", "", "x"])
def test_a_probability_lies_between_0_and_1(hubspot: HubSpot, probability: str) -> None:
    body = {"label": "Open", "metadata": {"probability": probability}}
    answer = hubspot("POST", f"{DEALS}/default/stages", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_deal_takes_no_stage_of_another_pipeline_than_its_own(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    values = {"dealname": "D", "pipeline": "default", "dealstage": "closedwon"}
    path = "/crm/v3/objects/deals"
    deal = hubspot("POST", path, json={"properties": values}).json()["id"]
    stage, inputs = {"dealstage": renewals["stages"][0]["id"]}, {"pipeline": renewals["id"]}
    for alone in (stage, inputs):
        assert codes(hubspot("PATCH", f"{path}/{deal}", json={"properties": alone})) == REFUSED
        batch = {"inputs": [{"id": deal, "properties": alone}]}
        assert codes(hubspot("POST", f"{path}/batch/update", json=batch)) == REFUSED
    both = {"properties": {**stage, **inputs}}
    assert hubspot("PATCH", f"{path}/{deal}", json=both).status_code == 200


def test_a_stage_with_deals_in_it_is_not_deleted(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    deal = deal_in(hubspot, renewals).json()["id"]
    stage = renewals["stages"][0]["id"]
    refused = hubspot("DELETE", f"{DEALS}/{renewals['id']}/stages/{stage}")
    assert (refused.status_code, refused.json()["subCategory"]) == (
        400,
        "PipelineError.STAGE_ID_IN_USE",
    )
    assert refused.json()["context"] == {"stageId": [stage], "objectIds": [deal]}


def test_a_replaced_pipeline_keeps_the_stages_of_the_same_label(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    lost = {"label": "Lost", "displayOrder": 9, "metadata": {"probability": "0.0"}}
    body = {"label": "Again", "displayOrder": 1, "stages": [OPEN, lost]}
    replaced = hubspot("PUT", f"{DEALS}/{renewals['id']}", json=body).json()
    assert (replaced["label"], replaced["id"]) == ("Again", renewals["id"])
    assert replaced["stages"][0]["id"] == renewals["stages"][0]["id"]
    assert [stage["label"] for stage in replaced["stages"]] == ["Open", "Lost"]


def test_a_pipeline_is_relabelled_and_deleted_but_not_the_last_one(
    hubspot: HubSpot, admin: Admin, renewals: dict[str, Any]
) -> None:
    admin.advance(60)
    path = f"{DEALS}/{renewals['id']}"
    changed = hubspot("PATCH", path, json={"label": "Keep"}).json()
    assert changed == {**renewals, "label": "Keep", "updatedAt": "2026-06-30T12:01:00Z"}
    assert hubspot("DELETE", path).status_code == 204
    assert hubspot("GET", path).status_code == 404
    assert hubspot("DELETE", f"{DEALS}/default").status_code == 400


def test_a_pipeline_with_deals_goes_only_unchecked(
    hubspot: HubSpot, renewals: dict[str, Any]
) -> None:
    deal_in(hubspot, renewals)
    path = f"{DEALS}/{renewals['id']}"
    checked = hubspot("DELETE", path, params={"validateReferencesBeforeDelete": "true"})
    assert [checked.status_code, hubspot("DELETE", path).status_code] == [400, 204]


def test_audits_tell_what_was_done_newest_first(hubspot: HubSpot, renewals: dict[str, Any]) -> None:
    path = f"{DEALS}/{renewals['id']}"
    hubspot("PATCH", path, json={"label": "Keep"})
    stage = hubspot("POST", f"{path}/stages", json={**OPEN, "label": "New"}).json()["id"]
    actions = [entry["action"] for entry in hubspot("GET", f"{path}/audit").json()["results"]]
    of_stage = hubspot("GET", f"{path}/stages/{stage}/audit").json()["results"]
    assert (actions, [entry["identifier"] for entry in of_stage]) == (["UPDATE", "CREATE"], [stage])


@pytest.mark.parametrize(
    "body",
    [
        {"label": "X", "stages": []},
        {"label": "X", "stages": [{"label": "A", "metadata": {}}]},
        {"label": "X", "stages": [{"label": "A", "metadata": {"probability": "2"}}]},
        {"stages": [OPEN]},
    ],
)
def test_a_pipeline_that_makes_no_sense_is_refused(hubspot: HubSpot, body: Any) -> None:
    answer = hubspot("POST", DEALS, json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_tickets_and_leads_have_pipelines_from_the_start(hubspot: HubSpot) -> None:
    [tickets] = hubspot("GET", "/crm/v3/pipelines/tickets").json()["results"]
    [leads] = hubspot("GET", "/crm/v3/pipelines/leads").json()["results"]
    assert (tickets["id"], [stage["id"] for stage in tickets["stages"]]) == ("0", [*"1234"])
    assert tickets["stages"][3]["metadata"] == {"isClosed": "true", "ticketState": "CLOSED"}
    assert (leads["id"], leads["stages"][0]["id"]) == ("lead-pipeline-id", "new-stage-id")


def test_objects_without_pipelines_get_none(hubspot: HubSpot) -> None:
    body = {"label": "X", "stages": [OPEN]}
    assert hubspot("POST", "/crm/v3/pipelines/notes", json=body).status_code == 400
