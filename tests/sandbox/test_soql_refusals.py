"""Queries that Salesforce refuses, and in which words."""

import pytest

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
    ],
)
def test_a_query_that_salesforce_refuses_is_refused(
    salesforce: Salesforce, soql: str, code: str, words: str
) -> None:
    refusal = salesforce.refusal(soql)
    assert refusal["errorCode"] == code
    assert words in refusal["message"]


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
