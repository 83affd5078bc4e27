"""What deals have of their own: a day of creation that may be written."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot, codes

DEALS = "/crm/v3/objects/deals"
LONG_AGO = "2020-05-01T00:00:00Z"


def write(hubspot: HubSpot, method: str, path: str = DEALS, **values: str) -> Any:
    return hubspot(method, path, json={"properties": values})


def test_a_deal_may_say_when_it_was_created(hubspot: HubSpot) -> None:
    made = write(hubspot, "POST", dealname="Old", createdate=LONG_AGO).json()
    told = (made["createdAt"], made["properties"]["createdate"], made["updatedAt"])
    assert told == (LONG_AGO, LONG_AGO, "2026-06-30T12:00:00Z")
    path = f"{DEALS}/{made['id']}"
    write(hubspot, "PATCH", path, createdate="1588291200000").raise_for_status()
    write(hubspot, "PATCH", path, createdate="", dealname="Older").raise_for_status()
    shown = hubspot("GET", path, params={"propertiesWithHistory": "createdate"}).json()
    assert shown["properties"]["createdate"] == LONG_AGO
    [only] = shown["propertiesWithHistory"]["createdate"]
    assert only["value"] == LONG_AGO


@pytest.mark.parametrize("told", [LONG_AGO, ""])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_account_may_keep_a_deals_creation_to_itself(
    hubspot: HubSpot, admin: Admin, method: str, told: str
) -> None:
    made = write(hubspot, "POST", dealname="New").json()
    admin.setting(hubspot_takes_deal_createdate=False)
    path = DEALS if method == "POST" else f"{DEALS}/{made['id']}"
    refused = write(hubspot, method, path, dealname="Old", createdate=told)
    assert codes(refused) == [("READ_ONLY_VALUE", "createdate")]
