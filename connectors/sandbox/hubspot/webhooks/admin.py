"""What the sandbox's own API tells of webhooks: how many events wait, and delivering them now."""

from dataclasses import asdict

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.webhooks.deliveries import deliver


def count_waiting(sandbox: Sandbox) -> dict[str, int]:
    """Return how many events wait to be delivered."""
    return {"waiting": sandbox.store.value("select count(*) from hubspot_events")}


def deliver_now(sandbox: Sandbox) -> dict[str, int]:
    """Try every waiting event once, and return how that went; the caller holds no transaction."""
    delivered = deliver(sandbox)
    with sandbox.store.transaction():
        return {**asdict(delivered), **count_waiting(sandbox)}
