"""`leadcycle import-history`: any stage history into a warehouse of its own."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipelines.cli_output import command, people, progress
from pipelines.cli_stints import INSTANT, zoned
from pipelines.histories.building import Reading, build_history
from pipelines.histories.encodings import ADVICE
from pipelines.histories.files import FileForm
from pipelines.histories.homes import default_folder, history_settings, take_folder
from pipelines.histories.importing import FileAccount, begin, import_events, import_records
from pipelines.histories.notes import check_form, note_form
from pipelines.histories.replacing import Said, forget_others
from pipelines.places import lake_of, locked
from pipelines.publish import Snapshot
from pipelines.settings import Settings, load_settings

STALE = "record older than its history"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORM = (
    click.option("--case", required=True, help="Column of the case: whose history a row is of."),
    click.option("--stage", required=True, help="Column of the stage that the case entered."),
    click.option("--at", required=True, help="Column of when it did."),
    click.option("--id", help="Column of the event's own id."),
    click.option("--resource", help="Column of who or what did it."),
    click.option("--source", default="file", show_default=True, help="Where the history is from."),
    click.option(
        "--ties",
        type=click.Choice(["id", "row"]),
        default="id",
        show_default=True,
        help="What orders events of one instant: their ids, or (also without ids) their rows.",
    ),
    click.option(
        "--time-zone", default="UTC", show_default=True, help="Of times that name none, and dates."
    ),
    click.option(
        "--time-format",
        help="As of strftime, or epoch, epoch_ms; else 2026-03-05 [14:30[:15]] [zone].",
    ),
    click.option("--delimiter", help=r"Between columns (\t: a tab); else as the header shows."),
    click.option(
        "--encoding", default="utf-8", show_default=True, help="Also gb18030, cp1252, utf-16, ..."
    ),
)
_RECORDS = (
    click.option(
        "--record", "records", multiple=True, type=_FILE, help="Cases' records; may be given again."
    ),
    click.option("--record-case", help="Its column of the case; else as --case."),
    click.option("--record-stage", help="Its column of the stage now; else as --stage."),
    click.option("--record-at", help="Its column of when it last changed; else as --at."),
)
_READING = (
    click.option(
        "--replace", is_flag=True, help="What these files do not say of their source is forgotten."
    ),
    click.option(
        "--repeats",
        type=click.Choice(["collapse", "keep"]),
        default="collapse",
        show_default=True,
        help="Rows of the same stage one after the other: one visit, or each its own.",
    ),
    click.option(
        "--wins",
        type=click.Choice(["record", "history"]),
        default="record",
        show_default=True,
        help="Which counts where a record's stage is not its history's last.",
    ),
    click.option("--order", help='Stages in order, "A,B,C"; the others follow as cases show.'),
    click.option(
        "--rules", is_flag=True, help="Stages, bounces and systems of record as revops/ has them."
    ),
    click.option("--as-of", type=INSTANT, help="Nothing later counts (UTC); else all."),
    click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Folder."),
)


def _options(function: Any) -> Any:
    for option in reversed((*_FORM, *_RECORDS, *_READING)):
        function = option(function)
    return function


@click.command(
    "import-history",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong use, 4 rows were set aside; the rest is built.",
)
@click.argument("file", type=_FILE)
@_options
@command
def import_history(file: Path, **options: Any) -> dict[str, Any]:
    """Read a stage history from FILE (CSV, also gzipped) into a warehouse of its own."""
    settings, form, reading = load_settings(), _form(options), _reading(options)
    home = history_settings(settings, options["into"] or default_folder(settings, file))
    files = [
        ("events", file, form),
        *(("records", record, _record_form(form, options)) for record in options["records"]),
    ]
    with locked(home, "warehouse"):
        if options["into"] is None:
            take_folder(home.home, file)
        accounts, forgotten = _import(home, files, options["replace"])
        for account in accounts:
            _print_account(account)
        if forgotten:
            people.print(f"replaced: {forgotten} that the files do not say are gone")
        with progress("Building the timelines"):
            as_of = zoned(options["as_of"])
            snapshot = build_history(home, lake_of(home), reading, as_of, lambda _: None)
    return _imported(home, accounts, snapshot, reading) | {"forgotten": forgotten}


def _form(options: dict[str, Any]) -> FileForm:
    names = ("case", "stage", "at", "id", "resource", "ties", "source", "delimiter", "encoding")
    return FileForm(
        **{name: options[name] for name in names},
        time_zone=options["time_zone"],
        time_format=options["time_format"],
    )


def _record_form(form: FileForm, options: dict[str, Any]) -> FileForm:
    return FileForm(
        case=options["record_case"] or form.case,
        stage=options["record_stage"] or form.stage,
        at=options["record_at"] or form.at,
        source=form.source,
        time_zone=form.time_zone,
        time_format=form.time_format,
        delimiter=form.delimiter,
        encoding=form.encoding,
    )


def _reading(options: dict[str, Any]) -> Reading:
    if options["order"] and options["rules"]:
        raise click.UsageError("--order or --rules: the rules have an order of their own")
    order = next(csv.reader([options["order"] or ""], skipinitialspace=True), [])
    return Reading(
        "rules" if options["rules"] else "file",
        tuple(name.strip() for name in order if name.strip()),
        options["repeats"],
        options["wins"],
    )


def _import(
    home: Settings, files: Sequence[tuple[str, Path, FileForm]], replaces: bool
) -> tuple[list[FileAccount], int]:
    """Return what became of each file, and how much of their source was forgotten."""
    lake, said = lake_of(home), Said() if replaces else None
    begin(lake)
    if not replaces:
        for stream, _, form in files:
            check_form(home.home, lake, stream, form)
        _note_forms(home, files)
    accounts = []
    for stream, file, form in files:
        read = import_events if stream == "events" else import_records
        with progress(f"Reading {file.name}"):
            accounts.append(read(lake, file, form, home.home / "spill", said))
    forgotten = forget_others(lake, files[0][2].source, said) if said else 0
    # Where it replaces, not before: until then the lake has what was told in the other form.
    _note_forms(home, files)
    return accounts, forgotten


def _note_forms(home: Settings, files: Sequence[tuple[str, Path, FileForm]]) -> None:
    for stream, _, form in files:
        note_form(home.home, stream, form)


def _print_account(account: FileAccount) -> None:
    counts = f"{account.rows} rows: {account.new} new, {account.known} known"
    repeated = f", {account.repeated} repeated" if account.repeated else ""
    people.print(f"{account.file_name}: {counts}{repeated}", markup=False)
    for reason, count in account.set_aside.items():
        rows = ", ".join(map(str, account.examples[reason]))
        more = " ..." if count > len(account.examples[reason]) else ""
        people.print(f"  set aside: {count} ({reason}), rows {rows}{more}", markup=False)
    if account.undecoded:
        people.print(f"  {account.undecoded} of them do not read in the encoding told: {ADVICE}")
    if account.likely_time_format:
        people.print(f"  times look like --time-format {account.likely_time_format}", markup=False)


def _imported(
    home: Settings, accounts: Sequence[FileAccount], snapshot: Snapshot, reading: Reading
) -> dict[str, Any]:
    stages = sorted(snapshot.read("marts.case_stages").to_pylist(), key=lambda r: r["stage_rank"])
    unmapped, stale = _counted(snapshot, "unmapped stage"), _counted(snapshot, STALE)
    aside = sum(sum(account.set_aside.values()) for account in accounts)
    unknown = sorted(set(reading.order) - {stage["stage_key"] for stage in stages})
    stints = snapshot.read("marts.case_stints").num_rows
    if unmapped:
        people.print(f"  set aside: {unmapped} events of stages that the rules do not know")
    if stale:
        people.print(f"  set aside: {stale} records that did not change after their last event")
    if unknown:
        people.print(f"No row has these stages of --order: {', '.join(unknown)}", markup=False)
    people.print(f"{stints} stays in {len(stages)} stages as of {snapshot.as_of:%Y-%m-%d %H:%M}")
    if aside or unmapped or stale:
        people.print(f"What was set aside is in {snapshot.tables['marts.case_rows_set_aside']}")
    people.print(f"Read them by: leadcycle stints --from {home.home} --summary", markup=False)
    return {
        "status": "partial" if aside or unmapped or stale else "done",
        "folder": str(home.home),
        "snapshot": snapshot.name,
        "as_of": snapshot.as_of.isoformat(),
        "files": [vars(account) for account in accounts],
        "set_aside": aside,
        "unmapped_events": unmapped,
        "stale_records": stale,
        "unknown_in_order": unknown,
        "stages": stages,
        "stints": stints,
    }


def _counted(snapshot: Snapshot, reason: str) -> int:
    aside = snapshot.read("marts.case_rows_set_aside").column("reason")
    return sum(found == reason for found in aside.to_pylist())
