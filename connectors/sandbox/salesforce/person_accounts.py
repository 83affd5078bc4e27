"""Person accounts: an Account with a last name is a person, and has a Contact of its own.

Source: Salesforce Help, "Person Accounts", and SOAP API Developer Guide, "Person Account Record
Types": the Contact follows the Account and can't be written by itself.
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import new_id
from connectors.sandbox.salesforce.schema import ObjectType, object_types
from connectors.sandbox.salesforce.storing import insert_values, write_values

Values = dict[str, Any]
_SAME = (
    *("LastName", "FirstName", "Salutation", "Name", "Phone", "OwnerId", "CurrencyIsoCode"),
    *("IsPersonAccount", "LastModifiedDate", "LastModifiedById", "SystemModstamp"),
)
_PERSONAL = (
    *("Email", "Title", "Department", "MobilePhone", "HomePhone", "Birthdate"),
    *("MailingStreet", "MailingCity", "MailingState", "MailingPostalCode", "MailingCountry"),
)
"""Fields of the Contact that the Account has with the prefix Person."""


def person_values(known: ObjectType, before: Mapping[str, Any], values: Values) -> Values:
    """Return what a last name makes of an Account, where the org has person accounts.

    Raises:
        Refusal: a person is given the name of a company.
    """
    after = {**before, **values}
    is_person = known.name == "Account" and "IsPersonAccount" in known.fields
    if not is_person or not after.get("LastName"):
        return {}
    if "Name" in values:
        message = "Unable to create/update fields: Name. A person account is named by its person."
        raise Refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=["Name"])
    name = " ".join(filter(None, (after.get("FirstName"), after["LastName"])))
    return {"IsPersonAccount": True, "Name": name}


def refuse_person_contact(before: Mapping[str, Any]) -> None:
    """Check that a record is not the Contact of a person account.

    Raises:
        Refusal: it is.
    """
    if before.get("IsPersonAccount") and "AccountId" in before:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "cannot reference person contact")


def keep_person_contact(sandbox: Sandbox, account: Mapping[str, Any]) -> None:
    """Let the Contact of a person account follow it; a new person gets one."""
    if not account.get("IsPersonAccount") or "LastName" not in account:
        return
    types = object_types(sandbox.store)
    contact = types["Contact"]
    source = {name: name for name in _SAME} | {name: f"Person{name}" for name in _PERSONAL}
    values = {name: account.get(source[name]) for name in source if name in contact.fields}
    contact_id = account.get("PersonContactId")
    if contact_id is not None:
        write_values(sandbox.store, contact, contact_id, values)
        return
    contact_id = new_id(sandbox.store, contact.prefix)
    made = {"Id": contact_id, "AccountId": account["Id"], "IsDeleted": False}
    created = {name: account[name] for name in ("CreatedDate", "CreatedById")}
    insert_values(sandbox.store, contact, values | made | created)
    write_values(sandbox.store, types["Account"], account["Id"], {"PersonContactId": contact_id})
