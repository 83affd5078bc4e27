"""What a test or a demo may set about the sandbox while it runs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Settings:
    """Limits and habits of the two CRMs. Seconds are the sandbox's, unless they say real."""

    salesforce_token_seconds: int = 7_200
    salesforce_token_calls: int = 0
    """Calls after which a session ends; 0 for never."""
    salesforce_daily_limit: int = 100_000
    salesforce_page_size: int = 2_000
    salesforce_assigns_leads: bool = True
    """Whether a Lead written without `Sforce-Auto-Assign: FALSE` goes to the default owner."""
    hubspot_ten_second_limit: int = 190
    """Requests in ten real seconds."""
    hubspot_search_limit: int = 5
    """Searches in one real second."""
    hubspot_daily_limit: int = 650_000
    hubspot_search_lag_seconds: int = 0
    """How old a change must be before search finds the record."""
    hubspot_new_contact_stage: str = "lead"
    """Lifecycle stage that HubSpot gives a contact created without one; empty for none."""
    hubspot_merge_keeps_id: bool = False
    """Whether a merged contact keeps the id of the first one; otherwise it gets a new id."""
    hubspot_association_page_size: int = 500
    """Associated records that one page of a record's associations holds."""

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """Return settings with some values changed.

        Raises:
            ValueError: an unknown name, or a value of another type.
        """
        types = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in changes.items():
            if name not in types:
                raise ValueError(f"no setting is called {name}; there are {', '.join(types)}")
            if type(value) is not types[name]:
                raise ValueError(f"{name} is a {types[name].__name__}")
        return replace(self, **changes)


def read_settings(store: Store) -> Settings:
    """Return the kept settings, or the defaults."""
    return Settings().changed(store.read_state("settings") or {})


def keep_settings(store: Store, settings: Settings) -> None:
    """Keep settings for the next start."""
    store.keep_state("settings", asdict(settings))
