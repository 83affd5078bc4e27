import pytest

from tests.sandbox.clients import Admin, Salesforce


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
    ("soql", "code", "words"),
    [
        ("SELECT Nope FROM Lead", "INVALID_FIELD", "No such column 'Nope' on sobject of type Lead"),
        ("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported"),
        ("SELECT Id FRM Lead", "MALFORMED_QUERY", "unexpected token: 'FRM'"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Lead OFFSET 5", "MALFORMED_QUERY", "unexpected token: 'OFFSET'"),
        ("SELECT Id FROM Lead GROUP BY Id", "MALFORMED_QUERY", "unexpected token: 'GROUP'"),
        ("SELECT Id, Id FROM Lead", "INVALID_FIELD", "duplicate field selected: Id"),
        ("SELECT Owner.Name FROM Lead", "INVALID_FIELD", "No such column 'Owner.Name'"),
        (
            "SELECT Id FROM Lead WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
            "INVALID_FIELD",
            "should not be enclosed in quotes",
        ),
        ("SELECT Id FROM Lead WHERE Email = 5", "INVALID_FIELD", "should be enclosed in quotes"),
        (
            "SELECT Id FROM Lead WHERE Description = 'x'",
            "INVALID_FIELD",
            "can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Lead WHERE Id = 'x' AND Email = 'y' OR Email = 'z'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Lead WHERE Id = 'nonsense'", "INVALID_QUERY_FILTER_OPERATOR", "nonsense"),
    ],
)
def test_a_query_that_salesforce_refuses_is_refused(
    salesforce: Salesforce, soql: str, code: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert refusal["errorCode"] == code
    assert words in refusal["message"]


def test_a_plus_sign_left_bare_in_the_address_spoils_the_literal(salesforce: Salesforce) -> None:
    bare = "SELECT+Id+FROM+Lead+WHERE+SystemModstamp>2026-01-01T00:00:00+00:00"
    answer = salesforce("GET", f"query?q={bare}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MALFORMED_QUERY")


def test_an_address_beyond_sixteen_kilobytes_is_too_long(salesforce: Salesforce) -> None:
    soql = "SELECT Id FROM Lead WHERE Email IN ('" + "x" * 16_400 + "')"
    assert salesforce("GET", "query", params={"q": soql}).status_code == 414
