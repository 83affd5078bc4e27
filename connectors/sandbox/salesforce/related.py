"""The lists of related records on a record's page."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.record_page import Related, RelatedList, page_link, read_time
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store

Row = dict[str, Any]
Lister = Callable[[Store, Row], RelatedList]


def related_lists(store: Store, kind: str, record: Row) -> list[RelatedList]:
    """Return the lists of related records that are not empty."""
    lists = (make(store, record) for make in _LISTS.get(kind, ()))
    return [made for made in lists if made.records]


def _contacts_of_account(store: Store, account: Row) -> RelatedList:
    sql = "select * from salesforce_Contact where AccountId = ? and not IsDeleted order by Name, Id"
    rows = store.rows(sql, account["Id"])
    return RelatedList("Contacts", tuple(_to("Contact", row, row["Title"]) for row in rows))


def _opportunities_of_account(store: Store, account: Row) -> RelatedList:
    sql = (
        "select * from salesforce_Opportunity where AccountId = ? and not IsDeleted "
        "order by CreatedDate desc, Id"
    )
    rows = store.rows(sql, account["Id"])
    return RelatedList("Opportunities", tuple(_to_opportunity(row) for row in rows))


def _opportunities_of_contact(store: Store, contact: Row) -> RelatedList:
    sql = (
        "select sold.* from salesforce_OpportunityContactRole as role "
        "join salesforce_Opportunity as sold on sold.Id = role.OpportunityId "
        "where role.ContactId = ? and not role.IsDeleted and not sold.IsDeleted "
        "order by sold.CreatedDate desc, sold.Id"
    )
    rows = store.rows(sql, contact["Id"])
    return RelatedList("Opportunities", tuple(_to_opportunity(row) for row in rows))


def _leads_of_contact(store: Store, contact: Row) -> RelatedList:
    sql = "select * from salesforce_Lead where ConvertedContactId = ? order by CreatedDate, Id"
    rows = store.rows(sql, contact["Id"])
    records = tuple(_to("Lead", row, f"converted {row['ConvertedDate']}") for row in rows)
    return RelatedList("Converted from", records)


def _roles_of_opportunity(store: Store, opportunity: Row) -> RelatedList:
    sql = (
        "select contact.Id, contact.Name, role.Role, role.IsPrimary "
        "from salesforce_OpportunityContactRole as role "
        "join salesforce_Contact as contact on contact.Id = role.ContactId "
        "where role.OpportunityId = ? and not role.IsDeleted order by role.CreatedDate, role.Id"
    )
    rows = store.rows(sql, opportunity["Id"])
    records = tuple(
        _to("Contact", row, _joined(row["Role"], "primary" if row["IsPrimary"] else ""))
        for row in rows
    )
    return RelatedList("Contact roles", records)


def _stages_of_opportunity(store: Store, opportunity: Row) -> RelatedList:
    sql = (
        "select * from salesforce_OpportunityHistory where OpportunityId = ? "
        "order by CreatedDate desc, rowid desc"
    )
    rows = store.rows(sql, opportunity["Id"])
    return RelatedList("Stage history", tuple(_stage(row) for row in rows))


def _stage(row: Any) -> Related:
    amount = None if row["Amount"] is None else f"{row['Amount']:.2f}"
    probability = None if row["Probability"] is None else f"{row['Probability']:.0f} %"
    when = read_time(moment_of(row["CreatedDate"]))
    return Related(row["StageName"], _joined(amount, probability, when))


def _to(kind: str, row: Any, detail: str | None) -> Related:
    return Related(row["Name"], detail or "", page_link("salesforce", kind, row["Id"]))


def _to_opportunity(row: Any) -> Related:
    return _to("Opportunity", row, _joined(row["StageName"], row["CloseDate"]))


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


_LISTS: Mapping[str, tuple[Lister, ...]] = {
    "Contact": (_opportunities_of_contact, _leads_of_contact),
    "Account": (_contacts_of_account, _opportunities_of_account),
    "Opportunity": (_roles_of_opportunity, _stages_of_opportunity),
}
