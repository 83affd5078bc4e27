import pytest

from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import make

TARGET = "O'Brien\\Söhne"


@pytest.fixture
def names(salesforce: Salesforce) -> Salesforce:
    """Leads whose company tells which condition should find them."""
    for number, rating in enumerate(["Hot", "Cold", None], start=1):
        body = {
            "LastName": f"L{number}",
            "Company": "Probe",
            "Rating": rating,
            "NumberOfEmployees": number if rating else None,
            "City": TARGET if number == 1 else "a_b",
        }
        salesforce("POST", "sobjects/Lead", json=body).raise_for_status()
    return salesforce


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Rating = 'hot'", "L1"),
        ("Rating != 'Hot'", "L2 L3"),
        ("Rating = null", "L3"),
        ("Rating != null", "L1 L2"),
        ("Rating IN ('Hot', 'Cold')", "L1 L2"),
        ("Rating IN ('Hot', null)", "L1 L3"),
        ("Rating NOT IN ('Hot')", "L2 L3"),
        ("NOT Rating IN ('Hot')", "L2 L3"),
        ("NumberOfEmployees > 1", "L2"),
        ("NumberOfEmployees <= 1", "L1"),
        ("NOT NumberOfEmployees > 1", "L1 L3"),
        ("LastName LIKE 'l_'", "L1 L2 L3"),
        ("City LIKE 'a\\_%'", "L2 L3"),
        ("City = 'O\\'Brien\\\\Söhne'", "L1"),
        ("IsConverted = false", "L1 L2 L3"),
        ("CreatedDate = 2026-06-30T14:00:00+02:00", "L1 L2 L3"),
        ("CreatedDate < 2026-06-30T12:00:00.000Z", ""),
        ("(Rating = 'Hot' OR Rating = 'Cold') AND NumberOfEmployees = 2", "L2"),
        ("Rating = 'Hot' OR (Rating = null AND LastName = 'L3')", "L1 L3"),
    ],
)
def test_a_condition_finds_what_salesforce_would(
    names: Salesforce, condition: str, found: str
) -> None:
    soql = f"SELECT LastName FROM Lead WHERE Company = 'Probe' AND ({condition}) ORDER BY LastName"
    assert " ".join(record["LastName"] for record in names.query(soql)) == found


@pytest.mark.parametrize(
    ("ordering", "found"),
    [
        ("Rating", "L3 L2 L1"),
        ("Rating DESC NULLS LAST", "L1 L2 L3"),
        ("IsConverted ASC, LastName DESC", "L3 L2 L1"),
        ("LastName LIMIT 2", "L1 L2"),
    ],
)
def test_an_order_puts_empty_values_first_unless_told(
    names: Salesforce, ordering: str, found: str
) -> None:
    soql = f"SELECT LastName FROM Lead WHERE Company = 'Probe' ORDER BY {ordering}"
    assert " ".join(record["LastName"] for record in names.query(soql)) == found


def test_ties_do_not_come_by_id(names: Salesforce) -> None:
    soql = "SELECT Id FROM Lead WHERE Company = 'Probe' ORDER BY SystemModstamp"
    ids = [record["Id"] for record in names.query(soql)]
    assert ids != sorted(ids)


def test_ids_are_found_by_fifteen_and_by_eighteen_characters(names: Salesforce) -> None:
    [lead_id] = names.lead_ids(1)
    for form in (lead_id, lead_id[:15]):
        assert names.query(f"SELECT Id FROM Lead WHERE Id = '{form}'") == [{"Id": lead_id}]


@pytest.fixture
def tagged(salesforce: Salesforce) -> list[str]:
    """Leads with two choices of a multipicklist, one and none."""
    options = {"value": [{"fullName": name, "label": name} for name in ("A", "B", "C")]}
    values = {"valueSet": {"valueSetDefinition": options}, "visibleLines": 3}
    salesforce.add_field("Tags__c", type="MultiselectPicklist", **values).raise_for_status()
    salesforce.grant("Tags__c")
    return [make(salesforce, "Lead", Company="Tagged", Tags__c=tags) for tags in ("A;B", "C", None)]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("INCLUDES ('A;B', 'C')", [0, 1]),
        ("INCLUDES ('A;C')", []),
        ("EXCLUDES ('A')", [1, 2]),
        ("= 'C'", [1]),
        ("= null", [2]),
    ],
)
def test_choices_of_a_multipicklist_are_included_or_excluded(
    salesforce: Salesforce, tagged: list[str], condition: str, found: list[int]
) -> None:
    soql = f"SELECT Id FROM Lead WHERE Company = 'Tagged' AND Tags__c {condition} ORDER BY Id"
    assert [tagged.index(record["Id"]) for record in salesforce.query(soql)] == found


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("Zoë", "Zo\\u00eb"),
        ("two\nlines", "two\\nlines"),
        ('a"b', 'a\\"b'),
        ("100%_x", "100%_x"),
        ("100%_x", "100\\%\\_x"),
        ("a\\b", "a\\\\%"),
        ("a%", "a\\%"),
    ],
)
def test_strings_may_hold_escapes(salesforce: Salesforce, name: str, literal: str) -> None:
    lead = make(salesforce, "Lead", City=name)
    operator = "LIKE" if "%" in literal else "="
    assert salesforce.query(f"SELECT Id FROM Lead WHERE City {operator} '{literal}'") == [
        {"Id": lead}
    ]


def test_labels_are_the_values_themselves(names: Salesforce) -> None:
    soql = "SELECT toLabel(Status) FROM Lead WHERE Company = 'Probe' AND toLabel(Rating) = 'Hot'"
    assert names.query(soql) == [{"Status": "New"}]


def test_a_keyset_condition_finds_what_follows_a_record(names: Salesforce) -> None:
    every = names.query("SELECT Id FROM Lead WHERE Company = 'Probe' ORDER BY SystemModstamp, Id")
    stamp = "2026-06-30T12:00:00Z"
    after = f"SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > '{every[0]['Id']}')"
    for condition in (after, " OR ".join(reversed(after.split(" OR ")))):
        soql = f"SELECT Id FROM Lead WHERE {condition} ORDER BY SystemModstamp, Id LIMIT 2"
        assert names.query(soql) == every[1:]
