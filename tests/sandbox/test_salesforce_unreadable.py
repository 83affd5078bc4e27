"""Values of a wrong type: what the JSON parser says of them, and where."""

from typing import Any

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import LIKELY, refusal

NOW = "2026-06-30T12:00:00Z"


@pytest.mark.parametrize(
    ("field", "value", "told", "column"),
    [
        ("EmailBouncedDate", "soon", "datetime from VALUE_STRING value soon", 28),
        ("Title", {"a": 1}, "string from START_OBJECT value {", 12),
        ("Title", [1], "string from START_ARRAY value [", 12),
        ("Title", 5, "string from VALUE_NUMBER_INT value 5", 12),
        ("Title", 1.5, "string from VALUE_NUMBER_FLOAT value 1.5", 14),
        ("IsUnreadByOwner", 1, "boolean from VALUE_NUMBER_INT value 1", 22),
        ("NumberOfEmployees", True, "int from VALUE_TRUE value true", 27),
    ],
)
def test_a_value_of_another_type_is_told_by_its_token_and_place(
    salesforce: Salesforce, field: str, value: Any, told: str, column: int
) -> None:
    [lead_id] = salesforce.lead_ids(1)
    [refused] = salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={field: value}).json()
    where = f"or request may be missing a required field at [line:1, column:{column}]"
    message = f"Cannot deserialize instance of {told} {where}"
    assert refused == {"errorCode": "JSON_PARSER_ERROR", "message": message}


def test_the_line_counts_too(salesforce: Salesforce) -> None:
    body = '{"LastName": "A",\n "Company": "B",\n "Title": "\\"NumberOfEmployees\\": 1",\n'
    body += ' "NumberOfEmployees": "many"}'
    headers = {"Content-Type": "application/json"}
    [refused] = salesforce("POST", "sobjects/Lead", data=body, headers=headers).json()
    assert refused["message"].endswith("at [line:4, column:29]")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_utc_does_not_have_is_refused(salesforce: Salesforce, moment: str) -> None:
    event = {**LIKELY["Event"], "StartDateTime": moment}
    assert salesforce("POST", "sobjects/Event", json=event).status_code == 400
    soql = f"SELECT Id FROM Lead WHERE CreatedDate > {moment}"
    assert salesforce.refusal(soql)["errorCode"] == "MALFORMED_QUERY"
    for span in ({"start": moment, "end": NOW}, {"start": "2026-06-30T11:00:00Z", "end": moment}):
        for kind in ("updated", "deleted"):
            answer = salesforce("GET", f"sobjects/Lead/{kind}/", params=span)
            assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


@pytest.mark.parametrize("day", ["1699-12-31", "4001-01-01"])
def test_a_date_lies_between_the_years_1700_and_4000(salesforce: Salesforce, day: str) -> None:
    code = "FIELD_INTEGRITY_EXCEPTION"
    assert refusal(salesforce, "Opportunity", CloseDate=day) == code
    assert refusal(salesforce, "Event", StartDateTime=f"{day}T09:00:00Z") == code
