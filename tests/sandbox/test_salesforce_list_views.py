from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.packages import deploy, field_xml, object_xml, problems, zipped
from tests.sandbox.salesforce_records import make

VIEW = {
    "columns": ["FULL_NAME", "LEAD.COMPANY", "Hidden__c"],
    "filterScope": "Everything",
    "filters": [{"field": "LEAD.STATUS", "operation": "equals", "value": "New,Working"}],
    "label": "Fresh",
}


def view_package(object_name: str = "Lead", **changes: Any) -> bytes:
    """Return a package of a list view, and of a field that nobody is granted."""
    parts = {key: value for key, value in {**VIEW, **changes}.items() if value is not None}
    view = field_xml("Fresh", **parts).replace("fields>", "listViews>")
    hidden = field_xml("Hidden__c", type="LongTextArea", length=300, visibleLines=3)
    members = {"ListView": [f"{object_name}.Fresh"], "CustomField": [f"{object_name}.Hidden__c"]}
    return zipped(members, **{f"{object_name}_object": object_xml(hidden + view)})


def deployed(salesforce: Salesforce, object_name: str = "Lead", **changes: Any) -> str:
    """Deploy a list view and return its path."""
    result = deploy(salesforce, view_package(object_name, **changes))
    assert problems(result) == []
    listed = salesforce("GET", f"sobjects/{object_name}/listviews").json()
    return f"sobjects/{object_name}/listviews/{listed['listviews'][0]['id']}"


def query_of(salesforce: Salesforce, **changes: Any) -> str:
    """Return the condition that a list view runs by."""
    path = deployed(salesforce, **changes)
    query = str(salesforce("GET", f"{path}/describe").json()["query"])
    return query.partition(" WHERE ")[2].partition(" ORDER BY ")[0]


def test_a_deployed_list_view_is_listed(salesforce: Salesforce) -> None:
    path = deployed(salesforce)
    full = f"/services/data/v66.0/{path}"
    entry = {
        "describeUrl": f"{full}/describe",
        "developerName": "Fresh",
        "id": path.rpartition("/")[2],
        "label": "Fresh",
        "resultsUrl": f"{full}/results",
        "soqlCompatible": True,
        "url": full,
    }
    listed = salesforce("GET", "sobjects/Lead/listviews").json()
    assert listed == {
        "done": True,
        "listviews": [entry],
        "nextRecordsUrl": None,
        "size": 1,
        "sobjectType": "Lead",
    }
    assert salesforce("GET", path).json() == entry
    soql = "SELECT DeveloperName, SobjectType FROM ListView"
    assert salesforce.query(soql) == [{"DeveloperName": "Fresh", "SobjectType": "Lead"}]


def test_a_list_view_shows_the_rows_of_its_filters(salesforce: Salesforce) -> None:
    path = deployed(salesforce)
    soql = "SELECT Name, Company FROM Lead WHERE Status IN ('New', 'Working') "
    expected = salesforce.query(soql + "AND IsConverted = false ORDER BY Name, Id")
    found = salesforce("GET", f"{path}/results", params={"limit": 2000}).json()
    rows = [{c["fieldNameOrPath"]: c["value"] for c in r["columns"]} for r in found["records"]]
    assert (rows, found["size"], found["done"]) == (expected, len(expected), True)
    page = salesforce("GET", f"{path}/results", params={"limit": 2, "offset": 1}).json()
    assert (page["records"], page["done"]) == (found["records"][1:3], False)


def test_columns_that_the_user_does_not_see_are_left_out(salesforce: Salesforce) -> None:
    described = salesforce("GET", f"{deployed(salesforce)}/describe").json()
    columns = [column["fieldNameOrPath"] for column in described["columns"]]
    assert (columns, described["sobjectType"]) == (["Name", "Company"], "Lead")
    assert described["query"].startswith("SELECT Name, Company, Id, CreatedDate, ")


def test_filters_become_conditions(salesforce: Salesforce) -> None:
    filters = [
        {"field": "LEAD.COMPANY", "operation": "contains", "value": "O'Brien"},
        {"field": "LEAD.ANNUAL_REVENUE", "operation": "greaterOrEqual", "value": "1000"},
        {"field": "LEAD.RATING", "operation": "notEqual", "value": "Hot,Cold"},
        {"field": "LEAD.CREATED_DATE", "operation": "equals", "value": "LAST_N_DAYS:30"},
    ]
    assert query_of(salesforce, filters=filters, booleanFilter="1 AND (2 OR 3 OR 4)") == (
        "((Company LIKE '%O\\'Brien%') AND ((AnnualRevenue >= 1000) OR "
        "(Rating != 'Hot' AND Rating != 'Cold') OR (CreatedDate = LAST_N_DAYS:30))) "
        "AND IsConverted = false"
    )


def test_my_records_are_those_of_the_user(salesforce: Salesforce) -> None:
    deal = make(salesforce, "Opportunity")
    columns = ["OPPORTUNITY.NAME", "OPPORTUNITY.STAGE_NAME"]
    path = deployed(salesforce, "Opportunity", columns=columns, filterScope="Mine", filters=None)
    [row] = salesforce("GET", f"{path}/results").json()["records"]
    assert [column["value"] for column in row["columns"]] == ["Deal", "Prospecting"]
    assert salesforce("GET", f"sobjects/Lead/listviews/{deal}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"columns": ["LEAD.NOPE"]}, "Could not resolve list view column: LEAD.NOPE"),
        ({"columns": ["ACCOUNT.NAME"]}, "Could not resolve list view column: ACCOUNT.NAME"),
        ({"filterScope": "Queue"}, "Filter scope Queue is not available for Lead"),
        ({"booleanFilter": "1 AND 2"}, "Invalid filter logic: there is no filter 2"),
        (
            {"filters": {"field": "Hidden__c", "operation": "equals", "value": "x"}},
            "Invalid filter: field Hidden__c can not be filtered",
        ),
        (
            {"filters": {"field": "LEAD.TITLE", "operation": "like", "value": "x"}},
            "'like' is not a valid value for the enum 'FilterOperation'",
        ),
    ],
)
def test_a_list_view_that_can_t_be_is_refused(
    salesforce: Salesforce, changes: dict[str, Any], problem: str
) -> None:
    assert problems(deploy(salesforce, view_package(**changes))) == [problem]


@pytest.mark.parametrize(
    "condition", [("CREATED_DATE", "greaterThan", "nonsense"), ("LEAD.CITY", "includes", "x")]
)
def test_a_filter_that_makes_no_query_is_refused_without_the_query(
    salesforce: Salesforce, condition: tuple[str, str, str]
) -> None:
    filters = dict(zip(("field", "operation", "value"), condition, strict=True))
    [problem] = problems(deploy(salesforce, view_package(filters=filters)))
    assert problem.startswith("Invalid filter: ")
    assert "\n" not in problem
    assert "SELECT" not in problem
