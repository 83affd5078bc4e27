"""Bulk jobs that end badly or never, results that are torn, and pages smaller than asked for."""

from typing import Any

import pytest

from connectors.records import Crm
from tests.survival.eighteen.deeds import (
    BY_BULK,
    DAY,
    PAGED,
    PEOPLE,
    agree,
    ids,
    in_crm,
    in_soak,
    let_pass,
    of,
    touch,
    values,
)
from tests.survival.world import World

JOB = "*/jobs/query/*"
RESULTS = "*/jobs/query/*/results"


def _state(state: str) -> dict[str, Any]:
    """Return an order by which a job is told to be in a state, once."""
    body = {"id": "750xx", "state": state, "createdDate": "2026-07-01T12:00:00.000+0000"}
    return {"path": JOB, "method": "GET", "status": 200, "body": body}


TROUBLES = [
    ({"salesforce_bulk_error": "Retried more than fifteen times"}, []),
    ({"salesforce_bulk_stuck": True}, []),
    in_soak({}, [_state("Failed")]),
    ({}, [_state("Aborted")]),
    in_soak(
        {}, [{"path": "*/jobs/query", "status": 400, "body": [{"errorCode": "EXCEEDED_QUOTA"}]}]
    ),
    ({}, [{"path": RESULTS, "status": 404, "body": [{"errorCode": "NOT_FOUND"}]}]),
    in_soak({}, [{"path": JOB, "status": 503, "body": "", "count": 2}]),
]


@pytest.mark.parametrize(("settings", "faults"), TROUBLES)
def test_07_bulk_job_fails_or_never_ends_and_the_rows_come_all_the_same(
    world: World, settings: dict[str, Any], faults: list[dict[str, Any]]
) -> None:
    world.admin.setting(**BY_BULK, **settings)
    world.fault(*faults)
    assert world.extract("salesforce", "leads").status == "whole"
    assert world.admin("GET", "faults").json() == []
    world.salesforce.log_in()
    assert agree(world, "salesforce")


def test_07_bulk_job_that_nothing_can_replace_is_no_success(world: World) -> None:
    world.admin.setting(**BY_BULK, salesforce_bulk_error="QUERY_TIMEOUT")
    world.fault({"preset": "salesforce-query-timeout", "count": 1_000, "skip": 1})
    result = of(world.extract("salesforce", "leads"), "leads")
    assert (result.status, "QUERY_TIMEOUT" in result.why) == ("failed", True)
    world.no_faults()
    world.extract("salesforce", "leads")
    assert agree(world, "salesforce")


@pytest.mark.parametrize("count", [3, in_soak(1)])
def test_07_a_query_that_times_out_is_split(world: World, count: int) -> None:
    world.extract("salesforce", "leads")
    let_pass(world, 60)
    touch(world, "salesforce", ids(world, "salesforce", 30))
    world.fault({"preset": "salesforce-query-timeout", "count": count})
    world.extract("salesforce", "leads")
    world.extract("salesforce", "leads")
    assert agree(world, "salesforce")


@pytest.mark.parametrize("days", [0, 8])
def test_07_a_job_goes_on_after_a_stop_or_is_made_anew_once_it_has_expired(
    world: World, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.admin.setting(**BY_BULK, salesforce_bulk_page_size=30)
    monkeypatch.setattr("connectors.salesforce.source.BATCH_ROWS", 10)
    world.fault({"path": RESULTS, "skip": 2, "count": 1_000, "status": 500, "body": "no"})
    assert world.extract("salesforce", "leads").status == "failed"
    world.no_faults()
    let_pass(world, days * DAY + 60)
    touch(world, "salesforce", ids(world, "salesforce", 5))
    world.extract("salesforce", "leads")
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


LONGEST = "x" * 131_069 + '\r\n"'
TEXTS = {
    "longest": LONGEST,
    "nul": "a\0b",
    "line breaks": 'He said "no",\r\nthen\n\n"yes"\r',
    "separators": ' ,;\t"",""",',
    "not available": "NA",
    "not a number": "#N/A",
    "other tongues": "李雷 𠮷 é\u2028\u0085",
}
NAME = "Story__c"


@pytest.mark.parametrize("road", [PAGED, BY_BULK])
def test_08_csv_fields_hold_whatever_people_write(world: World, road: dict[str, int]) -> None:
    text = {"type": "LongTextArea", "length": 131_072, "visibleLines": 3, "label": "Story"}
    world.salesforce.add_field(NAME, **text).raise_for_status()
    world.salesforce.grant(NAME)
    leads = ids(world, "salesforce", len(TEXTS))
    world.salesforce.update(
        *({"Id": one, NAME: said} for one, said in zip(leads, TEXTS.values(), strict=True))
    )
    shown = in_crm(world, "salesforce", leads, NAME)
    world.admin.setting(**road)
    assert world.extract("salesforce", "leads").status == "whole"
    known = values(world, "salesforce", "leads", NAME)
    assert {one: known[one][0] for one in leads} == {
        one: said.replace("\0", "") for one, said in shown.items()
    }


TORN = [
    ({"preset": "rows-missing-at-the-end", "path": RESULTS}, BY_BULK),
    in_soak({"preset": "body-torn", "path": RESULTS}, BY_BULK),
    in_soak({"preset": "body-cut", "path": RESULTS}, BY_BULK),
    ({"preset": "html-with-200", "path": RESULTS}, BY_BULK),
    in_soak({"preset": "page-lost", "path": RESULTS}, BY_BULK),
    ({"preset": "html-with-200", "path": "*/query/0r8*"}, PAGED),
    in_soak({"preset": "body-torn", "path": "*/query/0r8*"}, PAGED),
    in_soak({"preset": "page-lost", "path": "*/query/0r8*"}, PAGED),
    ({"preset": "html-with-200", "path": "/crm/v3/objects/contacts", "skip": 2}, {}),
    in_soak({"preset": "page-lost", "path": "/crm/v3/objects/contacts", "skip": 2}, {}),
]


@pytest.mark.parametrize("count", [1_000, in_soak(1)])
@pytest.mark.parametrize(("fault", "road"), TORN)
def test_08_torn_files_and_pages_of_html_are_never_the_end(
    world: World, fault: dict[str, Any], road: dict[str, int], count: int
) -> None:
    crm: Crm = "hubspot" if "/crm" in fault["path"] else "salesforce"
    world.admin.setting(**road)
    world.fault({**fault, "count": count})
    result = of(world.extract(crm, PEOPLE[crm]), PEOPLE[crm])
    assert result.status == "whole" if count == 1 else result.status in ("whole", "failed")
    assert result.status == "failed" or agree(world, crm)
    world.no_faults()
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


SMALL = [
    {"salesforce_page_size": 15},
    {**BY_BULK, "salesforce_bulk_page_size": 9},
    in_soak({**BY_BULK, "salesforce_bulk_page_size": 1}),
]


@pytest.mark.parametrize("settings", SMALL)
def test_17_pages_smaller_than_asked_for_are_followed_to_their_end(
    world: World, settings: dict[str, int]
) -> None:
    world.admin.setting(**settings)
    result = of(world.extract("salesforce", "leads"), "leads")
    assert (result.status, result.road) == ("whole", "bulk" if len(settings) == 2 else "rest")
    assert agree(world, "salesforce")


@pytest.mark.parametrize("path", [RESULTS, in_soak("*/jobs/query/*/resultPages")])
def test_17_a_result_whose_pages_come_twice_is_read_once(world: World, path: str) -> None:
    world.admin.setting(**BY_BULK, salesforce_bulk_page_size=9)
    world.fault({"preset": "page-twice", "path": path, "skip": 1})
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


def test_17_a_job_that_promises_more_rows_than_it_gives_is_no_success(world: World) -> None:
    world.admin.setting(**BY_BULK)
    told = _state("JobComplete")
    told["body"]["numberRecordsProcessed"] = 14_900
    world.fault({**told, "count": 1_000})
    assert world.extract("salesforce", "leads").status == "failed"
    world.no_faults()
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")
