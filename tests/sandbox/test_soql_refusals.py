"""Queries that Salesforce refuses, and in which words."""

import pytest

from tests.sandbox.bulk import queried, refused_query
from tests.sandbox.clients import Admin, Salesforce

FILTER = "INVALID_QUERY_FILTER_OPERATOR"


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Nope FROM Lead", "INVALID_FIELD", "No such column 'Nope' on entity 'Lead'."),
        ("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported"),
        ("SELECT Id FRM Lead", "MALFORMED_QUERY", "unexpected token: 'Lead'"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Lead ALL ROWS", "MALFORMED_QUERY", "ALL ROWS not allowed in this context"),
        ("SELECT Id FROM Lead FOR UPDATE", "MALFORMED_QUERY", "FOR UPDATE not allowed"),
        ("SELECT Id FROM Lead LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
        (
            "SELECT Id FROM Lead LIMIT 9999999999",
            "MALFORMED_QUERY",
            "unexpected token: '9999999999'",
        ),
        ("SELECT Id FROM Lead WHERE Id IN ()", "MALFORMED_QUERY", "unexpected token: ')'"),
        ("SELECT COUNT(Id) FROM Lead GROUP BY CUBE(City)", "MALFORMED_QUERY", "function: cube"),
        ("SELECT TYPEOF Who WHEN Lead THEN Id END FROM Task", "MALFORMED_QUERY", "token: 'WHEN'"),
        (
            "SELECT Id, (SELECT COUNT() FROM Contacts) FROM Account",
            "MALFORMED_QUERY",
            "only one level of inner queries is served here, and none that counts",
        ),
        (
            "SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01",
            "INVALID_FIELD",
            "should not be encl",
        ),
        ("SELECT Id FROM Lead USING SCOPE team", "MALFORMED_QUERY", "unexpected token: 'team'"),
        (
            "SELECT Name n FROM Lead",
            "MALFORMED_QUERY",
            "only aggregate expressions use field alias",
        ),
        ("SELECT FORMAT(AnnualRevenue) FROM Lead", "MALFORMED_QUERY", "Invalid function: format"),
        ("", "MALFORMED_QUERY", "A query string has to be specified"),
        ("SELECT Id FROM Lead ORDER BY Description", "INVALID_FIELD", "can not be sorted"),
        ("SELECT Id FROM Lead WHERE Id LIKE 'a'", FILTER, "invalid operator on id field"),
        ("SELECT Id FROM Lead WHERE IsDeleted > true", FILTER, "invalid operator on boolean field"),
        ("SELECT Id FROM Lead WHERE City INCLUDES ('a')", FILTER, "invalid operator on string"),
        ("SELECT Id, Id FROM Lead", "INVALID_FIELD", "duplicate field selected: Id"),
        (
            "SELECT Foo.Name FROM Lead",
            "INVALID_FIELD",
            "Didn't understand relationship 'Foo' in field",
        ),
        ("SELECT Owner.Nope FROM Lead", "INVALID_FIELD", "No such column 'Nope' on entity 'Name'."),
        (
            "SELECT Id FROM Lead WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
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
        ("SELECT Id FROM Lead WHERE Name > TODAY", "INVALID_FIELD", "must be of type string"),
        ("SELECT Id FROM Lead WHERE NumberOfEmployees = TODAY", "INVALID_FIELD", "of type int"),
        (
            "SELECT Id FROM Lead WHERE Name = 'a\\%'",
            "MALFORMED_QUERY",
            "Illegal string escape: \\%",
        ),
        ("SELECT Id FROM Lead WHERE Name = '\\ud800'", "MALFORMED_QUERY", "half a character"),
        ("SELECT Id FROM Lead WHERE AnnualRevenue IN (1e999)", "MALFORMED_QUERY", "Invalid number"),
        (
            "SELECT Id FROM Lead WHERE CreatedDate = LAST_N_DAYS:99999999999",
            "MALFORMED_QUERY",
            "Invalid date: LAST_N_DAYS:99999999999",
        ),
        (
            "SELECT Id FROM Lead WHERE CreatedDate = N_YEARS_AGO:5000",
            "MALFORMED_QUERY",
            "Invalid date: N_YEARS_AGO:5000",
        ),
        (
            "SELECT Id FROM Opportunity WHERE HOUR_IN_DAY(CloseDate) = 1",
            "MALFORMED_QUERY",
            "Invalid function: hour_in_day",
        ),
    ],
)
def test_a_query_that_salesforce_refuses_is_refused(
    salesforce: Salesforce, soql: str, code: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert refusal["errorCode"] == code
    assert words in refusal["message"]


UNGROUPED = "Field must be grouped or aggregated: CreatedDate"
OUT_OF_PLACE = [
    ("SELECT Id FROM Lead HAVING Name = 'x'", "unexpected token: 'HAVING'"),
    ("SELECT COUNT(Id) FROM Lead HAVING COUNT(Id) > 1", "unexpected token: 'HAVING'"),
    ("SELECT COUNT() FROM Lead GROUP BY Status", "COUNT() can not be used with GROUP BY"),
    ("SELECT Status FROM Lead GROUP BY Status ORDER BY CreatedDate", UNGROUPED),
    (
        "SELECT Status FROM Lead GROUP BY Status HAVING NOT (Status = 'a' OR CreatedDate = null)",
        UNGROUPED,
    ),
    ("SELECT COUNT(Id) FROM Lead ORDER BY CreatedDate", UNGROUPED),
]


@pytest.mark.parametrize(("soql", "words"), OUT_OF_PLACE)
def test_a_clause_that_has_no_place_in_a_query_is_refused(
    salesforce: Salesforce, soql: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert (refusal["errorCode"], words in refusal["message"]) == ("MALFORMED_QUERY", True)


OTHER_OBJECT = (
    "The selected field 'Id' in the subquery and the left operand field 'Account.Id' in the where "
    "expression in the outer query should point to the same object type"
)
CLAUSES = "semi join sub-selects take no ORDER BY, GROUP BY, LIMIT, OFFSET or USING SCOPE"
NO_ID = "Semi join sub-selects can only query id fields, cannot use: 'Name'"


@pytest.mark.parametrize(
    ("left", "query", "words"),
    [
        ("Account.Id", "SELECT Id FROM Contact", OTHER_OBJECT),
        ("Name", "SELECT Name FROM Contact", NO_ID),
        ("Name", "SELECT Id FROM Contact", "should point to the same object type"),
        ("Id", "SELECT Id FROM Contact LIMIT 1", CLAUSES),
        ("Id", "SELECT Id FROM Contact ORDER BY Id", CLAUSES),
        ("Id", "SELECT Id FROM Contact USING SCOPE mine", CLAUSES),
        ("Id", "SELECT Id FROM Contact GROUP BY Id", CLAUSES),
        ("Id", "SELECT Id, Name FROM Contact", "semi join sub-selects select one field"),
    ],
)
def test_a_semi_join_needs_ids_of_one_object_and_nothing_else(
    salesforce: Salesforce, left: str, query: str, words: str
) -> None:
    refusal = salesforce.refusal(f"SELECT Id FROM Contact WHERE {left} IN ({query})")
    assert refusal["errorCode"] == "MALFORMED_QUERY"
    assert words in refusal["message"]


def test_a_thousand_conditions_in_a_row_are_no_more_than_a_few(salesforce: Salesforce) -> None:
    [lead] = salesforce.query("SELECT Id, Email FROM Lead WHERE Email != null LIMIT 1")
    others = " OR ".join(f"Email = 'a{number}@b.example'" for number in range(1_200))
    soql = f"SELECT Id FROM Lead WHERE {others} OR Email = '{lead['Email']}'"
    assert queried(salesforce, soql).splitlines()[1:] == [f'"{lead["Id"]}"']


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("(" * 3_000 + "Id = null" + ")" * 3_000, "MALFORMED_QUERY"),
        ("NOT " * 2_000 + "Id = null", "MALFORMED_QUERY"),
        (f"Name LIKE '{'%a' * 25_001}'", "QUERY_TOO_COMPLICATED"),
    ],
)
def test_conditions_beyond_what_can_be_read_are_refused(
    salesforce: Salesforce, condition: str, code: str
) -> None:
    soql = f"SELECT Id FROM Lead WHERE {condition}"
    assert refused_query(salesforce, soql)[:2] == (400, code)


def test_more_parents_than_can_be_joined_are_refused(salesforce: Salesforce) -> None:
    ups = [("ReportsTo",) * up for up in range(5)]
    accounts = [(*up, "Account", *("Parent",) * above) for up in ups for above in range(5)]
    people = [("Owner",), ("CreatedBy",), ("LastModifiedBy",), ()]
    ways = [(*way, *who, "Name") for way in (*ups, *accounts) for who in people]
    paths = [".".join(way) for way in ways if len(way) <= 6]
    soql = f"SELECT {', '.join(paths)} FROM Contact"
    assert salesforce.refusal(soql)["errorCode"] == "QUERY_TOO_COMPLICATED"
    assert refused_query(salesforce, soql)[:2] == (400, "QUERY_TOO_COMPLICATED")


def test_a_refusal_shows_the_place_in_the_query(salesforce: Salesforce) -> None:
    assert salesforce.refusal("SELECT Id,\nNope FROM Lead") == {
        "errorCode": "INVALID_FIELD",
        "message": (
            "\nSELECT Id, Nope FROM Lead\n           ^\nERROR at Row:2:Column:1\n"
            "No such column 'Nope' on entity 'Lead'. If you are attempting to use a custom field, "
            "be sure to append the '__c' after the custom field name. Please reference your WSDL "
            "or the describe call for the appropriate names."
        ),
    }


def test_a_query_may_have_so_many_characters(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_soql_length=20)
    message = "SOQL statements cannot be longer than 20 characters."
    refusal = {"errorCode": "MALFORMED_QUERY", "message": message}
    assert salesforce.refusal("SELECT Id, Name FROM Lead") == refusal


def test_an_offset_beyond_two_thousand_is_refused(salesforce: Salesforce) -> None:
    refusal = salesforce.refusal("SELECT Id FROM Lead LIMIT 1 OFFSET 2001")
    assert refusal["errorCode"] == "NUMBER_OUTSIDE_VALID_RANGE"
    assert refusal["message"] == "Maximum SOQL offset allowed is 2000"


@pytest.mark.parametrize("group", ["ALL", "CUSTOM"])
def test_fields_of_unknown_number_need_a_limit_of_two_hundred(
    salesforce: Salesforce, group: str
) -> None:
    message = "The SOQL FIELDS function must have a LIMIT of at most 200"
    refusal = {"errorCode": "MALFORMED_QUERY", "message": message}
    for ending in ("", " LIMIT 201"):
        assert salesforce.refusal(f"SELECT FIELDS({group}) FROM Lead{ending}") == refusal


def test_a_plus_sign_left_bare_in_the_address_spoils_the_literal(salesforce: Salesforce) -> None:
    bare = "SELECT+Id+FROM+Lead+WHERE+SystemModstamp>2026-01-01T00:00:00+00:00"
    answer = salesforce("GET", f"query?q={bare}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MALFORMED_QUERY")


def test_an_address_beyond_sixteen_kilobytes_is_too_long(salesforce: Salesforce) -> None:
    soql = "SELECT Id FROM Lead WHERE Email IN ('" + "x" * 16_400 + "')"
    assert salesforce("GET", "query", params={"q": soql}).status_code == 414
