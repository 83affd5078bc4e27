"""Orgs with person accounts, and orgs with several currencies."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make

PERSON: dict[str, Any] = {"FirstName": "Ada", "LastName": "Probe", "PersonEmail": "a@b.example"}


@pytest.fixture
def person_id(salesforce: Salesforce, admin: Admin) -> str:
    admin.setting(salesforce_person_accounts=True)
    answer = salesforce("POST", "sobjects/Account", json=PERSON)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def contact_of(salesforce: Salesforce, account_id: str) -> dict[str, Any]:
    fields = "Id, Name, Email, IsPersonAccount"
    [found] = salesforce.query(f"SELECT {fields} FROM Contact WHERE AccountId = '{account_id}'")
    return found


def test_an_account_with_a_last_name_is_a_person_with_a_contact(
    salesforce: Salesforce, person_id: str
) -> None:
    account = salesforce("GET", f"sobjects/Account/{person_id}").json()
    assert (account["Name"], account["IsPersonAccount"]) == ("Ada Probe", True)
    assert contact_of(salesforce, person_id) == {
        "Id": account["PersonContactId"],
        "Name": "Ada Probe",
        "Email": "a@b.example",
        "IsPersonAccount": True,
    }


def test_the_contact_follows_the_account(salesforce: Salesforce, person_id: str) -> None:
    change(salesforce, "Account", person_id, LastName="Byron", PersonEmail="c@d.example")
    contact = contact_of(salesforce, person_id)
    assert (contact["Name"], contact["Email"]) == ("Ada Byron", "c@d.example")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_contact_is_not_written_by_itself(
    salesforce: Salesforce, person_id: str, method: str
) -> None:
    contact_id = contact_of(salesforce, person_id)["Id"]
    body = {"Title": "CEO"} if method == "PATCH" else None
    answer = salesforce(method, f"sobjects/Contact/{contact_id}", json=body)
    [refused] = answer.json()
    assert (refused["errorCode"], refused["message"]) == (
        "INVALID_CROSS_REFERENCE_KEY",
        "cannot reference person contact",
    )


def test_a_person_is_not_named_as_a_company(salesforce: Salesforce, person_id: str) -> None:
    answer = salesforce("PATCH", f"sobjects/Account/{person_id}", json={"Name": "Works"})
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert make(salesforce, "Account")


def test_without_person_accounts_an_account_has_no_last_name(salesforce: Salesforce) -> None:
    answer = salesforce("POST", "sobjects/Account", json=PERSON)
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD"


def test_an_amount_is_in_a_currency_of_the_org(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_multicurrency=True)
    made = make(salesforce, "Opportunity", CurrencyIsoCode="EUR")
    answer = salesforce("PATCH", f"sobjects/Opportunity/{made}", json={"CurrencyIsoCode": "XYZ"})
    assert answer.json() == [
        {
            "message": "Opportunity Currency: bad value for restricted picklist field: XYZ",
            "errorCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "fields": ["CurrencyIsoCode"],
        }
    ]
