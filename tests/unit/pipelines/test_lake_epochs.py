"""Two runs at once on one CRM: the older one is fenced off, and neither loses or doubles a row."""

from itertools import chain
from pathlib import Path
from threading import Thread

import pytest

from connectors.records import Cursor
from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.lake import Lake
from pipelines.lake_writer import FencedError, LakeConflictError, Load
from tests.unit.pipelines.builders import AS_OF, lead, lead_table, utc

DAY = "2026-11-20"


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty lake, on disk and on an object store."""
    return str(tmp_path / "lake") if request.param == "file" else f"memory:/{tmp_path}/lake"


def append(lake: Lake, record_id: str, epoch: int) -> Load | None:
    table = lead_table(lead(record_id, DAY))
    return lake.append(
        "salesforce", "leads", table, Cursor(utc(DAY), record_id), AS_OF, epoch=epoch
    )


def kept(url: str) -> list[str]:
    lake = Lake(url)
    tables = [lake._files.open(path).read(["_record_id"], {}) for path in loads(url)]
    return [record_id for table in tables for record_id in table.column("_record_id").to_pylist()]


def loads(url: str) -> list[str]:
    return Lake(url).paths("salesforce", "leads")


def test_each_claim_is_greater_than_all_before_and_of_one_crm(url: str) -> None:
    claims = [Lake(url).claim(crm) for crm in ("salesforce", "salesforce", "hubspot", "salesforce")]

    assert claims == [1, 2, 1, 3]
    assert len(Lake(url)._files._numbered(f"{Lake(url)._files._root}/claims/salesforce")) == 1


def test_a_run_commits_load_after_load(url: str) -> None:
    lake = Lake(url)
    epoch = lake.claim("salesforce")

    for key in "abc":
        append(lake, key, epoch)

    assert kept(url) == ["a", "b", "c"]
    assert lake._files.open(loads(url)[-1]).footer.epoch == epoch


def test_an_older_run_is_fenced_off_before_it_commits(url: str) -> None:
    older, newer = Lake(url), Lake(url)
    epoch = older.claim("salesforce")
    append(older, "a", epoch)
    newer.claim("salesforce")

    with pytest.raises(FencedError, match="a newer run reads salesforce"):
        append(older, "b", epoch)

    assert kept(url) == ["a"]


def test_a_run_that_was_overtaken_unseen_collides(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = Lake(url), Lake(url)
    first = older.claim("salesforce")
    append(older, "a", first)
    second = newer.claim("salesforce")
    append(newer, "b", second)
    monkeypatch.setattr(older._files, "newest_epoch", lambda crm: first)

    with pytest.raises(LakeConflictError, match="another run is reading this stream"):
        append(older, "c", first)

    assert kept(url) == ["a", "b"]


def test_a_claim_at_the_last_moment_still_fences(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    older = Lake(url)
    epoch = older.claim("salesforce")

    def overtake(point: CommitPoint) -> None:
        if point is CommitPoint.ASIDE_WRITTEN:
            monkeypatch.undo()
            Lake(url).claim("salesforce")

    monkeypatch.setattr(commit_points, "passing", overtake)
    with pytest.raises(FencedError):
        append(older, "a", epoch)

    assert kept(url) == []


def test_a_swept_file_aside_ends_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Lake(str(tmp_path))
    epoch = older.claim("salesforce")

    def overtake(point: CommitPoint) -> None:
        if point is CommitPoint.EPOCH_CHECKED:
            monkeypatch.undo()
            Lake(str(tmp_path)).claim("salesforce")

    monkeypatch.setattr(commit_points, "passing", overtake)
    with pytest.raises(FencedError):
        append(older, "a", epoch)

    assert kept(str(tmp_path)) == []


def test_an_older_run_that_wakes_to_sweep_leaves_what_the_newer_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = Lake(str(tmp_path)), Lake(str(tmp_path))
    waking = older.claim("salesforce")
    epoch = newer.claim("salesforce")

    def wake(point: CommitPoint) -> None:
        if point is CommitPoint.ASIDE_WRITTEN:
            monkeypatch.undo()
            older._files._sweep("salesforce", waking)

    monkeypatch.setattr(commit_points, "passing", wake)
    append(newer, "b", epoch)

    assert kept(str(tmp_path)) == ["b"]
    with pytest.raises(FencedError):
        append(older, "a", waking)


def test_a_claim_made_while_another_swept_is_given_up(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Lake(url)
    for _ in range(2):
        Lake(url).claim("salesforce")
    newest = slow._files.newest_epoch
    answers = chain([0], iter(lambda: newest("salesforce"), None))
    monkeypatch.setattr(slow._files, "newest_epoch", lambda crm: next(answers))

    assert slow.claim("salesforce") == 3


def test_streams_are_appended_to_from_several_threads(url: str) -> None:
    lake = Lake(url)
    epoch = lake.claim("salesforce")
    threads = [Thread(target=append, args=(lake, key, epoch)) for key in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(kept(url)) == list("abcdefgh")


def test_what_a_killed_run_left_aside_goes_with_the_next_claim(tmp_path: Path) -> None:
    aside = tmp_path / "incoming/salesforce"
    aside.mkdir(parents=True)
    (aside / "torn.parquet").write_bytes(b"PAR1")

    Lake(str(tmp_path)).claim("salesforce")

    assert list(aside.iterdir()) == []
