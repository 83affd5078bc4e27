"""The list of Salesforce records, as the first page shows it."""

from collections.abc import Mapping
from typing import NamedTuple

from connectors.sandbox.record_page import ListedRecord
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store


class _Columns(NamedTuple):
    """Where an object keeps what the list shows, as SQL over its table."""

    company: str
    email: str
    status: str


_ACCOUNT = "(select Name from salesforce_Account as account where account.Id = AccountId)"
_COLUMNS: Mapping[str, _Columns] = {
    "Lead": _Columns("Company", "Email", "Status"),
    "Contact": _Columns(_ACCOUNT, "Email", "Status__c"),
    "Account": _Columns("Industry", "Website", "Type"),
    "Opportunity": _Columns(_ACCOUNT, "null", "StageName"),
}


def find_records(store: Store, kind: str, text: str, most: int) -> list[ListedRecord]:
    """Return living records that hold a text in what the list shows, latest change first.

    Args:
        store: Where the org is.
        kind: Lead, Contact, Account or Opportunity.
        text: Part of a name, company or address; empty finds everything.
        most: How many to return.
    """
    columns = _COLUMNS[kind]
    rows = store.rows(
        f"select Id, Name, SystemModstamp, {columns.company} as company, "  # noqa: S608 - names of our schema
        f"{columns.email} as email, {columns.status} as status from salesforce_{kind} "
        "where not IsDeleted and (Name like ?1 or company like ?1 or email like ?1) "
        "order by SystemModstamp desc, Id limit ?2",
        f"%{text}%",
        most,
    )
    return [
        ListedRecord(
            crm="salesforce",
            record_id=row["Id"],
            name=row["Name"],
            company=row["company"] or "",
            email=row["email"] or "",
            status=row["status"] or "",
            modified_at=moment_of(row["SystemModstamp"]),
            kind=kind,
        )
        for row in rows
    ]


def count_records(store: Store) -> dict[str, int]:
    """Return how many records of each listed object live."""
    sql = "select count(*) from salesforce_{} where not IsDeleted"
    return {kind: int(store.value(sql.format(kind))) for kind in _COLUMNS}
