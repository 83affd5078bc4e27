"""Relative dates and parts of dates, on a sandbox whose clock shows 30 June 2026, a Tuesday."""

import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make

DAYS = (
    *("2025-06-30", "2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-05-31"),
    *("2026-06-01", "2026-06-21", "2026-06-27", "2026-06-28", "2026-06-29", "2026-06-30"),
    *("2026-07-01", "2026-07-05", "2026-08-01", "2026-10-01", "2027-01-01"),
)

SPANS = {
    "TODAY": ("2026-06-30", "2026-06-30"),
    "YESTERDAY": ("2026-06-29", "2026-06-29"),
    "TOMORROW": ("2026-07-01", "2026-07-01"),
    "THIS_WEEK": ("2026-06-28", "2026-07-01"),
    "LAST_WEEK": ("2026-06-21", "2026-06-27"),
    "NEXT_WEEK": ("2026-07-05", "2026-07-05"),
    "THIS_MONTH": ("2026-06-01", "2026-06-30"),
    "LAST_MONTH": ("2026-05-31", "2026-05-31"),
    "NEXT_MONTH": ("2026-07-01", "2026-07-05"),
    "THIS_QUARTER": ("2026-04-01", "2026-06-30"),
    "LAST_QUARTER": ("2026-01-01", "2026-03-31"),
    "THIS_FISCAL_QUARTER": ("2026-04-01", "2026-06-30"),
    "THIS_YEAR": ("2026-01-01", "2026-10-01"),
    "LAST_YEAR": ("2025-06-30", "2025-12-31"),
    "NEXT_FISCAL_YEAR": ("2027-01-01", "2027-01-01"),
    "LAST_N_DAYS:9": ("2026-06-21", "2026-06-30"),
    "LAST_90_DAYS": ("2026-04-01", "2026-06-30"),
    "NEXT_N_DAYS:5": ("2026-07-01", "2026-07-05"),
    "NEXT_90_DAYS": ("2026-07-01", "2026-08-01"),
    "N_DAYS_AGO:3": ("2026-06-27", "2026-06-27"),
    "LAST_N_WEEKS:1": ("2026-06-21", "2026-06-27"),
    "LAST_N_MONTHS:2": ("2026-04-01", "2026-05-31"),
    "NEXT_N_MONTHS:2": ("2026-07-01", "2026-08-01"),
    "N_MONTHS_AGO:3": ("2026-03-31", "2026-03-31"),
    "LAST_N_QUARTERS:1": ("2026-01-01", "2026-03-31"),
    "N_YEARS_AGO:1": ("2025-06-30", "2025-12-31"),
    "LAST_N_FISCAL_YEARS:1": ("2025-06-30", "2025-12-31"),
}
"""The first and the last of the days that each relative date stands for."""


@pytest.fixture
def deals(salesforce: Salesforce) -> Salesforce:
    """An Opportunity that closes on each of the days."""
    likely = {"attributes": {"type": "Opportunity"}, "Name": "Dated", "StageName": "Prospecting"}
    records = [{**likely, "CloseDate": day} for day in DAYS]
    salesforce("POST", "composite/sobjects", json={"records": records}).raise_for_status()
    return salesforce


def closing(salesforce: Salesforce, condition: str) -> list[str]:
    soql = (
        f"SELECT CloseDate FROM Opportunity WHERE Name = 'Dated' AND {condition} ORDER BY CloseDate"
    )
    return [record["CloseDate"] for record in salesforce.query(soql)]


def test_relative_dates_count_from_the_sandboxs_clock(deals: Salesforce) -> None:
    found = {name: closing(deals, f"CloseDate = {name}") for name in SPANS}
    assert {name: (days[0], days[-1]) for name, days in found.items()} == SPANS


@pytest.mark.parametrize(
    ("operator", "found"),
    [
        ("<", DAYS[:6]),
        ("<=", DAYS[:12]),
        (">", DAYS[12:]),
        (">=", DAYS[6:]),
        ("!=", (*DAYS[:6], *DAYS[12:])),
    ],
)
def test_a_relative_date_has_a_start_and_an_end(
    deals: Salesforce, operator: str, found: tuple[str, ...]
) -> None:
    assert closing(deals, f"CloseDate {operator} THIS_MONTH") == list(found)


def test_days_of_datetimes_begin_at_midnight_in_utc(salesforce: Salesforce) -> None:
    starts = ("2026-06-29T23:59:59Z", "2026-06-30T00:00:00Z", "2026-06-30T23:59:59Z")
    for start in starts:
        make(salesforce, "Event", Subject="Dated", StartDateTime=start)
    soql = (
        "SELECT StartDateTime FROM Event WHERE Subject = 'Dated' AND StartDateTime = {} ORDER BY Id"
    )
    found = {
        day: [r["StartDateTime"][:19] + "Z" for r in salesforce.query(soql.format(day))]
        for day in ("YESTERDAY", "TODAY")
    }
    assert found == {"YESTERDAY": [starts[0]], "TODAY": list(starts[1:])}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("CALENDAR_YEAR(CloseDate)", 2027),
        ("CALENDAR_MONTH(CloseDate)", 10),
        ("FISCAL_QUARTER(CloseDate)", 4),
        ("DAY_IN_YEAR(CloseDate)", 274),
        ("DAY_IN_WEEK(CloseDate)", 7),
    ],
)
def test_conditions_may_look_at_parts_of_a_date(deals: Salesforce, part: str, value: int) -> None:
    days = {
        "CALENDAR_YEAR(CloseDate)": ["2027-01-01"],
        "CALENDAR_MONTH(CloseDate)": ["2026-10-01"],
        "FISCAL_QUARTER(CloseDate)": ["2025-12-31", "2026-10-01"],
        "DAY_IN_YEAR(CloseDate)": ["2026-10-01"],
        "DAY_IN_WEEK(CloseDate)": ["2026-06-27", "2026-08-01"],
    }
    assert closing(deals, f"{part} = {value}") == days[part]


def test_a_datetime_has_a_day_and_an_hour(salesforce: Salesforce) -> None:
    event = make(salesforce, "Event", StartDateTime="2026-02-03T17:45:00Z")
    condition = "DAY_ONLY(StartDateTime) = 2026-02-03 AND HOUR_IN_DAY(StartDateTime) = 17"
    found = salesforce.query(f"SELECT Id FROM Event WHERE {condition} AND Id = '{event}'")
    assert found == [{"Id": event}]


@pytest.mark.parametrize(
    ("soql", "words"),
    [
        ("SELECT Id FROM Lead WHERE CALENDAR_YEAR(City) = 2026", "Invalid function: calendar_year"),
        ("SELECT Id FROM Lead WHERE CreatedDate = LAST_N_DAYS", "unexpected token: 'LAST_N_DAYS'"),
        ("SELECT Id FROM Lead WHERE CreatedDate = 2026-02-30T00:00:00Z", "Invalid datetime"),
        ("SELECT Id FROM Opportunity WHERE CloseDate = 2026-02-30", "Invalid date: 2026-02-30"),
    ],
)
def test_dates_that_make_no_sense_are_refused(
    salesforce: Salesforce, soql: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert refusal["errorCode"] == "MALFORMED_QUERY"
    assert words in refusal["message"]
