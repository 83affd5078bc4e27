"""The lake in a bucket: the same promises as in a folder, by what the store itself refuses."""

from pathlib import Path
from threading import Barrier, Thread

import pyarrow.parquet as pq
import pytest

from connectors.records import Cursor
from pipelines.lake import Lake
from pipelines.lake_objects import LakePlaceError
from pipelines.lake_writer import FencedError, LakeConflictError, Load
from tests.servers.object_store import REFUSED, ObjectStore
from tests.unit.pipelines.builders import AS_OF, lead, lead_table, utc

DAY = "2026-11-20"
LEADS = ("salesforce", "leads")


def append(lake: Lake, record_id: str, epoch: int = 0) -> Load | None:
    table = lead_table(lead(record_id, DAY))
    return lake.append(*LEADS, table, Cursor(utc(DAY), record_id), AS_OF, epoch=epoch)


def kept(lake: Lake) -> list[str]:
    return [key for path in lake.paths(*LEADS) for key in ids(lake.read(path, ["_record_id"]))]


def ids(table: object) -> list[str]:
    found: list[str] = table.column("_record_id").to_pylist()  # type: ignore[attr-defined]
    return found


def test_the_server_makes_nothing_that_is_there(object_store: ObjectStore) -> None:
    bucket, client = object_store.bucket(), object_store.client()
    client.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")

    with pytest.raises(REFUSED, match="PreconditionFailed"):
        client.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")

    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"


@pytest.mark.parametrize("copies", [True, False])
def test_runs_append_and_later_ones_resume(
    object_store: ObjectStore, tmp_path: Path, copies: bool
) -> None:
    bucket, scratch = object_store.bucket(), tmp_path if copies else None
    for key in "ab":
        lake = object_store.lake(bucket, scratch)
        append(lake, key, lake.claim("salesforce"))

    lake = object_store.lake(bucket, scratch)
    assert kept(lake) == ["a", "b"]
    assert lake.cursor(*LEADS) == Cursor(utc(DAY), "b")
    assert lake.streams("salesforce") == ["leads"]
    assert lake.newest_epoch("salesforce") == 2
    assert append(lake, "b") is None, "a version that is known is no news"
    assert (lake.living(*LEADS), sorted(ids(lake.current(*LEADS)))) == (2, ["a", "b"])


def test_of_two_writers_at_once_exactly_one_wins(object_store: ObjectStore, tmp_path: Path) -> None:
    bucket = object_store.bucket()
    for number in range(1, 6):
        lakes = [object_store.lake(bucket, tmp_path / str(one)) for one in range(4)]
        writers = [lake.writer(*LEADS, 0) for lake in lakes]  # All have seen the same loads.
        outcomes, start = list[str](), Barrier(len(writers))

        def write(place: int) -> None:
            table = lead_table(lead(f"{number}-{place}", DAY))  # noqa: B023 - joined below
            start.wait()  # noqa: B023 - the same
            try:
                writers[place].append(table, None, AS_OF, "none")  # noqa: B023 - the same
                outcomes.append("kept")  # noqa: B023 - the same
            except LakeConflictError:
                outcomes.append("refused")  # noqa: B023 - the same

        threads = [Thread(target=write, args=(place,)) for place in range(len(writers))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["kept", "refused", "refused", "refused"]
        assert len(kept(lakes[0])) == number


def test_a_run_that_was_overtaken_is_fenced_off(object_store: ObjectStore, tmp_path: Path) -> None:
    bucket = object_store.bucket()
    older, newer = (object_store.lake(bucket, tmp_path / name) for name in ("older", "newer"))
    epoch = older.claim("salesforce")
    append(older, "a", epoch)
    append(newer, "b", newer.claim("salesforce"))

    with pytest.raises(FencedError):
        append(older, "c", epoch)

    assert kept(newer) == ["a", "b"]


def test_a_write_whose_answer_got_lost_is_ours(object_store: ObjectStore, tmp_path: Path) -> None:
    lake = object_store.lake(object_store.bucket(), tmp_path)
    epoch = lake.claim("salesforce")
    object_store.loses_next_answer = True

    load = append(lake, "a", epoch)

    assert not object_store.loses_next_answer, "the answer was lost"
    assert load is not None
    assert kept(lake) == ["a"]


def test_a_store_that_knows_no_conditions_is_refused(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    lake = object_store.lake(object_store.bucket(), tmp_path)
    object_store.ignores_conditions = True

    with pytest.raises(LakePlaceError, match="takes no notice of `If-None-Match"):
        lake.identity()
    with pytest.raises(LakePlaceError, match="takes no notice of `If-None-Match"):
        lake.prove()


def test_a_place_that_is_well_is_left_as_it_was(object_store: ObjectStore, tmp_path: Path) -> None:
    bucket = object_store.bucket()

    object_store.lake(bucket, tmp_path).prove()

    assert "Contents" not in object_store.client().list_objects_v2(Bucket=bucket)


def test_a_bucket_that_is_not_there_is_named(object_store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(LakePlaceError, match=r"no-such-bucket.*there is no such bucket"):
        object_store.lake("no-such-bucket", tmp_path).claim("salesforce")


def test_each_load_is_fetched_once(object_store: ObjectStore, tmp_path: Path) -> None:
    bucket = object_store.bucket()
    for key in "abc":
        append(object_store.lake(bucket, tmp_path), key)
    object_store.lake(bucket, tmp_path).on_disk(*LEADS)
    object_store.requests.clear()

    files = object_store.lake(bucket, tmp_path).on_disk(*LEADS)

    assert [key for file in files for key in ids(pq.read_table(file))] == ["a", "b", "c"]
    assert [path for method, path in object_store.requests if path.endswith(".parquet")] == []


def test_a_lake_that_was_made_anew_is_not_taken_for_the_old_one(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    bucket, client = object_store.bucket(), object_store.client()
    append(object_store.lake(bucket, tmp_path), "old")
    [old] = object_store.lake(bucket, tmp_path).on_disk(*LEADS)
    for found in client.list_objects_v2(Bucket=bucket)["Contents"]:
        client.delete_object(Bucket=bucket, Key=found["Key"])
    append(object_store.lake(bucket, tmp_path), "new")

    [new] = object_store.lake(bucket, tmp_path).on_disk(*LEADS)

    assert ids(pq.read_table(new)) == ["new"]
    assert not Path(old).exists(), "what the lake has no more lies on no disk"


def test_what_a_console_makes_to_show_a_folder_is_no_stream(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    bucket = object_store.bucket()
    object_store.client().put_object(Bucket=bucket, Key="lake/raw/salesforce/", Body=b"")
    lake = object_store.lake(bucket, tmp_path)
    append(lake, "a")

    assert lake.streams("salesforce") == ["leads"]


def test_what_memory_can_not_hold_goes_to_the_scratch_folder(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    lake = object_store.lake(object_store.bucket(), tmp_path / "scratch")

    assert lake._files.spill_folder() == tmp_path / "scratch" / "spill"
