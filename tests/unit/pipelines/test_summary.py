"""What a run did, in the words of RevOps."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.publish import Snapshot
from pipelines.summary import (
    Move,
    Reason,
    StageStock,
    Summary,
    SyncAccount,
    Unmapped,
    find_moves,
    summarise,
    top_reasons,
)
from tests.unit.pipelines.builders import AS_OF

STOCKS = [
    {"stage_label": "Lead", "stage_rank": 6, "phase": "Engage", "people": 1, "accounts": 1},
    {"stage_label": "Name", "stage_rank": 3, "phase": "Attract", "people": 2, "accounts": 0},
    {"stage_label": "Engaged", "stage_rank": 4, "phase": "Engage", "people": 0, "accounts": 0},
]
UNMAPPED = {
    "source_system": "salesforce",
    "field_name": "Status",
    "field_value": "Parked",
    "record_count": 3,
}
POINTS = {"person_id": "p1", "label": "Asked for a demo", "points_now": Decimal("30.00")}
ACCOUNT = {
    "plan_id": 1,
    "sync": "salesforce__leads",
    "crm": "salesforce",
    "status": "applied",
    "source": 9,
    "unchanged": 4,
    "kept_human": 1,
    "no_match": 1,
    "held_back": 0,
    "written": 2,
    "rejected": 1,
    "deferred": None,
    "digest": "abc",
    "findings": "",
}


def at_stage(person_id: str, label: str, number: int = 1) -> dict[str, object]:
    key = f"{label.lower()}-{number:02}"
    return {"person_id": person_id, "stage_label": label, "stage_pass": key}


def publish(folder: Path, name: str, lifecycles: Iterable[Mapping[str, Any]]) -> Snapshot:
    """Write a snapshot's files as they are published."""
    rows = {
        "person_lifecycles": list(lifecycles),
        "stage_stocks": STOCKS,
        "score_reasons": [POINTS],
        "unmapped_values": [UNMAPPED],
        "accounts": [{"account_id": "a1"}, {"account_id": "a2"}],
        "set_aside": [{"record_id": "E1", "reason": "impossible date"}],
    }
    (folder / name).mkdir()
    tables = {f"marts.{table}": folder / name / f"marts__{table}.parquet" for table in rows}
    for table, of_table in rows.items():
        pq.write_table(pa.Table.from_pylist(of_table), tables[f"marts.{table}"])
    earlier = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name < name)
    return Snapshot(name, AS_OF, "rules-1", tables, {}, tuple(earlier))


def reason(person_id: str, label: str, points: str) -> dict[str, object]:
    return {"person_id": person_id, "label": label, "points_now": Decimal(points)}


def test_a_first_run_places_people_and_moves_nobody(tmp_path: Path) -> None:
    snapshot = publish(tmp_path, "000001", [at_stage("p1", "Lead")])

    assert summarise(tmp_path, snapshot, [ACCOUNT]) == Summary(
        snapshot="000001",
        as_of=AS_OF,
        people=1,
        stages=(
            StageStock("Name", "Attract", 2, 0),
            StageStock("Engaged", "Engage", 0, 0),
            StageStock("Lead", "Engage", 1, 1),
        ),
        moves=(),
        is_first=True,
        reasons=(Reason("Asked for a demo", 1, Decimal("30.00")),),
        syncs=(SyncAccount("salesforce__leads", "applied", 9, 4, 2, 1, 1, 0, 1, 0, "abc", ""),),
        unmapped=(Unmapped("salesforce", "Status", "Parked", 3),),
        accounts=2,
        set_aside=1,
    )


def test_a_later_run_names_who_moved(tmp_path: Path) -> None:
    publish(tmp_path, "000001", [at_stage("p1", "Name"), at_stage("p2", "Name")])
    snapshot = publish(tmp_path, "000002", [at_stage("p1", "Lead"), at_stage("p2", "Name")])

    summary = summarise(tmp_path, snapshot, [])

    assert (summary.moves, summary.is_first) == ((Move("p1", "Name", "Lead"),), False)


def test_the_last_plan_of_each_sync_counts(tmp_path: Path) -> None:
    snapshot = publish(tmp_path, "000001", [at_stage("p1", "Lead")])
    accounts = [
        ACCOUNT | {"sync": "salesforce__leads", "digest": "old"},
        ACCOUNT | {"sync": "hubspot__contacts", "digest": "hub"},
        ACCOUNT | {"sync": "salesforce__leads", "digest": "new"},
    ]

    syncs = summarise(tmp_path, snapshot, accounts).syncs

    assert [(account.sync, account.digest) for account in syncs] == [
        ("hubspot__contacts", "hub"),
        ("salesforce__leads", "new"),
    ]


def test_phases_add_up_their_stages_in_order(tmp_path: Path) -> None:
    summary = summarise(tmp_path, publish(tmp_path, "000001", [at_stage("p1", "Lead")]), [])

    assert list(summary.phases().items()) == [("Attract", 2), ("Engage", 1)]


def test_the_document_of_a_summary_is_json(tmp_path: Path) -> None:
    snapshot = publish(tmp_path, "000001", [at_stage("p1", "Lead")])

    document = json.loads(
        json.dumps(summarise(tmp_path, snapshot, [ACCOUNT]).to_json(), default=str)
    )

    assert (document["as_of"], document["phases"]) == (
        AS_OF.isoformat(),
        {"Attract": 2, "Engage": 1},
    )


def test_another_pass_of_the_same_stage_is_a_move() -> None:
    moves = find_moves([at_stage("p1", "Lead", 1)], [at_stage("p1", "Lead", 2)])

    assert moves == (Move("p1", "Lead", "Lead"),)


def test_who_is_new_moved_from_nowhere_and_who_left_did_not_move() -> None:
    moves = find_moves([at_stage("p1", "Lead")], [at_stage("p2", "Name")])

    assert moves == (Move("p2", None, "Name"),)


def test_moves_come_in_the_order_of_person_ids() -> None:
    moves = find_moves([], [at_stage(person_id, "Name") for person_id in ("p3", "p1", "p2")])

    assert [move.person_id for move in moves] == ["p1", "p2", "p3"]


def test_reasons_are_ranked_by_the_points_they_give_to_all() -> None:
    rows = [
        reason("p1", "Opened a mail", "2.00"),
        reason("p1", "Asked for a demo", "30.00"),
        reason("p2", "Opened a mail", "1.50"),
        reason("p1", "Opened a mail", "0.25"),
    ]

    assert top_reasons(rows) == (
        Reason("Asked for a demo", 1, Decimal("30.00")),
        Reason("Opened a mail", 2, Decimal("3.75")),
    )


def test_only_the_top_reasons_are_named_and_ties_go_by_name() -> None:
    rows = [reason("p1", label, "1.00") for label in "fedcba"]

    assert "".join(found.reason for found in top_reasons(rows)) == "abcde"
