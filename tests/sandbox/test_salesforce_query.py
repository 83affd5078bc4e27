import re
from pathlib import Path

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.conftest import Stage
from tests.sandbox.salesforce_records import LIKELY, change, make


def test_a_query_answers_with_typed_values_and_the_fields_in_the_asked_order(
    salesforce: Salesforce,
) -> None:
    soql = "select email, ISCONVERTED, NumberOfEmployees, createddate from lead ORDER BY Id LIMIT 1"
    [record] = salesforce.query(soql)
    assert list(record) == ["Email", "IsConverted", "NumberOfEmployees", "CreatedDate"]
    assert isinstance(record["NumberOfEmployees"], int)
    assert record["IsConverted"] in (True, False)
    assert record["CreatedDate"].endswith(".000+0000")


def test_a_record_says_what_it_is_and_where(salesforce: Salesforce) -> None:
    answer = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead LIMIT 1"}).json()
    [record] = answer.pop("records")
    path = f"/services/data/v66.0/sobjects/Lead/{record['Id']}"
    assert record["attributes"] == {"type": "Lead", "url": path}
    assert answer == {"totalSize": 1, "done": True}


def test_count_has_a_size_and_no_records(salesforce: Salesforce) -> None:
    every = len(salesforce.query("SELECT Id FROM Lead"))
    answer = salesforce("GET", "query", params={"q": "SELECT COUNT() FROM Lead"}).json()
    assert answer == {"totalSize": every, "done": True, "records": []}


def test_pages_lead_to_one_another_and_hold_everything_once(
    salesforce: Salesforce, admin: Admin
) -> None:
    wanted = {record["Id"] for record in salesforce.query("SELECT Id FROM Lead")}
    admin.setting(salesforce_page_size=15)
    page = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead"}).json()
    assert re.fullmatch(r"/services/data/v66.0/query/0r8\w{15}-15", page["nextRecordsUrl"])
    found = [record["Id"] for record in page["records"]]
    while not page["done"]:
        page = salesforce("GET", page["nextRecordsUrl"]).json()
        found += [record["Id"] for record in page["records"]]
    assert sorted(found) == sorted(wanted)
    assert page["totalSize"] == len(wanted)


def test_a_cursor_of_the_day_before_yesterday_is_refused(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_page_size=10)
    page = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead"}).json()
    admin.advance(2 * 86_400 + 1)
    salesforce.log_in()
    answer = salesforce("GET", page["nextRecordsUrl"])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_a_cursor_keeps_the_records_it_found_and_reads_them_as_they_are(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_page_size=10)
    every = [
        r["Id"] for r in salesforce.query("SELECT Id FROM Lead ORDER BY Id LIMIT 10 OFFSET 10")
    ]
    soql = "SELECT Id, City FROM Lead ORDER BY Id"
    page = salesforce("GET", "query", params={"q": soql}).json()
    change(salesforce, "Lead", every[0], City="Moved")
    make(salesforce, "Lead")
    second = salesforce("GET", page["nextRecordsUrl"]).json()
    assert [record["Id"] for record in second["records"]] == every
    assert (second["records"][0]["City"], second["totalSize"]) == ("Moved", page["totalSize"])


def test_a_page_can_be_read_again_by_query_all_and_with_another_size(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_page_size=12)
    page = salesforce("GET", "queryAll", params={"q": "SELECT Id FROM Lead ORDER BY Id"}).json()
    locator = page["nextRecordsUrl"].rpartition("/")[2]
    whole = salesforce("GET", f"queryAll/{locator}").json()["records"]
    admin.setting(salesforce_page_size=5)
    assert salesforce("GET", f"query/{locator}").json()["records"] == whole[:5]


def test_a_cursor_outlives_a_restart(
    salesforce: Salesforce, admin: Admin, stage: Stage, state: Path
) -> None:
    admin.setting(salesforce_page_size=10)
    page = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead"}).json()
    stage.restart(state)
    assert len(salesforce("GET", page["nextRecordsUrl"]).json()["records"]) == 10


@pytest.mark.parametrize("locator", ["0r8xx0000000000009-2000", "nonsense", "0r8xx0000000000001-x"])
def test_a_locator_that_nobody_gave_is_refused(salesforce: Salesforce, locator: str) -> None:
    answer = salesforce("GET", f"query/{locator}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_a_page_size_is_written_in_plain_digits(salesforce: Salesforce) -> None:
    headers = {"Sforce-Query-Options": b"batchSize=\xb2"}
    params = {"q": "SELECT Id FROM Lead"}
    assert salesforce("GET", "query", params=params, headers=headers).status_code == 200
    assert salesforce("GET", "query/0r8xx0000000000001-²").status_code == 400


def test_two_long_texts_make_pages_of_two_hundred(salesforce: Salesforce) -> None:
    salesforce.add_field("More__c", type="LongTextArea", length=300, visibleLines=3)
    salesforce.grant("More__c")
    records = [{"attributes": {"type": "Lead"}, **LIKELY["Lead"]} for _ in range(200)]
    salesforce("POST", "composite/sobjects", json={"records": records}).raise_for_status()
    pages = {
        names: len(salesforce.query(f"SELECT {names} FROM Lead"))
        for names in ("Description", "Description, More__c")
    }
    every = salesforce("GET", "query", params={"q": "SELECT COUNT() FROM Lead"}).json()["totalSize"]
    assert pages == {"Description": every, "Description, More__c": 200}


@pytest.mark.parametrize(
    ("options", "size"),
    [("batchSize=250", 250), ("batchSize = 10", 200), ("other=1", 400), ("", 400)],
)
def test_a_client_may_ask_for_pages_of_a_size(
    salesforce: Salesforce, admin: Admin, options: str, size: int
) -> None:
    admin.setting(salesforce_page_size=400)
    for _ in range(2):
        records = [{"attributes": {"type": "Lead"}, **LIKELY["Lead"]} for _ in range(200)]
        salesforce("POST", "composite/sobjects", json={"records": records}).raise_for_status()
    headers = {"Sforce-Query-Options": options, "X-PrettyPrint": "1"}
    page = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead"}, headers=headers).json()
    assert (len(page["records"]), page["nextRecordsUrl"].endswith(f"-{size}")) == (size, True)


def test_the_smallest_page_is_two_hundred(salesforce: Salesforce) -> None:
    headers = {"Sforce-Query-Options": "batchSize=1"}
    params = {"q": "SELECT Id FROM Lead"}
    assert salesforce("GET", "query", params=params, headers=headers).json()["done"]


def test_only_query_all_shows_what_is_deleted(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    soql = f"SELECT Id, IsDeleted FROM Lead WHERE Id = '{lead_id}'"
    assert salesforce.query(soql) == []
    assert salesforce.query(soql, everything=True) == [{"Id": lead_id, "IsDeleted": True}]


def test_closed_tasks_of_a_year_ago_are_archived_and_only_query_all_shows_them(
    salesforce: Salesforce, admin: Admin
) -> None:
    closed = "SELECT Id, SystemModstamp FROM Task WHERE IsClosed = true{} ORDER BY Id"
    before = salesforce.query(closed.format(""))
    admin.advance(366 * 86_400)
    salesforce.log_in()
    assert salesforce.query(closed.format("")) == []
    archived = salesforce.query(closed.format(" AND IsArchived = true"), everything=True)
    assert before
    assert [task for task in archived if task in before] == before


@pytest.mark.parametrize(
    ("ending", "number"),
    [
        ("LIMIT 3", 3),
        ("LIMIT 2 OFFSET 31", 1),
        ("LIMIT 3 FOR VIEW", 3),
        ("LIMIT 3 FOR REFERENCE, VIEW", 3),
        ("USING SCOPE everything LIMIT 4", 4),
        ("USING SCOPE mine", 0),
        ("OFFSET 2000", 0),
    ],
)
def test_a_query_may_end_in_limits_and_purposes(
    salesforce: Salesforce, ending: str, number: int
) -> None:
    soql = f"SELECT Id FROM Lead {ending}"
    assert len(salesforce.query(soql)) == number


def test_fields_come_in_groups(salesforce: Salesforce) -> None:
    described = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    every = {field["name"] for field in described}
    custom = {field["name"] for field in described if field["custom"]}
    shown = {
        group: set(salesforce.query(f"SELECT FIELDS({group}) FROM Lead LIMIT 1")[0])
        for group in ("ALL", "STANDARD", "CUSTOM")
    }
    assert shown == {"ALL": every, "STANDARD": every - custom, "CUSTOM": custom}
