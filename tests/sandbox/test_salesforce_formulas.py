import csv
from typing import Any

import pytest

from tests.sandbox.bulk import queried
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.packages import (
    assign,
    deploy,
    field_xml,
    object_xml,
    permission_set_xml,
    problems,
    zipped,
)
from tests.sandbox.salesforce_records import make

TEXT, NUMBER = {"type": "Text"}, {"type": "Number", "precision": 18, "scale": 2}
CHECK, DATE = {"type": "Checkbox"}, {"type": "Date"}
FORMULAS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "Sum__c": (NUMBER, "-NumberOfEmployees + 2 * (3 - 1) / 8", -11.5),
    "Blank_Is_Zero__c": (NUMBER, "AnnualRevenue + 1", 1.0),
    "By_Zero__c": (NUMBER, "1 / 0", None),
    "Rounded__c": (NUMBER, "ROUND(2.345, 2) + ABS(-1) + MIN(3, 2) + MAX(1, 4, 2)", 9.35),
    "Floor__c": (NUMBER, "FLOOR(2.9) + FLOOR(-2.9) * 10", -18.0),
    "Tens__c": (NUMBER, "ROUND(1250 + 5, -1) + ROUND(1.25, 0)", 1261.0),
    "Length__c": (NUMBER, 'LEN(Company) + VALUE("1.5")', 12.5),
    "Parts__c": (NUMBER, "YEAR(TODAY()) + MONTH(TODAY()) + DAY(DATEVALUE(NOW()))", 2062.0),
    "Joined__c": (TEXT, 'LEFT(Company, 2) & "-" & RIGHT(Company, 3) & Title', "Pr-rks"),
    "Quoted__c": (TEXT, '"it\'s \\"so\\""', 'it\'s "so"'),
    "Cased__c": (TEXT, 'CASE(LeadSource, "Web", "online", "Event", "met", "other")', "met"),
    "Blanked__c": (TEXT, 'BLANKVALUE(Title, "none") + TEXT(Status) + TEXT(12)', "noneNew12"),
    "Empty__c": (TEXT, 'IF(ISBLANK(Title), "", Title)', None),
    "Logic__c": (CHECK, 'AND(CONTAINS(Company, "obe"), NOT(BEGINS(Company, "obe")))', True),
    "Signs__c": (CHECK, '(LastName <> "probe" && 2 >= 2) || FALSE', True),
    "Picked__c": (CHECK, 'ISPICKVAL(Status, "New") && ISPICKVAL(Rating, "")', True),
    "Nothing_Is_Less__c": (CHECK, "ConvertedDate < TODAY()", False),
    "Later__c": (DATE, "DATEVALUE(CreatedDate) + 2", "2026-07-02"),
    "Then__c": ({"type": "DateTime"}, "CreatedDate + 0.5", "2026-07-01T00:00:00.000+0000"),
    "Percent__c": ({"type": "Percent", "precision": 5, "scale": 1}, "0.25", 25.0),
    "Owner_Name__c": (TEXT, "Owner:User.LastName", "Integration"),
    "Nested__c": (TEXT, 'Joined__c & "!"', "Pr-rks!"),
}


def deploy_formulas(salesforce: Salesforce) -> None:
    # What reads another formula stands before it here, as it may in any file.
    names = list(reversed(FORMULAS))
    inner = "\n".join(
        field_xml(name, formula=FORMULAS[name][1], **FORMULAS[name][0]) for name in names
    )
    full_names = [f"Lead.{name}" for name in names]
    members = {"CustomField": full_names, "PermissionSet": ["All"]}
    grants = permission_set_xml(*full_names)
    package = zipped(members, Lead_object=object_xml(inner), All_permissionset=grants)
    result = deploy(salesforce, package)
    assert problems(result) == []
    assign(salesforce, "All")


def test_formulas_are_computed_as_salesforce_documents_them(salesforce: Salesforce) -> None:
    deploy_formulas(salesforce)
    lead_id = make(salesforce, "Lead", NumberOfEmployees=12, LeadSource="Event")
    soql = f"SELECT {', '.join(FORMULAS)} FROM Lead WHERE Id = '{lead_id}'"
    [record] = salesforce.query(soql)
    assert record == {name: value for name, (_, _, value) in FORMULAS.items()}
    found = salesforce.query("SELECT Id FROM Lead WHERE Sum__c = -11.5 AND Logic__c = true")
    assert found == [{"Id": lead_id}]


def test_a_formula_follows_the_clock_and_moves_no_stamp(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead_id = make(salesforce, "Lead")
    before = salesforce.lead(lead_id)
    admin.advance(3 * 86_400)
    salesforce.log_in()
    assert salesforce.lead(lead_id) == before | {"Days_Since_Created__c": 3.0}


def test_a_formula_reads_a_parent_and_sorts(salesforce: Salesforce) -> None:
    account = make(salesforce, "Account", Industry="Retail")
    contact = make(salesforce, "Contact", AccountId=account)
    soql = "SELECT Id, Account_Industry__c FROM Contact WHERE Account_Industry__c != 'Software' "
    records = salesforce.query(soql + "ORDER BY Account_Industry__c DESC NULLS LAST")
    assert {"Id": contact, "Account_Industry__c": "Retail"} in records
    industries = [record["Account_Industry__c"] or "" for record in records]
    assert industries == sorted(industries, reverse=True)


def test_bulk_queries_compute_formulas_too(salesforce: Salesforce) -> None:
    soql = "SELECT Id, Days_Since_Created__c FROM Lead WHERE Days_Since_Created__c > 100"
    rows = list(csv.DictReader(queried(salesforce, soql).splitlines()))
    found = {row["Id"]: float(row["Days_Since_Created__c"]) for row in rows}
    assert found == {r["Id"]: r["Days_Since_Created__c"] for r in salesforce.query(soql)} != {}


def test_per_cents_count_as_fractions(salesforce: Salesforce) -> None:
    deal = make(salesforce, "Opportunity", Amount=1000, StageName="Proposal")
    [record] = salesforce.query(f"SELECT Expected_Value__c FROM Opportunity WHERE Id = '{deal}'")
    assert record == {"Expected_Value__c": 500.0}


def test_a_formula_field_is_described_as_computed(salesforce: Salesforce) -> None:
    described = salesforce("GET", "sobjects/Opportunity/describe").json()["fields"]
    [field] = [field for field in described if field["name"] == "Expected_Value__c"]
    keys = ("calculated", "calculatedFormula", "createable", "updateable", "type", "custom")
    shown = {key: field[key] for key in keys}
    assert shown == {
        "calculated": True,
        "calculatedFormula": "Amount * Probability",
        "createable": False,
        "updateable": False,
        "type": "currency",
        "custom": True,
    }


def test_a_formula_field_takes_no_value(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    [result] = salesforce.update({"id": lead_id, "Days_Since_Created__c": 1})
    assert result["errors"][0]["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


REFUSED = {
    "FOO(1)": "Unknown function FOO. Check spelling.",
    "Nope__c": "Field Nope__c does not exist. Check spelling.",
    "Account.Name": "Field Account.Name does not exist. Check spelling.",
    "Owner.Name": "Field Owner.Name does not exist. Check spelling.",
    "Status": "Formula result is data type (Text), incompatible with expected data type (Number).",
    'Status = "New"': (
        "Field Status is a picklist field. Picklist fields are only supported in certain functions."
    ),
    "LEN(1)": "Incorrect parameter type for function 'LEN()'. Expected Text, received Number",
    'LEFT("a")': "Incorrect number of parameters for function 'LEFT()'. Expected 2, received 1",
    "IF(TRUE, 2)": "Incorrect number of parameters for function 'IF()'. Expected 3, received 2",
    "NOT(1)": "Incorrect parameter type for function 'NOT()'. Expected Boolean, received Number",
    '1 + ("a" & 2)': "Incorrect parameter type for operator '&'. Expected Text, received Number",
    "TODAY() * 2": "Incorrect parameter type for operator '*'. Expected Number, received Date",
    'TODAY() - "a"': "Incorrect parameter type for operator '-'. Expected Number, received Text",
    'LEN(Description) > "a"': "You referenced an unsupported field type: Description.",
    "(1 + 2": "Syntax error. Missing ')'",
    "1 2": "Syntax error. Extra 2",
    "1 +": "Syntax error",
    "1 ? 2": "Syntax error. Found '?'",
    "TEXT(Company)": (
        "Incorrect parameter type for function 'TEXT()'. "
        "Expected Number, Date, DateTime, Picklist, received Text"
    ),
}


def nested(outer: str, count: int, inner: str) -> str:
    """Return a formula within others: `{}` is where each holds the next."""
    for _ in range(count):
        inner = outer.replace("{}", inner)
    return inner


TOO_COMPLEX = "Formula is too complex: too many operations are within one another."
UNRUNNABLE = {
    "9" * 400: "Number is too large: 99999999999999999999...",
    nested("({})", 1_500, "1"): TOO_COMPLEX,
    "+".join("1" * 1_300): TOO_COMPLEX,
    "-" * 1_500 + "1": TOO_COMPLEX,
    nested("ABS({})", 60, "1"): TOO_COMPLEX,
    nested("BLANKVALUE({},1)", 10, "NumberOfEmployees"): (
        "Compiled formula is too big to execute (37,528 characters). "
        "Maximum size is 15,000 characters"
    ),
}


def test_a_formula_that_could_not_be_run_is_refused_and_spoils_nothing(
    salesforce: Salesforce,
) -> None:
    answers = {text: salesforce.add_field("Bad__c", formula=text, **NUMBER) for text in UNRUNNABLE}
    assert {text: answer.json()[0]["message"] for text, answer in answers.items()} == UNRUNNABLE
    assert salesforce("GET", f"sobjects/Lead/{salesforce.lead_ids(1)[0]}").status_code == 200


LONG = {
    "Chosen__c": (nested('IF(City="a","b",{})', 60, '"c"'), "c"),
    "Listed__c": ("&".join(["LEFT(Company,1)"] * 60), "P" * 60),
}


def test_many_choices_and_many_texts_in_a_row_are_computed(salesforce: Salesforce) -> None:
    for name, (text, _) in LONG.items():
        assert salesforce.add_field(name, formula=text, **TEXT).status_code == 201
    salesforce.grant(*LONG, edit=False)
    lead_id = make(salesforce, "Lead")
    [record] = salesforce.query(f"SELECT {', '.join(LONG)} FROM Lead WHERE Id = '{lead_id}'")
    assert record == {name: value for name, (_, value) in LONG.items()}


def test_a_formula_that_makes_no_sense_is_refused_in_salesforce_s_words(
    salesforce: Salesforce,
) -> None:
    answers = {text: salesforce.add_field("Bad__c", formula=text, **NUMBER) for text in REFUSED}
    assert {text: answer.json()[0]["message"] for text, answer in answers.items()} == REFUSED


@pytest.mark.parametrize("kind", ["Picklist", "Email", "LongTextArea"])
def test_not_every_type_can_be_computed(salesforce: Salesforce, kind: str) -> None:
    answer = salesforce.add_field("Bad__c", type=kind, formula='"a"').json()
    assert answer[0]["message"] == f"Can not specify 'formula' for a CustomField of type {kind}"


def test_a_field_that_a_formula_reads_stays(salesforce: Salesforce) -> None:
    path = "tooling/sobjects/CustomField"
    read_id = salesforce.add_field().json()["id"]
    formula_id = salesforce.add_field("Twice__c", formula="Score__c * 2", **NUMBER).json()["id"]
    refused = salesforce("DELETE", f"{path}/{read_id}")
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "DEPENDENCY_EXISTS")
    assert salesforce("DELETE", f"{path}/{formula_id}").status_code == 204
    assert salesforce("DELETE", f"{path}/{read_id}").status_code == 204


def test_a_formula_of_a_formula_follows_its_change(salesforce: Salesforce) -> None:
    inner_id = salesforce.add_field("Inner__c", formula="1", **NUMBER).json()["id"]
    salesforce.add_field("Outer__c", formula="Inner__c + 1", **NUMBER)
    salesforce.grant("Outer__c")
    body = {"Metadata": {"label": "Inner", "formula": "41", **NUMBER}}
    salesforce("PATCH", f"tooling/sobjects/CustomField/{inner_id}", json=body)
    assert salesforce.query("SELECT Outer__c FROM Lead LIMIT 1") == [{"Outer__c": 42.0}]


def test_the_record_page_shows_a_formula_that_was_added(salesforce: Salesforce) -> None:
    salesforce.add_field("Answer__c", formula="40 + 2", label="Answer", **NUMBER)
    [lead_id] = salesforce.lead_ids(1)
    page = salesforce.session.get(f"{salesforce.url}/ui/salesforce/Lead/{lead_id}", timeout=10)
    assert "42.00" in page.text


def test_a_number_that_overflows_is_empty_in_every_api(salesforce: Salesforce) -> None:
    formula = f"{'1' * 308} * 10 * 10"
    salesforce.add_field("Far__c", type="Number", precision=18, scale=2, formula=formula)
    salesforce.grant("Far__c", edit=False)
    [lead_id] = salesforce.lead_ids(1)
    assert salesforce.lead(lead_id)["Far__c"] is None
    told = queried(salesforce, f"SELECT Far__c FROM Lead WHERE Id = '{lead_id}'")
    assert told.splitlines() == ['"Far__c"', '""']
