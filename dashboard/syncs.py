"""What the last sync into each CRM object did, or waits for."""

from collections.abc import Iterable
from datetime import datetime

from dashboard.rows import SyncPlan
from dashboard.words import crm_label

STATUS_LABELS = {"waiting": "Waits for approval", "ready": "Not applied yet"}


def latest(plans: Iterable[SyncPlan]) -> list[SyncPlan]:
    """Keep the newest plan of each CRM object, in the order of their names."""
    newest = {(p.crm, p.object_name): p for p in sorted(plans, key=lambda plan: plan.plan_id)}
    return [newest[target] for target in sorted(newest)]


def table_of(plans: Iterable[SyncPlan]) -> list[dict[str, object]]:
    """Return plans as rows of a table; the counts from Unchanged on sum to Records."""
    return [
        {
            "CRM": crm_label(plan.crm),
            "Object": plan.object_name,
            "As of (UTC)": datetime.fromisoformat(plan.as_of),
            "State": STATUS_LABELS.get(plan.status, plan.status.capitalize()),
            "Records": plan.source,
            "Unchanged": plan.unchanged,
            "Written": plan.written,
            "Rejected": plan.rejected,
            "Held back": plan.held_back,
            "Kept as people typed": plan.kept_human,
            "Not found": plan.no_match,
            "Left for later": plan.planned if plan.deferred is None else plan.deferred,
        }
        for plan in plans
    ]
