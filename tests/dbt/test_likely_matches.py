"""Likely matches: what builds make of the pairs that `leadcycle match-people` kept."""

from collections.abc import Sequence
from decimal import Decimal

import duckdb

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.test_identity import LEADS, lead
from tests.dbt.warehouse import Warehouse

MODELS = ("+identity_reviews", "+merged_people")


def build(warehouse: Warehouse, lake: Lake, *, seeds: bool = True) -> None:
    flags = "--exclude-resource-type unit_test --indirect-selection cautious"
    flags += "" if seeds else " --exclude-resource-type seed"
    warehouse.build(lake.loads, "build", "--select", *MODELS, flags=flags)


def people(warehouse: Warehouse) -> list[Sequence[str]]:
    query = """
        select string_agg(record_key, ' ' order by record_key) from intermediate.int_person_xref
        group by person_id order by 1
    """
    return [row[0].split() for row in warehouse.rows(query)]


def likely(lake: Lake, *pairs: tuple[str, str, float], gone: bool = False) -> None:
    """Land pairs as `leadcycle match-people` keeps them."""
    lake.add(
        "leadcycle__likely_matches",
        [
            {
                "_record_id": f"{one}|{other}", "_modified_at": utc("2026-06-01"),
                "_is_deleted": gone, "record_key": one, "other_record_key": other,
                "probability": Decimal(str(probability)), "agrees_on": "name, employer",
            }
            for one, other, probability in pairs
        ],
    )  # fmt: skip


def use_likely(
    warehouse: Warehouse, *, accept_from: float = 0.95, review_from: float = 0.8
) -> None:
    """Put rules that use likely matches in the place of the warehouse's seed."""
    with duckdb.connect(str(warehouse.path)) as db:
        db.execute(
            "update cfg.cfg_likely_matches set is_used = true, accept_from = ?, review_from = ?",
            [accept_from, review_from],
        )


def test_likely_matches_join_ask_or_part_again_as_rules_and_runs_say(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.lead(LEADS[0], "2026-01-01", Email="ann@x.example")
    crms.lead(LEADS[1], "2026-01-02", Email="ann@x.example")
    crms.contact("11", "2026-01-03", email="ann.li@y.example")
    crms.contact("12", "2026-01-04", email="a.li@z.example")
    lake.add_all(crms.rows)
    build(warehouse, lake)
    apart = people(warehouse)
    found = (
        (lead(1), "hubspot:contact:11", 0.96),
        ("hubspot:contact:11", "hubspot:contact:12", 0.85),
    )
    likely(lake, *found)
    build(warehouse, lake)
    assert people(warehouse) == apart
    assert warehouse.rows("select * from marts.identity_reviews") == []

    use_likely(warehouse)
    build(warehouse, lake, seeds=False)

    assert people(warehouse) == [
        ["hubspot:contact:11", lead(0), lead(1)], ["hubspot:contact:12"],
    ]  # fmt: skip
    reviews = """
        select reason, record_count, person_count, held_ties, rules, probability, agrees_on
        from marts.identity_reviews
    """
    asked = ("likely_match", 4, 2, 1, "likely", Decimal("0.85"), "name, employer")
    assert warehouse.rows(reviews) == [asked]
    merges = "select record_key, rule from marts.merged_people order by record_key"
    assert warehouse.rows(merges) == [("hubspot:contact:11", "likely"), (lead(1), "email")]

    likely(lake, *found, gone=True)
    build(warehouse, lake, seeds=False)

    assert people(warehouse) == apart
    assert warehouse.rows(reviews) == []


def test_who_would_be_suspicious_together_is_asked_about_and_keeps_what_ties_them(
    warehouse: Warehouse, lake: Lake, crms: Crms
) -> None:
    crms.contact("11", "2026-01-01", email="ann@x.example", mobilephone="+4915112345678")
    crms.contact("12", "2026-01-02", mobilephone="+4915112345678")
    crms.contact("13", "2026-01-03", email="ann@y.example", hs_additional_emails="ann@z.example")
    lake.add_all(crms.rows)
    likely(lake, ("hubspot:contact:11", "hubspot:contact:13", 0.99))
    build(warehouse, lake)
    use_likely(warehouse)

    build(warehouse, lake, seeds=False)

    assert people(warehouse) == [
        ["hubspot:contact:11", "hubspot:contact:12"], ["hubspot:contact:13"],
    ]  # fmt: skip
    query = "select reason, record_count, address_count from marts.identity_reviews"
    assert warehouse.rows(query) == [("likely_match", 3, 3)]
