"""Histories of either CRM, with the deeds that it alone knows."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.survival.histories import History, few, numbers, spelt
from tests.survival.hubspot_life import HubSpotLife
from tests.survival.lives import DAY
from tests.survival.salesforce_life import SalesforceLife
from tests.survival.ties import ASSOCIATED, held_members, held_ties, known_members, known_ties
from tests.survival.truth import living
from tests.survival.world import World


class HubSpotHistory(History):
    """A history of a portal."""

    life: HubSpotLife
    lag: Mapping[str, int] = {"hubspot_search_lag_seconds": 3_600}
    field = ("contacts", "ours")
    beside = ("lists", "list_memberships")

    def __init__(self, open_world: Callable[[], World]) -> None:
        super().__init__(open_world, HubSpotLife)

    @initialize(keeps_id=st.booleans(), shows_current=st.booleans())
    def habits(self, keeps_id: bool, shows_current: bool) -> None:
        self.world.admin.setting(
            hubspot_merge_keeps_id=keeps_id, hubspot_search_shows_current=shows_current
        )

    @rule(
        kinds=st.sampled_from([(one, far) for one, fars in ASSOCIATED.items() for far in fars]),
        number=numbers,
        other=numbers,
        is_tied=st.booleans(),
    )
    def associate(self, kinds: tuple[str, str], number: int, other: int, is_tied: bool) -> None:
        self.life.associate(number, other, kinds, is_tied)

    @rule(number=numbers, count=few, is_on=st.booleans())
    def enlist(self, number: int, count: int, is_on: bool) -> None:
        self.life.enlist(number, count, is_on=is_on)

    def expect_more(self, dump: dict[str, Any]) -> None:
        for kind in ASSOCIATED:
            known = known_ties(self.world, kind, set(living(dump, "hubspot", kind)))
            assert known == held_ties(dump, kind)
        assert known_members(self.world) == held_members(dump)

    def has_field(self, dump: dict[str, Any]) -> bool:
        return any(known["name"] == "ours" for known in dump["hubspot"]["properties"]["contacts"])

    def own_held(self, dump: dict[str, Any]) -> dict[str, str]:
        return {
            str(row["id"]): spelt(value)
            for row in dump["hubspot"]["contacts"]
            if row["archived_at"] is None and (value := json.loads(row["properties"]).get("ours"))
        }


class SalesforceHistory(History):
    """A history of an org."""

    life: SalesforceLife
    lag: Mapping[str, int] = {"salesforce_commit_delay_seconds": 600}
    field = ("leads", "Ours__c")

    def __init__(self, open_world: Callable[[], World]) -> None:
        super().__init__(open_world, SalesforceLife)

    @rule(number=numbers, opportunity=st.booleans())
    def convert(self, number: int, opportunity: bool) -> None:
        self.life.convert(number, opportunity)

    @rule()
    def let_activities_be_archived(self) -> None:
        self.wait(366 * DAY)

    @rule(pages=st.booleans())
    def grow_large(self, pages: bool) -> None:
        """Let a few records be many: they come in pages, or by Bulk jobs."""
        self.world.admin.setting(salesforce_page_size=2 if pages else 2_000)

    def has_field(self, dump: dict[str, Any]) -> bool:
        return self.life.has_field

    def own_held(self, dump: dict[str, Any]) -> dict[str, str]:
        return {
            row["Id"]: spelt(row["Ours__c"])
            for row in dump["salesforce"]["Lead"]
            if not row["IsDeleted"] and row.get("Ours__c") is not None
        }
