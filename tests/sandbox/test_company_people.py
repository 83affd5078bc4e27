import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, takewhile

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.company.calendar import CLOSES, HISTORY, OPENS
from connectors.sandbox.company.in_salesforce.dossier import lead_values
from connectors.sandbox.company.journeys import NEAREST, Step, System, Traveller, draw_path
from connectors.sandbox.company.oddities import doubling_in_hubspot, hidden_reason, oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rendering import Company
from tests.sandbox.companies import COUNT, everybody, people

ALLOWED = {
    "friend": {"name", "engaged"},
    "name": {"engaged", "lead", "opportunity"},
    "engaged": {"target", "lead", "opportunity"},
    "target": {"lead", "opportunity"},
    "lead": {"name", "sales_lead", "opportunity", "recycled", "disqualified"},
    "sales_lead": {"opportunity", "recycled", "disqualified", "engaged"},
    "recycled": {"engaged", "lead", "opportunity"},
    "opportunity": {"customer", "lost"},
    "lost": {"engaged", "opportunity"},
    "customer": set(),
    "disqualified": set(),
}


BOUNCE = timedelta(minutes=5)
"""A move there and back in less is a slip, not a move."""


def stages_reached(person: Person) -> list[str]:
    return [step.stage for step in person.steps if step.at <= START]


def test_the_same_seed_draws_the_same_people_and_another_draws_others() -> None:
    same, other = Company(7, COUNT, START), Company(8, COUNT, START)
    assert all(same.person(person.number) == person for person in people()[:200])
    assert other.person(0) != people()[0]


def test_every_step_is_one_that_people_can_take() -> None:
    moves = {(a.stage, b.stage) for p in everybody() for a, b in pairwise(p.steps)}
    assert moves == {(stage, after) for stage, allowed in ALLOWED.items() for after in allowed}


def test_steps_are_apart_unless_one_system_made_them_at_once() -> None:
    for person in everybody():
        for before, after in pairwise(person.steps):
            is_at_once = before.at == after.at and before.stage in ("engaged", "target")
            nearest = BOUNCE if after.by_hand else NEAREST
            assert is_at_once or after.at - before.at >= nearest


def test_steps_are_taken_in_office_hours() -> None:
    for person in everybody():
        at = [step.at for step in person.steps]
        assert all(OPENS <= moment.hour < CLOSES and moment.weekday() < 5 for moment in at[1:])
        assert all(moment.microsecond == 0 for moment in at)


def test_the_fit_become_targets_with_every_engagement_and_nobody_else_does() -> None:
    for person in everybody():
        engaged = [step.at for step in person.steps if step.stage == "engaged"]
        targets = [step.at for step in person.steps if step.stage == "target"]
        assert targets == (engaged if person.firm.is_fit else [])


def test_those_known_at_the_start_appeared_in_eighteen_months_and_the_others_later() -> None:
    for person in everybody():
        if person.number < COUNT:
            assert START - HISTORY <= person.steps[0].at < START
        else:
            assert person.steps[0].at >= START


@pytest.mark.parametrize(
    ("stage", "share"),
    [("engaged", 0.45), ("lead", 0.25), ("sales_lead", 0.14), ("opportunity", 0.07)],
)
def test_as_many_reach_a_stage_as_promised(stage: str, share: float) -> None:
    reached = sum(stage in stages_reached(person) for person in people())
    assert reached / COUNT == pytest.approx(share, rel=0.2)


def test_some_go_round_twice_and_a_few_thrice() -> None:
    passes = [Counter(stages_reached(person)) for person in people()]
    assert sum(count["lead"] > 1 for count in passes) >= 60
    assert sum(max(count.values()) > 2 for count in passes) >= 10


def test_people_are_spread_over_the_crms() -> None:
    counts = Counter(tuple(sorted(person.since)) for person in people())
    shares = {systems: round(count / COUNT, 1) for systems, count in counts.items()}
    assert shares == {("salesforce",): 0.5, ("hubspot",): 0.4, ("hubspot", "salesforce"): 0.1}


def test_addresses_are_reserved_ones_and_nobodys_twice() -> None:
    addresses = [person.identity.email for person in everybody()]
    assert all(address.isascii() and address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == len(everybody())


def test_firms_share_no_domain() -> None:
    domains = {person.firm.number: person.firm.domain for person in everybody()}
    assert len(set(domains.values())) == len(domains)


def test_few_have_a_path_that_the_crms_no_longer_show() -> None:
    hidden = [person for person in people() if hidden_reason(person, START)]
    assert 0 < len(hidden) <= 0.03 * COUNT


def test_some_leads_are_set_back_by_hand_and_put_right() -> None:
    by_hand = Counter(
        (step.stage, after.stage)
        for person in everybody()
        for step, after in pairwise(person.steps)
        if step.by_hand and after.by_hand
    )
    assert by_hand[("name", "lead")] >= 10


def test_some_are_typed_in_when_a_seller_works_on_them_already() -> None:
    first = Counter(person.steps[0].stage for person in people())
    assert first["lead"] >= 5
    assert first["sales_lead"] >= 5


def test_some_opportunities_are_won_on_the_day_they_are_opened() -> None:
    lengths = [
        won.at - opened.at
        for person in everybody()
        for opened, won in pairwise(person.steps)
        if won.stage == "customer"
    ]
    assert sum(length < timedelta(hours=10) for length in lengths) >= 3


def test_people_whom_only_a_name_links_can_be_told_until_the_second_crm_knows_them() -> None:
    named = [person for person in people() if person.link == "name" and person.is_known_to_both]
    both = [max(person.since.values()) for person in named]
    alone = [at - timedelta(seconds=1) for at in both]

    assert 0 < len(named) <= 0.02 * COUNT
    assert all(map(hidden_reason, named, both))
    assert not any(map(hidden_reason, named, alone))


def test_a_mistyped_number_ties_nobody_where_nothing_else_does() -> None:
    either = [
        replace(person, luck=luck)
        for person in everybody()
        if person.link == "mobile" and max(person.since.values()) <= START
        for luck in (0.35, 0.99)
    ]
    reasons = {oddity(person): hidden_reason(person, person.start) for person in either[:2]}

    assert set(reasons) == {"mistyped", None}
    assert reasons["mistyped"]
    assert not reasons[None]


def test_some_are_tied_by_a_desks_number_and_their_name_unless_it_was_left_out() -> None:
    by_phone = [person for person in people() if person.link == "phone" and person.is_known_to_both]
    whole, nameless = (
        [replace(person, luck=luck) for person in by_phone] for luck in (0.99, 0.227)
    )
    lines = {person.identity.direct_line for person in by_phone}

    assert len(lines) == len(by_phone) >= 10
    assert {oddity(person) for person in nameless} == {"no_last_name"}
    assert all(hidden_reason(person, max(person.since.values())) for person in nameless)
    assert not any(hidden_reason(person, person.start) for person in whole)


def test_salesforce_has_no_other_tie_of_those_whom_a_desks_number_ties() -> None:
    by_phone = [person for person in people() if person.link == "phone" and person.is_known_to_both]
    told = [(lead_values(person), person.identity) for person in by_phone]

    assert not any(lead["MobilePhone"] or lead["WeChat_ID__c"] for lead, _ in told)
    assert not any(lead["Email"] == identity.email for lead, identity in told)
    assert {lead["Email"] is None for lead, _ in told} == {True, False}


def test_a_second_contact_with_no_number_of_the_first_cannot_be_told_until_they_are_merged() -> (
    None
):
    doubled = [
        (person, double) for person in everybody() if (double := doubling_in_hubspot(person))
    ]
    apart = [(person, double) for person, double in doubled if not double.shares_number]

    assert len(doubled) > len(apart) > 0
    assert all(hidden_reason(person, double.at) for person, double in apart)
    assert not any(hidden_reason(person, double.merged) for person, double in apart)
    assert not any(
        hidden_reason(person, double.at) for person, double in doubled if double.shares_number
    )


def test_nobody_does_anything_in_a_crm_that_does_not_know_them() -> None:
    both: frozenset[System] = frozenset(("salesforce", "hubspot"))
    traveller = Traveller("event", True, True, both, late_in_salesforce=True)
    lost = Step("lost", START, "hubspot")
    paths = [
        draw_path(random.Random(seed), traveller, lost, START + timedelta(days=900))
        for seed in range(200)
    ]

    early = [
        step.system
        for path in paths
        for step in takewhile(lambda step: step.stage != "lead", path)
        if step.deed
    ]
    assert len(early) > 50
    assert set(early) == {"hubspot"}
