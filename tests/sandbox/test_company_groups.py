"""Colleagues who decide together move together."""

from collections import Counter
from itertools import pairwise

from connectors.sandbox.clock import START
from connectors.sandbox.company.groups import BIG
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rendering import Company
from connectors.sandbox.company.sales import Part
from tests.sandbox.companies import everybody

PEOPLE = {person.number: person for person in everybody()}
PARTS = [(person, part) for person in everybody() for part in person.parts]


def step_after(person: Person, part: Part) -> tuple[str, object]:
    (at,) = (i for i, step in enumerate(person.steps) if step.at == part.since)
    return next(((step.stage, step.at) for step in person.steps[at + 1 :]), ("", None))


def test_groups_have_two_to_five_people_at_bigger_accounts() -> None:
    sizes = Counter((part.sale.opener, part.sale.count) for _, part in PARTS)
    assert set(sizes.values()) == {1, 2, 3, 4}
    assert all(person.firm.employees >= BIG for person, _ in PARTS)


def test_colleagues_join_an_opportunity_of_their_own_firm() -> None:
    for person, part in PARTS:
        opener = PEOPLE[part.sale.opener]
        assert opener.firm == person.firm
        assert (opener.part_at(part.sale.opened), opener.openings_before(part.sale.opened)) == (
            None,
            part.sale.count,
        )


def test_everybody_in_an_opportunity_leaves_it_with_whom_it_was_opened_with() -> None:
    for person, part in PARTS:
        opener = PEOPLE[part.sale.opener]
        closing = {(a.at, b.stage, b.at) for a, b in pairwise(opener.steps)}
        stage, at = step_after(person, part)
        assert not stage or (part.sale.opened, stage, at) in closing
        assert bool(stage) == (part.sale.closing is not None)


def test_people_join_from_many_stages_at_once_or_later() -> None:
    before = {
        [step.stage for step in person.steps if step.at < part.since][-1] for person, part in PARTS
    }
    assert {"name", "engaged", "target", "lead", "sales_lead", "recycled"} <= before
    late = sum(part.since > part.sale.opened for _, part in PARTS)
    assert 0.2 < late / len(PARTS) < 0.8


def test_whom_salesforce_knows_joins_there_and_others_in_hubspot() -> None:
    for person, part in PARTS:
        assert (part.sale.system == "salesforce") == ("salesforce" in person.since)
        assert person.since[part.sale.system] < part.since


def test_an_opportunity_knows_when_colleagues_were_added_to_it() -> None:
    late = {(p.sale.opener, p.since) for _, p in PARTS if p.since > p.sale.opened}
    assert late == {(person.number, at) for person in everybody() for at in person.additions}


def test_a_bigger_company_draws_its_people_firm_by_firm() -> None:
    company = Company(3, 300, START)
    drawn = sorted(company.people(), key=lambda person: person.number)
    assert [person.number for person in drawn] == list(range(375))
    assert drawn[17] == company.person(17)
