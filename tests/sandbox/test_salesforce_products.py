"""Products, their prices, and the lines of an Opportunity with the Amount they add up to."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, lines, make, refusal, values


@pytest.fixture
def standard(salesforce: Salesforce) -> str:
    """The id of the standard price book."""
    [book] = salesforce.query("SELECT Id FROM Pricebook2 WHERE IsStandard = true")
    return str(book["Id"])


@pytest.fixture
def price(salesforce: Salesforce, standard: str) -> str:
    """The id of a price of 50."""
    product = make(salesforce, "Product2", Name="Pump", ProductCode="P-1", IsActive=True)
    keys = {"Pricebook2Id": standard, "Product2Id": product}
    return make(salesforce, "PricebookEntry", **keys, UnitPrice=50, IsActive=True)


@pytest.fixture
def deal(salesforce: Salesforce) -> str:
    return make(salesforce, "Opportunity", Amount=7)


def amount(salesforce: Salesforce, deal: str) -> Any:
    return values(salesforce, deal, "Opportunity", "Amount")[0]


def test_a_line_says_what_it_is_of_and_costs(salesforce: Salesforce, price: str, deal: str) -> None:
    line = make(
        *(salesforce, "OpportunityLineItem"),
        OpportunityId=deal,
        PricebookEntryId=price,
        Quantity=3,
        UnitPrice=40,
    )
    names = ("Name", "ProductCode", "ListPrice", "TotalPrice", "Product2.Name")
    record = salesforce.query(f"SELECT {', '.join(names)} FROM OpportunityLineItem")[0]
    record["Product2"].pop("attributes")
    assert record == {
        "Name": "Deal Pump",
        "ProductCode": "P-1",
        "ListPrice": 50.0,
        "TotalPrice": 120.0,
        "Product2": {"Name": "Pump"},
    }
    assert line.startswith("00k")


def test_lines_add_up_to_the_amount(
    salesforce: Salesforce, admin: Admin, price: str, deal: str, standard: str
) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    admin.advance(60)
    make(salesforce, "OpportunityLineItem", **keys, Quantity=2, UnitPrice=50)
    second = make(salesforce, "OpportunityLineItem", **keys, Quantity=1, TotalPrice=30)
    found = values(salesforce, deal, "Opportunity", "Amount", "Pricebook2Id", "SystemModstamp")
    assert found == (130.0, standard, "2026-06-30T12:01:00.000+0000")
    change(salesforce, "OpportunityLineItem", second, UnitPrice=10)
    assert amount(salesforce, deal) == 110.0
    salesforce("DELETE", f"sobjects/OpportunityLineItem/{second}")
    history = lines(salesforce, "OpportunityFieldHistory", deal, "Field", "NewValue")
    assert [new for field, new in history if field == "Amount"] == [100.0, 130.0, 110.0, 100.0]


def test_an_amount_that_lines_make_up_is_passed_over(
    salesforce: Salesforce, price: str, deal: str
) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    make(salesforce, "OpportunityLineItem", **keys, Quantity=2, UnitPrice=50)
    change(salesforce, "Opportunity", deal, Amount=1, NextStep="Call")
    found = values(salesforce, deal, "Opportunity", "Amount", "NextStep", "HasOpportunityLineItem")
    assert found == (100.0, "Call", True)


def test_a_quantity_alone_leaves_the_total(salesforce: Salesforce, price: str, deal: str) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    line = make(salesforce, "OpportunityLineItem", **keys, Quantity=2, UnitPrice=50)
    change(salesforce, "OpportunityLineItem", line, Quantity=4)
    found = values(salesforce, line, "OpportunityLineItem", "UnitPrice", "TotalPrice")
    assert found == (25.0, 100.0)


@pytest.mark.parametrize(
    ("prices", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        ({"UnitPrice": 1, "TotalPrice": 2}, "FIELD_INTEGRITY_EXCEPTION"),
    ],
)
def test_a_line_has_one_price(
    salesforce: Salesforce, price: str, deal: str, prices: dict[str, Any], code: str
) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price, "Quantity": 1}
    assert refusal(salesforce, "OpportunityLineItem", **keys, **prices) == code


def test_a_product_has_one_price_in_a_book_the_standard_one_first(
    salesforce: Salesforce, price: str, standard: str
) -> None:
    [product] = values(salesforce, price, "PricebookEntry", "Product2Id")
    book = make(salesforce, "Pricebook2", Name="Partners", IsActive=True)
    other = make(salesforce, "Product2", Name="Valve")
    entry = {"UnitPrice": 1, "IsActive": True}
    again = {"Pricebook2Id": standard, "Product2Id": product}
    first = {"Pricebook2Id": book, "Product2Id": other}
    codes = [refusal(salesforce, "PricebookEntry", **keys, **entry) for keys in (again, first)]
    assert codes == ["FIELD_INTEGRITY_EXCEPTION", "STANDARD_PRICE_NOT_DEFINED"]


def test_lines_go_and_come_back_with_their_opportunity(
    salesforce: Salesforce, admin: Admin, price: str, deal: str
) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    line = make(salesforce, "OpportunityLineItem", **keys, Quantity=2, UnitPrice=50)
    salesforce("DELETE", f"sobjects/Opportunity/{deal}")
    assert values(salesforce, line, "OpportunityLineItem", "IsDeleted") == (True,)
    body = {"crm": "salesforce", "object": "Opportunity", "record_id": deal}
    admin("POST", "restores", body).raise_for_status()
    assert values(salesforce, line, "OpportunityLineItem", "IsDeleted") == (False,)


def test_a_restored_line_counts_again(
    salesforce: Salesforce, admin: Admin, price: str, deal: str
) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price, "Quantity": 1}
    made = [make(salesforce, "OpportunityLineItem", **keys, UnitPrice=unit) for unit in (1, 2)]
    salesforce("DELETE", f"sobjects/OpportunityLineItem/{made[0]}")
    body = {"crm": "salesforce", "object": "OpportunityLineItem", "record_id": made[0]}
    admin("POST", "restores", body).raise_for_status()
    assert amount(salesforce, deal) == 3.0


def test_a_line_is_in_the_currency_of_its_opportunity(
    salesforce: Salesforce, admin: Admin, price: str, standard: str
) -> None:
    admin.setting(salesforce_multicurrency=True)
    deal = make(salesforce, "Opportunity", CurrencyIsoCode="EUR")
    [product] = values(salesforce, price, "PricebookEntry", "Product2Id")
    keys = {"Pricebook2Id": standard, "Product2Id": product, "CurrencyIsoCode": "EUR"}
    make(salesforce, "PricebookEntry", **keys, UnitPrice=45, IsActive=True)
    line = {"OpportunityId": deal, "Quantity": 1, "UnitPrice": 45}
    code = refusal(salesforce, "OpportunityLineItem", **line, PricebookEntryId=price)
    made = make(salesforce, "OpportunityLineItem", **line, Product2Id=product)
    found = values(salesforce, made, "OpportunityLineItem", "CurrencyIsoCode", "ListPrice")
    assert (code, found) == ("FIELD_INTEGRITY_EXCEPTION", ("EUR", 45.0))
    assert refusal(salesforce, "PricebookEntry", **keys, UnitPrice=1) == code


def test_the_standard_price_book_stays(salesforce: Salesforce, standard: str) -> None:
    assert salesforce("DELETE", f"sobjects/Pricebook2/{standard}").status_code == 403


def test_a_line_for_nothing_costs_nothing(salesforce: Salesforce, price: str, deal: str) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    line = make(salesforce, "OpportunityLineItem", **keys, Quantity=0, UnitPrice=50)
    assert values(salesforce, line, "OpportunityLineItem", "TotalPrice") == (0.0,)
    dear = {**keys, "Quantity": 9e9, "UnitPrice": 9e15}
    assert refusal(salesforce, "OpportunityLineItem", **dear) == "NUMBER_OUTSIDE_VALID_RANGE"


def test_a_product_that_was_sold_stays(salesforce: Salesforce, price: str, deal: str) -> None:
    keys = {"OpportunityId": deal, "PricebookEntryId": price}
    make(salesforce, "OpportunityLineItem", **keys, Quantity=2, UnitPrice=50)
    [product] = values(salesforce, price, "PricebookEntry", "Product2Id")
    [refused] = salesforce("DELETE", f"sobjects/Product2/{product}").json()
    assert refused["errorCode"] == "DELETE_FAILED"
