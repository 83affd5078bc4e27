from collections import Counter
from itertools import pairwise
from pathlib import Path

from connectors.sandbox.clock import START
from connectors.sandbox.people import Person, draw_people
from connectors.sandbox.server import running_sandbox
from tests.sandbox.clients import Admin

COUNT = 1_000


def people(seed: int = 7) -> list[Person]:
    return draw_people(COUNT, seed, START)


def test_the_same_seed_draws_the_same_people_and_another_draws_others() -> None:
    assert people() == people()
    assert people(7) != people(8)


def test_people_are_spread_over_the_crms_as_promised() -> None:
    counts = Counter[str](person.systems for person in people())
    expected = {"salesforce": 0.45, "hubspot": 0.40, "both": 0.15}
    assert all(abs(counts[name] / COUNT - share) < 0.05 for name, share in expected.items())


def test_paths_run_forward_in_time_and_end_before_now() -> None:
    for person in people():
        times = [step.at for step in person.steps]
        assert all(before < after for before, after in pairwise(times))
        assert times[-1] < START
        assert all(times[0] <= touch.at < START for touch in person.touches)


def test_every_stage_holds_somebody_and_some_go_round_twice() -> None:
    now = Counter(person.steps[-1].stage for person in people())
    passes = Counter(sum(step.stage == "lead" for step in person.steps) for person in people())
    assert min(now.values()) >= 5
    assert len(now) == 9
    assert passes[2] > 5


def test_many_are_known_by_name_only_and_have_sent_no_form() -> None:
    silent = [p for p in people() if [s.stage for s in p.steps] == ["name"] and not p.touches]
    assert len(silent) > COUNT / 10


def test_addresses_are_reserved_ones_and_nobodys_twice() -> None:
    addresses = [person.email for person in people()]
    assert all(address.isascii() and address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == COUNT


def test_names_come_from_many_places() -> None:
    names = {person.first_name for person in people()}
    assert {"Søren", "José", "浩然"} <= names


def test_the_odd_cases_are_there(tmp_path: Path) -> None:
    with running_sandbox(tmp_path, people=400) as running:
        dump = Admin(running).dump()
    leads, contacts = dump["salesforce"]["Lead"], dump["hubspot"]["contacts"]
    addresses = {contact["email"] for contact in contacts}
    assert any(lead["Email"] is None for lead in leads)
    assert any(lead["IsDeleted"] for lead in leads)
    assert any(lead["IsConverted"] and lead["ConvertedContactId"] for lead in leads)
    assert any(contact["archived_at"] for contact in contacts)
    assert any("salesforceleadid" in contact["properties"] for contact in contacts)
    others = [lead["Email"] for lead in leads if lead["Email"] not in (None, *addresses)]
    assert any(address.lower() in addresses for address in others)


def test_two_sandboxes_of_one_seed_hold_the_same(tmp_path: Path) -> None:
    dumps = []
    for name in ("a", "b"):
        with running_sandbox(tmp_path / name, people=40) as running:
            dumps.append(Admin(running).dump())
    assert dumps[0] == dumps[1]
