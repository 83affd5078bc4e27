"""How commands speak: for people, or one JSON document on stdout; and with which exit code."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import wraps
from typing import Any

import click
from rich.console import Console
from rich.status import Status
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from connectors.errors import AuthError, ConfigError, CrmError, QuotaExhaustedError
from pipelines.build import NothingBuiltError
from pipelines.crms import CREDENTIALS
from pipelines.histories.errors import (
    EmptyHistoryError,
    HistoryFileError,
    HistoryHomeError,
    NoSuchSubjectError,
    NotYetPublishedError,
)
from pipelines.lake_objects import LakePlaceError
from pipelines.lake_writer import LakeConflictError
from pipelines.load_files import OldLoadError
from pipelines.loop import NoClockError
from pipelines.places import BusyError
from pipelines.processes import ServerError
from pipelines.project import BuildError
from pipelines.publish import NothingPublishedError
from pipelines.reading.results import ReadInPartError, StreamsFailedError
from pipelines.rules.presets import EditedRulesError, UnknownPresetError
from pipelines.rules.problems import RulesError
from pipelines.settings import SettingsError
from pipelines.spark import SparkError
from pipelines.sync.apply import AccountError
from pipelines.sync.config import SyncConfigError
from pipelines.sync.migrate import NewerStateError
from pipelines.undoing import NothingToUndoError

DONE, FAILED, WRONG_USE, WAITS, IN_PART = 0, 1, 2, 3, 4
"""Exit codes: done; failed; a person must change a setting or a rule; a plan waits for a person;
a CRM was read in part, or its day's calls ended, and the next run goes on; so was a file."""


class NoSuchPlanError(Exception):
    """No plan with this digest waits; `leadcycle status` shows those that do."""


_WRONG_USE = (
    ConfigError,
    SettingsError,
    RulesError,
    UnknownPresetError,
    EditedRulesError,
    SyncConfigError,
    NewerStateError,
    HistoryFileError,
    HistoryHomeError,
    NotYetPublishedError,
    LakePlaceError,
)
_FAILURES = (
    NothingToUndoError,
    CrmError,
    ReadInPartError,
    StreamsFailedError,
    LakeConflictError,
    OldLoadError,
    BusyError,
    NoClockError,
    NothingBuiltError,
    BuildError,
    SparkError,
    NothingPublishedError,
    AccountError,
    ServerError,
    NoSuchPlanError,
    EmptyHistoryError,
    NoSuchSubjectError,
    SQLAlchemyError,
    OSError,
)

people = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
aside = Console(stderr=True, highlight=False)


def as_texts(*values: object) -> list[Text]:
    """Return values of data as a table's cells: what looks like markup in them stays as it is."""
    return [Text(str(value)) for value in values]


@contextmanager
def _quiet(is_quiet: bool) -> Iterator[None]:
    """Say nothing to people while one JSON document is made for a program."""
    people.quiet = is_quiet
    try:
        yield
    finally:
        people.quiet = False


def command(function: Callable[..., dict[str, Any]]) -> Any:
    """Make a function a command: it returns its result for `--json` and prints the rest itself."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
    @wraps(function)
    def run(as_json: bool, **options: object) -> None:
        context = click.get_current_context()
        with _quiet(as_json), command_errors(context, as_json):
            result = function(**options)
            if as_json:
                _print_json(result)
            waits, refused = bool(result.get("waits")), bool(result.get("refused"))
            context.exit(_BY_STATUS.get(str(result.get("status")), exit_code(waits, refused)))

    return run


@contextmanager
def command_errors(context: click.Context, as_json: bool = False) -> Iterator[None]:
    """Turn an error that a user can act on into one message and an exit code."""
    try:
        yield
    except (*_WRONG_USE, *_FAILURES) as error:
        aside.print(f"[red]{type(error).__name__}[/red]", end=": ")
        aside.print(_advice(error), markup=False, soft_wrap=True)
        if as_json:
            _print_json({"error": type(error).__name__, "message": _advice(error)})
        context.exit(_code_of(error))


_BY_STATUS = {"failed": FAILED, "partial": IN_PART}


def _code_of(error: Exception) -> int:
    if isinstance(error, ReadInPartError | QuotaExhaustedError):
        return IN_PART
    return WRONG_USE if isinstance(error, _WRONG_USE) else FAILED


def exit_code(waits: bool, refused: bool) -> int:
    """Return a run's exit code: a plan that waits comes before records that were refused."""
    if waits:
        return WAITS
    return FAILED if refused else DONE


def _advice(error: Exception) -> str:
    """Return the error's message; connectors don't know settings, so those are named here."""
    if isinstance(error, AuthError):
        return f"{error} ({CREDENTIALS[error.crm]}, in the environment or in .env)"
    return str(error)


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, default=_plain, ensure_ascii=False))


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """Show on stderr what is being done; yields a function that says how far it is."""
    if not aside.is_terminal:
        aside.print(f"{doing} ...", markup=False)
        yield _Spaced(doing).say
        return
    with Status(doing, console=aside) as status:
        yield lambda text: status.update(f"{doing}: {text}")


class _Spaced:
    """Prints how far something is for logs: a line at most every few seconds."""

    SECONDS = 5.0

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._last = time.monotonic()

    def say(self, text: str) -> None:
        if time.monotonic() - self._last >= self.SECONDS:
            self._last = time.monotonic()
            aside.print(f"{self._doing}: {text}", markup=False)
