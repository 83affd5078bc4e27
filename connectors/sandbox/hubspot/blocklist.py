"""Addresses of erased contacts: HubSpot keeps what lets it know them again, and no more.

HubSpot's knowledge base ("Perform a permanent delete for contacts"): an erased address can't be
added again; a form that the person sends in brings them back.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Problem, invalid_values
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.values import Kept, options_of
from connectors.sandbox.store import Store


def create_tables(store: Store) -> None:
    """Create the table of blocked addresses."""
    store.create_tables(
        "create table if not exists hubspot_blocklist (digest text primary key) without rowid;"
    )


def block(store: Store, emails: Iterable[str]) -> None:
    """Remember addresses as ones that can't be added again."""
    rows = [(_digest(email),) for email in emails]
    store.run_many("insert or ignore into hubspot_blocklist values (?)", rows)


def check_not_blocked(sandbox: Sandbox, values: Mapping[str, Kept], source: Source) -> None:
    """Let a contact's values pass unless they hold a blocked address; a form unblocks it.

    Raises:
        Refusal: the address was erased.
    """
    emails = options_of(";".join(str(values.get(name) or "") for name in _NAMES))
    digests = {_digest(email): email for email in emails}
    marks = ", ".join("?" for _ in digests)
    found = sandbox.store.rows(
        f"select digest from hubspot_blocklist where digest in ({marks})",  # noqa: S608 - marks only
        *digests,
    )
    if source.type == "FORM":
        for row in found:
            sandbox.store.run("delete from hubspot_blocklist where digest = ?", row["digest"])
    elif found and sandbox.settings.hubspot_gdpr_blocklist:
        message = "email has been GDPR blocklisted"
        emails = [digests[row["digest"]] for row in found]
        raise invalid_values([Problem("INVALID_EMAIL", "email", message, e) for e in emails])


_NAMES = ("email", "hs_additional_emails")


def _digest(email: str) -> str:
    return sha256(email.strip().lower().encode()).hexdigest()
