"""`leadcycle stints`: any timeline, as it stood at any instant, and the counts of all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from pipelines.cli_output import as_texts, command, people
from pipelines.histories.homes import Published, published_by
from pipelines.histories.timelines import (
    Merge,
    find_merge,
    find_subject,
    summarise_stints,
    timeline,
)
from pipelines.settings import load_settings

INSTANT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
_MOST_SHOWN = 30


@click.command(epilog="Exit codes: 0 done, 1 nothing published or no such id, 2 wrong use.")
@click.option(
    "--case", "sought", help="A person (also by a former id), a record (key or id), or a case."
)
@click.option("--summary", is_flag=True, help="Counts over all of them.")
@click.option("--as-of", type=INSTANT, help="As it stood then (UTC); a date is its first instant.")
@click.option("--from", "named", help="An imported history: its folder, or its name.")
@command
def stints(
    sought: str | None, summary: bool, as_of: datetime | None, named: str | None
) -> dict[str, Any]:
    """Print a timeline, or the counts of visits, moves and passes of all."""
    if bool(sought) == summary:
        raise click.UsageError("give --case ID for one timeline, or --summary for the counts")
    found, instant = published_by(load_settings(), named), zoned(as_of)
    if sought:
        published, subject = find_subject(found, sought)
        shown = _show_timeline(published, subject, instant)
        return shown | {"merged": _show_merge(find_merge(published, sought))}
    return _show_summary(_only(found), instant)


def _only(found: Sequence[Published]) -> Published:
    """Return the CRMs' tables where there are any, else the one history that there is."""
    if found[0].subject == "case" and len(found) > 1:
        names = ", ".join(one.folder.name for one in found)
        raise click.UsageError(f"there are several histories: give --from one of {names}")
    return found[0]


def _show_timeline(published: Published, subject: str, as_of: datetime | None) -> dict[str, Any]:
    rows = timeline(published, subject, as_of)
    shown = as_of or published.snapshot.as_of
    title = Text(f"{subject} as of {shown:%Y-%m-%d %H:%M} UTC")
    table = Table(title=title, title_justify="left")
    for name in ("stage", "entered", "left", "days", "how it ended", "then", "evidence"):
        table.add_column(name, justify="right" if name == "days" else "left")
    for row in rows:
        left = f"{row['exited_at']:%Y-%m-%d %H:%M}" if row["exited_at"] else ""
        table.add_row(*as_texts(
            row["stage_pass"], f"{row['entered_at']:%Y-%m-%d %H:%M}", left,
            f"{row['days_in_stage']:.1f}", row["exit_type"], row["next_stage_pass"] or "",
            row["evidence"],
        ))  # fmt: skip
    people.print(table)
    document: dict[str, Any] = {published.key: subject, "as_of": shown.isoformat()}
    return document | {"folder": str(published.folder), "stints": [_plain(row) for row in rows]}


def _show_merge(merge: Merge | None) -> dict[str, Any] | None:
    """Say that the id that was asked for is another person's today, if it is."""
    if merge is None:
        return None
    people.print(
        f"{merge.old_person_id} is {merge.person_id} today: merged by {merge.rule},"
        f" on {merge.merged_at:%Y-%m-%d} at the earliest",
        markup=False,
    )
    return dict(_plain(asdict(merge)))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with instants in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _show_summary(published: Published, as_of: datetime | None) -> dict[str, Any]:
    counts = summarise_stints(published, as_of)
    shown = as_of or published.snapshot.as_of
    subjects = f"{published.subject}s"
    moves = ", ".join(f"{count} {name}" for name, count in counts["moves"].items() if count)
    people.print(f"{counts[subjects]} {subjects}, {counts['visits']} visits, {moves or 'no move'}")
    highest = counts["highest_pass"]
    if highest:
        people.print(
            f"{counts['reentries']} re-entries; the highest pass is {highest['stage_pass']}",
            markup=False,
        )
    people.print(_stage_table(counts["stages"], subjects))
    people.print(_move_table(counts["transitions"]))
    return {"as_of": shown.isoformat(), "folder": str(published.folder)} | counts


def _stage_table(stages: Sequence[dict[str, Any]], subjects: str) -> Table:
    table = Table(title="Visits by stage", title_justify="left")
    columns = {"stage": "stage_label", "visits": "visits", subjects: "subjects", "in it": "open",
               "re-entries": "reentries", "highest pass": "highest_pass"}  # fmt: skip
    for name in columns:
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage in stages[:_MOST_SHOWN]:
        table.add_row(*as_texts(*(stage[column] for column in columns.values())))
    if len(stages) > _MOST_SHOWN:
        table.caption = f"and {len(stages) - _MOST_SHOWN} more: --json shows all"
    return table


def _move_table(moves: Sequence[dict[str, Any]]) -> Table:
    most = sorted(moves, key=lambda move: -move["moves"])
    table = Table(title="Moves, the most frequent first", title_justify="left")
    shown = ("from_stage", "to_stage", "direction", "moves")
    for name in ("from", "to", "direction", "moves"):
        table.add_column(name, justify="right" if name == "moves" else "left")
    for move in most[:_MOST_SHOWN]:
        table.add_row(*as_texts(*(move[name] for name in shown)))
    if len(most) > _MOST_SHOWN:
        table.caption = f"and {len(most) - _MOST_SHOWN} more: --json shows all"
    return table


def zoned(instant: datetime | None) -> datetime | None:
    """Return an instant in UTC, which is what one without a zone means."""
    if instant is None:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
