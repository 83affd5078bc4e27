"""What a write must obey beyond single values, and lead assignment."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import make_id
from connectors.sandbox.salesforce.names import check_developer_name
from connectors.sandbox.salesforce.pricebooks import check_price
from connectors.sandbox.salesforce.record_types import check_record_type, check_type_fits
from connectors.sandbox.salesforce.schema import ObjectType, find_type, type_of_id
from connectors.sandbox.salesforce.storing import find_values
from connectors.sandbox.store import quoted

DEFAULT_OWNER = make_id("005", 2)
"""The user that lead assignment falls back on: Salesforce's default lead owner."""


def assigned_owner(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], assigns: bool
) -> dict[str, str]:
    """Return the owner that assignment sets on a Lead, whoever is given.

    Without `Sforce-Auto-Assign: FALSE` the API assigns on updates too, even with no active rule.

    Raises:
        Refusal: the owner that is given is none.
    """
    if known.name != "Lead" or not (assigns and sandbox.settings.salesforce_assigns_leads):
        return {}
    check_references(sandbox, known, {n: v for n, v in given.items() if n == "OwnerId"})
    return {"OwnerId": DEFAULT_OWNER}


def account_of_contact(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any]
) -> dict[str, str | None]:
    """Return the Account that a new Case has from its Contact, unless one is given."""
    if known.name != "Case" or given.get("AccountId") or not given.get("ContactId"):
        return {}
    sql = "select AccountId from salesforce_Contact where Id = ?"
    return {"AccountId": sandbox.store.value(sql, given["ContactId"])}


def check_rules(
    sandbox: Sandbox, known: ObjectType, before: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    """Check what one field's value alone can't show, of a write over what a record was before.

    Raises:
        Refusal: an Event without an end, a doubled member or grant, contradictory rights, a value
            that another record has in a unique field, an owner who has left.
    """
    values = {**before, **given}
    check_unique_fields(sandbox, known, given, before.get("Id"))
    _check_owner(sandbox, known, before, given)
    if known.name == "Event":
        _check_span(values)
    if known.name == "CampaignMember":
        _check_member(sandbox, values)
    if known.name == "PricebookEntry":
        check_price(sandbox.store, known, values)
    if known.name == "RecordType":
        check_record_type(sandbox.store, values)
        _check_unique(sandbox, known, values, ("SobjectType", "DeveloperName"))
    if known.name == "GroupMember":
        _check_unique(sandbox, known, values, ("GroupId", "UserOrGroupId"))
    if known.name == "FieldPermissions":
        _check_grant(sandbox, values)
        _check_unique(sandbox, known, values, ("ParentId", "Field"))
    if known.name == "PermissionSet":
        check_developer_name(str(values["Name"]), "permission set")
        _check_unique(sandbox, known, values, ("Name",))
    if known.name == "PermissionSetAssignment":
        _check_unique(sandbox, known, values, ("PermissionSetId", "AssigneeId"))


def check_references(sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any]) -> None:
    """Check that the references among written values lead to records.

    Raises:
        Refusal: one leads to nobody, to the recycle bin, to a converted Lead, or to an object that
            the field doesn't take.
    """
    for name, value in given.items():
        field = known.fields[name]
        if not field.refers_to or value is None:
            continue
        target = type_of_id(sandbox.store, value)
        fits = target is not None and target.name in field.refers_to
        found = find_values(sandbox.store, target, value) if target is not None and fits else None
        if found is None:
            message = f"{field.label}: invalid cross reference id"
            raise Refusal("INVALID_CROSS_REFERENCE_KEY", message, fields=[field.name])
        if found.get("IsDeleted"):
            raise Refusal("ENTITY_IS_DELETED", "entity is deleted", fields=[field.name])
        if found.get("IsConverted") and not sandbox.settings.salesforce_edits_converted_leads:
            raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        if field.name == "RecordTypeId":
            check_type_fits(known, found)


def check_unique_fields(
    sandbox: Sandbox, known: ObjectType, given: Mapping[str, Any], record_id: str | None
) -> None:
    """Check that no other living record has a value that is to be unique.

    Raises:
        Refusal: DUPLICATE_VALUE.
    """
    for field in known.fields.values():
        if not field.unique or given.get(field.name) is None:
            continue
        living = "and not IsDeleted" if "IsDeleted" in known.fields else ""
        sql = (
            f"select Id from {known.table} where {quoted(field.name)} = ? {living} "  # noqa: S608 - names of our schema
            "and Id is not ?"
        )
        twin = sandbox.store.value(sql, given[field.name], record_id)
        if twin is not None:
            # Real refusals of this kind name no field.
            raise Refusal("DUPLICATE_VALUE", _doubled(field.name, twin))


def _check_owner(
    sandbox: Sandbox, known: ObjectType, before: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    owner = given.get("OwnerId")
    if owner is None or owner == before.get("OwnerId"):
        return
    active = sandbox.store.value("select IsActive from salesforce_User where Id = ?", owner)
    if active == 0:
        message = f"operation performed with inactive user [{owner}] as owner of {known.name}"
        raise Refusal("INACTIVE_OWNER_OR_USER", message, fields=["OwnerId"])


def _doubled(name: str, twin: str) -> str:
    return f"duplicate value found: {name} duplicates value on record with id: {twin}"


def _check_span(values: Mapping[str, Any]) -> None:
    if values.get("EndDateTime") is None and values.get("DurationInMinutes") is None:
        message = "Required fields are missing: [DurationInMinutes]"
        raise Refusal("REQUIRED_FIELD_MISSING", message, fields=["DurationInMinutes"])


def _check_member(sandbox: Sandbox, values: Mapping[str, Any]) -> None:
    name = "LeadId" if values.get("LeadId") else "ContactId"
    if not values.get(name):
        message = "Required fields are missing: [LeadId, ContactId]"
        raise Refusal("REQUIRED_FIELD_MISSING", message, fields=["LeadId", "ContactId"])
    twin = sandbox.store.value(
        f"select Id from salesforce_CampaignMember where CampaignId = ? and {name} = ? "  # noqa: S608 - one of two columns
        "and not IsDeleted and Id is not ?",
        values["CampaignId"],
        values[name],
        values.get("Id"),
    )
    if twin is not None:
        raise Refusal("DUPLICATE_VALUE", "Already a campaign member.", fields=[])


def _check_grant(sandbox: Sandbox, values: Mapping[str, Any]) -> None:
    target = find_type(sandbox.store, str(values["SobjectType"]))
    name = str(values["Field"]).partition(".")[2]
    if target is None or not target.find(name):
        message = f"Field Name: bad value for restricted picklist field: {values['Field']}"
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=["Field"])
    if values.get("PermissionsEdit") and not values.get("PermissionsRead"):
        message = "Field permission edit requires field permission read"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=["PermissionsEdit"])


def _check_unique(
    sandbox: Sandbox, known: ObjectType, values: Mapping[str, Any], names: tuple[str, ...]
) -> None:
    match = " and ".join(f"{name} = ?" for name in names)
    sql = f"select Id from {known.table} where {match} and Id is not ?"  # noqa: S608 - names of our schema
    twin = sandbox.store.value(sql, *(values[name] for name in names), values.get("Id"))
    if twin is not None:
        raise Refusal("DUPLICATE_VALUE", _doubled(names[0], twin), fields=list(names))
