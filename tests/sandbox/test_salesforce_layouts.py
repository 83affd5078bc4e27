"""The addresses that descriptions name, and what is found there."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce

MASTER = "012000000000000AAA"


def described(salesforce: Salesforce, path: str) -> Any:
    answer = salesforce("GET", f"sobjects/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def addresses(body: Any) -> set[str]:
    """Return every address of this API that a body names, at any depth."""
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    own = {body} if isinstance(body, str) and body.startswith("/services/data/") else set()
    return own.union(*map(addresses, inner))


@pytest.mark.parametrize("name", ["Lead", "Contact", "Campaign", "Task"])
def test_every_address_of_a_description_is_there(salesforce: Salesforce, name: str) -> None:
    told = addresses(described(salesforce, f"{name}/describe"))
    told |= addresses(described(salesforce, f"{name}/describe/compactLayouts"))
    record_id = salesforce.query(f"SELECT Id FROM {name} LIMIT 1")[0]["Id"]
    paths = sorted(path.replace("{ID}", record_id) for path in told)
    assert {path: salesforce("GET", path).status_code for path in paths} == dict.fromkeys(
        paths, 200
    )
    assert f"/services/data/v66.0/sobjects/{name}/describe/layouts/{MASTER}" in paths


def test_a_layout_shows_the_fields_of_the_page(salesforce: Salesforce) -> None:
    whole = described(salesforce, "Lead/describe/layouts")
    one = described(salesforce, f"Lead/describe/layouts/{MASTER}")
    assert whole["layouts"] == [one]
    assert whole["recordTypeMappings"][0]["layoutId"] == one["id"]
    [section] = one["detailLayoutSections"]
    items = [item for row in section["layoutRows"] for item in row["layoutItems"]]
    names = [item["layoutComponents"][0]["value"] for item in items]
    assert names[:5] == ["Name", "OwnerId", "Email", "Phone", "MobilePhone"]
    assert (section["columns"], section["rows"]) == (2, len(section["layoutRows"]))
    company = items[names.index("Company")]
    assert (company["label"], company["required"], company["editableForNew"]) == (
        "Company", True, True,
    )  # fmt: skip


def test_what_can_not_be_written_is_not_among_what_is_edited(salesforce: Salesforce) -> None:
    layout = described(salesforce, f"Lead/describe/layouts/{MASTER}")
    [section] = layout["editLayoutSections"]
    items = [item for row in section["layoutRows"] for item in row["layoutItems"]]
    names = {item["layoutComponents"][0]["value"] for item in items}
    assert "Email" in names
    assert not names & {"Name", "CreatedDate", "LastModifiedById"}


def test_the_head_of_a_page_is_a_compact_layout(salesforce: Salesforce) -> None:
    told = described(salesforce, "Contact/describe/compactLayouts")
    [compact] = told["compactLayouts"]
    names = [item["layoutComponents"][0]["value"] for item in compact["fieldItems"]]
    assert (compact["name"], names) == ("SYSTEM", ["Name", "Title", "AccountId"])


@pytest.mark.parametrize(
    "path", [f"Lead/describe/layouts/{MASTER[:-4]}1AAA", "LeadHistory/describe/layouts"]
)
def test_objects_without_pages_and_other_record_types_have_no_layout(
    salesforce: Salesforce, path: str
) -> None:
    assert salesforce("GET", f"sobjects/{path}").status_code == 404
