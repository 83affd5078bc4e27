"""What the last sync into each CRM object did."""

from collections.abc import Iterable

from dashboard.rows import SyncResult

CRM_LABELS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}


def latest(results: Iterable[SyncResult]) -> list[SyncResult]:
    """Keep the newest result of each CRM object, in the order of their names."""
    newest = {(r.crm, r.object_name): r for r in sorted(results, key=lambda r: r.as_of)}
    return [newest[target] for target in sorted(newest)]


def table_of(results: Iterable[SyncResult]) -> list[dict[str, object]]:
    """Return results as rows of a table."""
    return [
        {
            "CRM": CRM_LABELS.get(result.crm, result.crm),
            "Object": result.object_name,
            "As of (UTC)": result.as_of,
            "Written": result.written,
            "Unchanged": result.unchanged,
            "Rejected": result.rejected,
        }
        for result in results
    ]
