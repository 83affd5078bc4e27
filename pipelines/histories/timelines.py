"""Timelines as they stood at an instant, read from published files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipelines.duckdb_paths import exactly
from pipelines.histories.errors import HistoryHomeError, NoSuchSubjectError, NotYetPublishedError
from pipelines.histories.homes import Published

Row = Mapping[str, Any]
DIRECTIONS = {
    "advance": "forward",
    "regress": "back",
    "repeat": "repeat",
    "recycle": "recycle",
    "reenter": "reenter",
}
"""Of a move, by how the stay before it ended; a detour is beside the path."""


@contextmanager
def stints_at(
    published: Published, as_of: datetime | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database whose view `stints` has the stays that had begun by an instant.

    The stay that lasts beyond it is shown open, as it was then; passes are counted among these.

    Args:
        published: Whose.
        as_of: UTC; None for all that is published.

    Raises:
        NotYetPublishedError: the instant is after what is published.
    """
    last = published.snapshot.as_of
    instant = as_of or last
    if instant > last:
        news = "leadcycle run" if published.subject == "person" else "leadcycle import-history"
        raise NotYetPublishedError(
            f"{instant:%Y-%m-%d %H:%M} UTC is later than what is published, which ends at"
            f" {last:%Y-%m-%d %H:%M} UTC: ask for an instant up to then, or for none;"
            f" `{news}` brings what came since"
        )
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute("set TimeZone = 'UTC'")
        file = exactly(published.snapshot.tables[published.table]).replace("'", "''")
        db.execute(_view(published.key, file, instant))
        yield db


def _view(key: str, file: str, instant: datetime) -> str:
    return f"""
        create view stints as
        with begun as (
            select *, coalesce(exited_at > timestamptz '{instant.isoformat()}', true) as is_open
            from read_parquet('{file}')
            where entered_at <= timestamptz '{instant.isoformat()}'
        )
        select {key} as subject, stint_number, stage_key, stage_label, stage_rank, phase, path_type,
            pass_number, stage_pass,
            pass_number = max(pass_number) over (partition by {key}, stage_key) as is_last_pass,
            cycle_number, entered_at,
            case when not is_open then exited_at end as exited_at,
            case when is_open then 'open' else exit_type end as exit_type,
            case when not is_open then next_stage_key end as next_stage_key,
            case when not is_open then next_stage_pass end as next_stage_pass,
            case when is_open then 0 else stages_skipped end as stages_skipped,
            evidence, source_system, entered_at_is_lower_bound,
            (
                epoch(case when is_open then timestamptz '{instant.isoformat()}' else exited_at end)
                - epoch(entered_at)
            ) / 86400.0 as days_in_stage
        from begun
    """  # noqa: S608 - names of ours, an instant and a path of ours


def timeline(published: Published, subject: str, as_of: datetime | None = None) -> Sequence[Row]:
    """Return the stays of a person or a case in order; none where they had not begun."""
    with stints_at(published, as_of) as db:
        columns = f"subject as {published.key}, * exclude (subject)"
        query = f"select {columns} from stints where subject = $1 order by stint_number"  # noqa: S608
        return _rows(db.execute(query, [subject]))


@dataclass(frozen=True)
class Merge:
    """What became of a person id that is nobody's any more."""

    old_person_id: str
    person_id: str
    merged_at: datetime
    """The earliest time at which it can have happened (UTC)."""
    rule: str
    """Why: the rule that made the two one."""


def find_merge(published: Published, sought: str) -> Merge | None:
    """Return who a former person id leads to, or None where it is no such id."""
    merges = published.snapshot.tables.get("marts.merged_people")
    if merges is None:
        return None
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        query = """
            select old_person_id, person_id, merged_at, rule from read_parquet($1)
            where old_person_id = $2
        """
        found = db.execute(query, [exactly(merges), sought]).fetchone()
    return None if found is None else Merge(*found)


def find_subject(candidates: Sequence[Published], sought: str) -> tuple[Published, str]:
    """Return whose timeline an id asks for, and the person's or the case's own id.

    Args:
        candidates: Where to look, the first that knows the id is taken before the next.
        sought: A person's id, of today or a former one, a CRM record's key (`hubspot:contact:12`)
            or id, or a case's id.

    Raises:
        NoSuchSubjectError: none knows it.
        HistoryHomeError: several histories do, or the id is that of several records.
    """
    found = [(one, name) for one in candidates for name in _named(one, sought)]
    people = [(one, name) for one, name in found if one.subject == "person"]
    chosen = people or found
    if not chosen:
        places = ", ".join(str(one.folder) for one in candidates)
        raise NoSuchSubjectError(
            f"{sought} is no person, record or case in {places}. Ids are spelt as in the tables"
            " (person_id, record_key, record_id, case_id); import or build what holds it first."
        )
    if len(chosen) > 1:
        names = ", ".join(f"{name} in {one.folder}" for one, name in chosen)
        raise HistoryHomeError(
            f"{sought} may be {names}: give the whole id, or say where by --from"
        )
    return chosen[0]


def _named(published: Published, sought: str) -> list[str]:
    tables, merge = published.snapshot.tables, find_merge(published, sought)
    if merge is not None:
        return [merge.person_id]
    with duckdb.connect() as db:
        query = f"select distinct {published.key} from read_parquet($1) where {published.key} = $2"  # noqa: S608
        own = db.execute(query, [exactly(tables[published.table]), sought]).fetchall()
        records = tables.get("marts.person_records")
        if own or records is None:
            return [str(row[0]) for row in own]
        query = """
            select distinct person_id from read_parquet($1)
            where record_key = $2 or record_id = $2 order by person_id
        """
        return [str(row[0]) for row in db.execute(query, [exactly(records), sought]).fetchall()]


def summarise_stints(published: Published, as_of: datetime | None = None) -> dict[str, Any]:
    """Return counts over all timelines: visits, moves, re-entries and the highest pass."""
    with stints_at(published, as_of) as db:
        totals = _rows(db.execute(_TOTALS))[0]
        moves = _rows(db.execute(_TRANSITIONS))
        moves = [move | {"direction": DIRECTIONS[move.pop("exit_type")]} for move in moves]
        highest = _rows(db.execute(_HIGHEST))
        return {
            f"{published.subject}s": totals["subjects"],
            "visits": totals["visits"],
            "reentries": totals["reentries"],
            "moves": {
                direction: sum(move["moves"] for move in moves if move["direction"] == direction)
                for direction in DIRECTIONS.values()
            },
            "highest_pass": highest[0] if highest else None,
            "stages": _rows(db.execute(_STAGES)),
            "passes": _rows(db.execute(_PASSES)),
            "transitions": moves,
        }


_TOTALS = """
    select count(distinct subject) as subjects, count(*) as visits,
        count(*) filter (where pass_number > 1) as reentries
    from stints
"""
_STAGES = """
    select stage_key, any_value(stage_label) as stage_label, any_value(stage_rank) as stage_rank,
        count(*) as visits, count(distinct subject) as subjects,
        count(*) filter (where exit_type = 'open') as open,
        count(*) filter (where pass_number > 1) as reentries, max(pass_number) as highest_pass
    from stints group by stage_key order by stage_rank, stage_key
"""
_PASSES = """
    select stage_key, pass_number, stage_pass, count(*) as visits
    from stints group by stage_key, pass_number, stage_pass
    order by any_value(stage_rank), stage_key, pass_number
"""
_TRANSITIONS = """
    select stage_key as from_stage, next_stage_key as to_stage, exit_type, count(*) as moves
    from stints where next_stage_key is not null group by all
    order by any_value(stage_rank), from_stage, to_stage
"""
_HIGHEST = """
    select pass_number, stage_key, stage_pass, count(*) as visits
    from stints group by all
    order by pass_number desc, any_value(stage_rank) desc, stage_key limit 1
"""


def _rows(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
