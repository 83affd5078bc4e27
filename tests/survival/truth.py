"""What the sandbox CRMs hold, in the words of base: read from their dump, never through an API."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Records = dict[str, dict[str, Any]]
"""Living records by id: the fields that are compared, as texts (stamps as UTC datetimes)."""

SALESFORCE = {
    "leads": ("Lead", ("FirstName", "LastName", "Email", "City", "Status", "OwnerId")),
    "contacts": ("Contact", ("FirstName", "LastName", "Email", "Title", "AccountId")),
    "accounts": ("Account", ("Name", "Industry", "Website")),
    "opportunities": ("Opportunity", ("Name", "StageName", "AccountId")),
    "tasks": ("Task", ("Subject", "Status", "WhoId")),
}
HUBSPOT = {
    "contacts": ("firstname", "lastname", "email", "city", "lifecyclestage", "hubspot_owner_id"),
    "companies": ("name", "domain", "industry"),
    "deals": ("dealname", "dealstage", "hubspot_owner_id"),
    "tickets": ("subject", "hs_pipeline_stage"),
    "tasks": ("hs_task_subject", "hs_task_status"),
}


def living(dump: Mapping[str, Any], crm: str, stream: str) -> Records:
    """Return the living records of a stream as the sandbox holds them."""
    if crm == "salesforce":
        object_name, fields = SALESFORCE[stream]
        held = dump["salesforce"][object_name]
        return {row["Id"]: _salesforce(row, fields) for row in held if not row["IsDeleted"]}
    held = dump["hubspot"][stream]
    return {
        str(row["id"]): _hubspot(row, HUBSPOT[stream]) for row in held if row["archived_at"] is None
    }


def read(base: Mapping[str, Mapping[str, Any]], crm: str, stream: str) -> Records:
    """Return the living records of a stream as base has them, in the same words."""
    fields = SALESFORCE[stream][1] if crm == "salesforce" else HUBSPOT[stream]
    return {
        record_id: {name: row[name] for name in fields} | {"stamp": row["_modified_at"]}
        for record_id, row in base.items()
        if not row["_is_deleted"]
    }


def _salesforce(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    stamp = datetime.fromisoformat(row["SystemModstamp"])
    return {name: row[name] or None for name in fields} | {"stamp": stamp}


def _hubspot(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    values = {**json.loads(row["properties"]), "email": row["email"]}
    stamp = datetime.fromtimestamp(row["updated_at"] / 1000, UTC)
    return {name: values.get(name) or None for name in fields} | {"stamp": stamp}
