"""The sandbox company's truth, and how far the warehouse found it."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

Path_ = tuple[tuple[str, int], ...]
"""Stages with their pass, in order."""
NAMESAKES = "somebody of the same name has the same number and left no address either"
SECONDS_OFF = 90
"""How late HubSpot's workflow may say that somebody joined a deal, which nothing else dates."""


@dataclass(frozen=True)
class TruePerson:
    """Somebody of the company: their visible records, and the path they really took."""

    number: int
    records: frozenset[str]
    observable: bool
    reason: str | None
    path: Path_
    entered: tuple[datetime, ...]


@dataclass(frozen=True)
class FoundPerson:
    """Somebody as the warehouse has them."""

    records: frozenset[str]
    path: Path_
    entered: tuple[datetime, ...]


@dataclass(frozen=True)
class Verdict:
    """How one observable person was found; `cause` is empty where everything is right."""

    person: TruePerson
    found: tuple[FoundPerson, ...]
    cause: str


def read_truth(state: Path) -> list[TruePerson]:
    """Read the truth that the sandbox keeps for tests."""
    people = json.loads((state / "truth.json").read_text("utf-8"))["people"]
    seeming = Counter(row["seems"] for row in people if row["seems"])
    return [_true_person(row, seeming[row["seems"]] > 1) for row in people]


def _true_person(row: Mapping[str, Any], has_namesake: bool) -> TruePerson:
    reason = row["reason"] or (NAMESAKES if has_namesake else None)
    return TruePerson(
        row["number"],
        frozenset(f"{crm}:{ref}" for crm, refs in row["records"].items() for ref in refs),
        reason is None,
        reason,
        tuple((step["stage"], step["pass"]) for step in row["path"]),
        tuple(datetime.fromisoformat(step["at"]).astimezone(UTC) for step in row["path"]),
    )


def read_found(warehouse: Path) -> list[FoundPerson]:
    """Read every person of a warehouse with all their records and stints."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        db.execute("set TimeZone = 'UTC'")
        owned = db.execute(
            "select person_id, record_key from intermediate.int_person_records"
        ).fetchall()
        stints = db.execute(
            "select person_id, stage_key, pass_number, entered_at from marts.stage_stints "
            "order by person_id, stint_number"
        ).fetchall()
    records, paths = defaultdict(set), defaultdict(list)
    for person_id, record_key in owned:
        records[person_id].add(record_key)
    for person_id, stage, number, entered_at in stints:
        paths[person_id].append(((stage, number), entered_at))
    return [
        FoundPerson(
            frozenset(keys),
            tuple(step for step, _ in paths[person_id]),
            tuple(at for _, at in paths[person_id]),
        )
        for person_id, keys in records.items()
    ]


def verdicts_of(folder: Path) -> list[Verdict]:
    """Judge the warehouse of a folder's `home` by the truth of its `sandbox`."""
    found = read_found(folder / "home" / "warehouse.duckdb")
    return judge(read_truth(folder / "sandbox"), found)


def judge(truth: list[TruePerson], found: list[FoundPerson]) -> list[Verdict]:
    """Compare every observable person with what was found of them."""
    owner = {key: person for person in found for key in person.records}
    visible = frozenset(key for person in truth for key in person.records)
    return [
        _judge_one(person, owner, visible) for person in truth if person.observable and person.path
    ]


def _judge_one(
    person: TruePerson, owner: Mapping[str, FoundPerson], visible: frozenset[str]
) -> Verdict:
    holders = tuple({owner[key]: None for key in sorted(person.records) if key in owner})
    return Verdict(person, holders, _cause(person, holders, visible - person.records))


def _cause(person: TruePerson, holders: tuple[FoundPerson, ...], of_others: frozenset[str]) -> str:
    if not holders:
        return "not found"
    if len(holders) > 1:
        return "records of one person taken for several"
    [found] = holders
    if person.records - found.records:
        return "lacks a record"
    # A record that the CRM has forgotten since is still the person's, and nobody else's.
    if found.records & of_others:
        return "taken for somebody else too"
    return _difference(person.path, found.path)


def _difference(true: Path_, found: Path_) -> str:
    """Return what is wrong with a path; "" for nothing."""
    missing, extra = Counter(true) - Counter(found), Counter(found) - Counter(true)
    if not missing and not extra:
        return "" if true == found else "stages in another order"
    words = [f"{what} {stage}" for what, steps in (("lacks", missing), ("has", extra))
             for stage in sorted({stage for stage, _ in steps})]  # fmt: skip
    return ", ".join(words)


def wrong_people(verdicts: list[Verdict]) -> str:
    """Say how many are wrong, and of each cause how often and one person's paths; "" for none."""
    wrong = [verdict for verdict in verdicts if verdict.cause]
    if not wrong:
        return ""
    example = {verdict.cause: verdict for verdict in reversed(wrong)}
    counts = Counter(verdict.cause for verdict in wrong).most_common()
    lines = [f"{count} x {cause}: {_in_words(example[cause])}" for cause, count in counts]
    return "\n".join([f"{len(wrong)} of {len(verdicts)} people are wrong:", *lines])


def _in_words(verdict: Verdict) -> str:
    found = " and ".join(_path_in_words(person.path) for person in verdict.found) or "nobody"
    person = verdict.person
    return f"person {person.number} took {_path_in_words(person.path)}, found was {found}"


def _path_in_words(path: Path_) -> str:
    return " > ".join(f"{stage}-{number}" for stage, number in path)


def wrong_entries(verdicts: list[Verdict]) -> list[str]:
    """Say which entries of right paths are at another time than the evidence allows.

    Where the CRM keeps but the day of a response, its first instant is right.
    """
    return [
        f"person {verdict.person.number} entered {stage} at {true_at}, found was {at}"
        for verdict in verdicts
        if not verdict.cause
        for (stage, _), true_at, at in zip(
            verdict.person.path, verdict.person.entered, verdict.found[0].entered, strict=True
        )
        if abs((at - true_at).total_seconds()) > SECONDS_OFF and at != _day_of(true_at)
    ]


def _day_of(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def share_known_by_day(verdicts: list[Verdict]) -> float:
    """Return the share of entries into right paths of which the day alone is known."""
    entered = [at for verdict in verdicts if not verdict.cause for at in verdict.found[0].entered]
    return sum(at == _day_of(at) for at in entered) / len(entered)
