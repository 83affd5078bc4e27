"""HubSpot's own lifecycle stage, which goes forward only unless it is cleared before."""

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.hubspot.destination import STAGE, HubSpotDestination
from connectors.hubspot.writing import MERGED, NOT_TAKEN
from tests.contract.cases import hubspot_client
from tests.contract.conftest import Sandbox

OBJECTS = ("contacts", "companies")


@pytest.fixture
def destination(unlimited: Sandbox) -> HubSpotDestination:
    return HubSpotDestination(hubspot_client(unlimited))


def customers(sandbox: Sandbox, destination: HubSpotDestination, object_name: str) -> list[str]:
    """Return three records, which are customers from now on."""
    client = hubspot_client(sandbox)
    page = client.get(f"/crm/v3/objects/{object_name}", {"limit": 3}, dict)
    ids = [str(record["id"]) for record in page["results"]]
    for stage in (None, "customer"):
        destination.write(
            object_name, [RecordChange(record_id, {STAGE: stage}) for record_id in ids]
        )
    assert stages(destination, object_name, ids) == ["customer"] * 3
    return ids


def stages(destination: HubSpotDestination, object_name: str, ids: list[str]) -> list[object]:
    held = destination.read_current(object_name, ids, [STAGE])
    return [held[record_id][STAGE] for record_id in ids]


@pytest.mark.parametrize("object_name", OBJECTS)
def test_t11_a_stage_goes_back_by_one_clear_and_one_set_for_the_whole_batch(
    unlimited: Sandbox, destination: HubSpotDestination, object_name: str
) -> None:
    ids = customers(unlimited, destination, object_name)
    before = destination.calls.write
    held = {STAGE: "customer"}

    results = destination.write(
        object_name, [RecordChange(record_id, {STAGE: "lead"}, held) for record_id in ids]
    )

    assert results == [WriteResult(record_id, "accepted") for record_id in ids]
    assert stages(destination, object_name, ids) == ["lead"] * 3
    assert destination.calls.write - before == 2


def test_a_stage_that_goes_forward_takes_one_request(
    unlimited: Sandbox, destination: HubSpotDestination
) -> None:
    ids = customers(unlimited, destination, "contacts")
    back = [RecordChange(record_id, {STAGE: "lead"}, {STAGE: "customer"}) for record_id in ids]
    destination.write("contacts", back)
    before = destination.calls.write

    destination.write(
        "contacts",
        [RecordChange(record_id, {STAGE: "opportunity"}, {STAGE: "lead"}) for record_id in ids],
    )

    assert stages(destination, "contacts", ids) == ["opportunity"] * 3
    assert destination.calls.write - before == 1


def test_a_backward_stage_that_nobody_said_was_one_is_no_success(
    unlimited: Sandbox, destination: HubSpotDestination
) -> None:
    ids = customers(unlimited, destination, "contacts")

    results = destination.write("contacts", [RecordChange(ids[0], {STAGE: "lead"})])

    assert [result.code for result in results] == [NOT_TAKEN]
    assert stages(destination, "contacts", ids) == ["customer"] * 3


def test_a_record_that_is_gone_is_refused_before_its_stage_is_set(
    unlimited: Sandbox, destination: HubSpotDestination
) -> None:
    [living, *_] = customers(unlimited, destination, "contacts")
    held = {STAGE: "customer"}

    results = destination.write(
        "contacts",
        [RecordChange(record_id, {STAGE: "lead"}, held) for record_id in ("999999999999", living)],
    )

    assert [result.state for result in results] == ["rejected", "accepted"]
    assert results[0].code != MERGED
    assert stages(destination, "contacts", [living]) == ["lead"]


def test_a_record_that_comes_twice_is_a_mistake_of_the_caller(
    destination: HubSpotDestination,
) -> None:
    with pytest.raises(ValueError, match="twice"):
        destination.write("contacts", [RecordChange("1", {STAGE: "lead"})] * 2)
    assert destination.calls.write == 0
