"""How many records both CRMs hold: what an extract must add up to."""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.object_types import object_types
from connectors.sandbox.salesforce.schema import object_types as salesforce_types
from connectors.sandbox.store import Store


def count_records(sandbox: Sandbox) -> dict[str, Any]:
    """Return counts of every object of both CRMs, of associations, histories and submissions.

    Histories are those of living records: HubSpot shows no others.
    """
    return {"salesforce": _salesforce(sandbox.store), "hubspot": _hubspot(sandbox.store)}


def _salesforce(store: Store) -> dict[str, dict[str, int]]:
    counts = {}
    for name, known in salesforce_types(store).items():
        if known.virtual:
            continue
        deleted = "coalesce(sum(IsDeleted), 0)" if "IsDeleted" in known.fields else "0"
        row = store.rows(f"select count(*) as every, {deleted} as deleted from {known.table}")[0]  # noqa: S608 - names of our schema
        counts[name] = {"living": row["every"] - row["deleted"], "deleted": row["deleted"]}
    return counts


def _hubspot(store: Store) -> dict[str, Any]:
    nothing = {known.name: {"living": 0, "archived": 0} for known in object_types(store)}
    records = {
        row["object_type"]: {"living": row["living"], "archived": row["archived"]}
        for row in store.rows(_RECORDS)
    }
    associations = {row["direction"]: row["links"] for row in store.rows(_ASSOCIATIONS)}
    histories = {row["property"]: row["entries"] for row in store.rows(_HISTORIES)}
    return {
        **nothing,
        **records,
        "associations": associations,
        "histories": histories,
        "form_submissions": store.value("select count(*) from hubspot_submissions"),
        "forms": store.value("select count(*) from hubspot_forms"),
        "owners": store.value("select count(*) from hubspot_owners"),
    }


_RECORDS = """
select object_type, count(*) - count(archived_at) as living, count(archived_at) as archived
from hubspot_records group by object_type
"""
_ASSOCIATIONS = """
select from_type || '->' || to_type as direction, count(*) as links
from hubspot_associations group by from_type, to_type order by from_type, to_type
"""
_HISTORIES = """
select told.object_type || '.' || told.property as property, count(*) as entries
from hubspot_history as told
inner join hubspot_records as kept
    on told.object_type = kept.object_type and told.record_id = kept.id
where kept.archived_at is null
group by told.object_type, told.property order by 1
"""
