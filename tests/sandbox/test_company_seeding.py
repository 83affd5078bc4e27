"""Filling a folder: in parts, whole or not at all, and always the same."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from connectors.sandbox.company.drafts import DRAFT
from connectors.sandbox.context import STATE_FILE, Sandbox
from connectors.sandbox.dump import dump
from connectors.sandbox.server import open_company, running_sandbox, seed_in
from tests.sandbox.clients import Admin

PEOPLE, SEED = 620, 7


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company big enough to be written down in two parts."""
    folder = tmp_path_factory.mktemp("seeded")
    seed_in(folder, PEOPLE, SEED)
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Sandbox]:
    sandbox = open_company(folder, PEOPLE, SEED)
    with closing(sandbox.store):
        yield sandbox


def same(one: Path, other: Path) -> bool:
    with opened(one) as first, opened(other) as second:
        dumps = dump(first) == dump(second)
    truths = [(folder / "truth.json").read_bytes() for folder in (one, other)]
    return dumps and truths[0] == truths[1]


def test_the_same_seed_draws_the_same_bytes(seeded: Path, tmp_path: Path) -> None:
    seed_in(tmp_path, PEOPLE, SEED)
    assert same(seeded, tmp_path)


def test_a_seeding_that_was_broken_off_is_begun_again(seeded: Path, tmp_path: Path) -> None:
    def break_off(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed_in(tmp_path, PEOPLE, SEED, break_off)
    assert [(tmp_path / name).exists() for name in (DRAFT, STATE_FILE)] == [True, False]
    assert seed_in(tmp_path, PEOPLE, SEED)
    assert not (tmp_path / DRAFT).exists()
    assert same(seeded, tmp_path)


def test_the_dump_that_is_served_is_what_the_folder_holds(seeded: Path) -> None:
    with opened(seeded) as sandbox:
        held = dump(sandbox)
    with running_sandbox(seeded) as running:
        assert Admin(running).dump() == held


def test_a_seeding_tells_how_far_it_has_come(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    seed_in(tmp_path, PEOPLE, SEED, lambda done, of: told.append((done, of)))
    assert told == [(0, 775), (500, 775), (775, 775)]


def test_a_filled_folder_has_every_index_of_an_empty_one(seeded: Path, tmp_path: Path) -> None:
    indexes = "select name, sql from sqlite_master where type = 'index' order by name"
    with opened(seeded) as sandbox:
        filled = [tuple(row) for row in sandbox.store.rows(indexes)]
        assert len(filled) > 20
        sandbox.store.run("drop index record_updated")
    with opened(seeded) as sandbox:
        assert [tuple(row) for row in sandbox.store.rows(indexes)] == filled


def test_the_truth_about_everybody_is_kept_by_their_number(seeded: Path) -> None:
    with opened(seeded) as sandbox:
        found = sandbox.store.value(
            "select count(*) from company_truth where json_extract(truth, '$.number') = number"
        )
        assert found == PEOPLE
