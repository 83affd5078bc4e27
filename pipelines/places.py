"""The places under a home: lake, state store, locks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from filelock import FileLock, Timeout

from pipelines.lake import Lake
from pipelines.settings import Settings, SettingsError
from pipelines.sync.engine import held_by_one, open_engine
from pipelines.sync.migrate import Standing, standing_of
from pipelines.sync.store import StateStore

LOCK_SECONDS = 600


class BusyError(Exception):
    """Another run holds this step."""


def lake_of(settings: Settings) -> Lake:
    """Return the lake; raises SettingsError where a package for its place is not installed."""
    try:
        return Lake(settings.lake_url, settings.scratch_dir, settings.lake_options)
    except ImportError as missing:
        raise SettingsError(
            "LEADCYCLE_LAKE needs the package s3fs: pip install 'leadcycle[s3]'"
        ) from missing


def store_of(settings: Settings) -> StateStore:
    """Return the state store, its tables as this version knows them.

    Raises:
        SettingsError: the database needs a package that is not installed.
        NewerStateError: a newer version has changed the tables.
    """
    with locked(settings, "state"):
        return _opened(settings.state_database_url)


def state_standing(settings: Settings) -> Standing:
    """Return how the state store's tables stand to this version's; raises SettingsError.

    Nothing is migrated: an older version may be running on it.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with _package_named():
        engine = open_engine(settings.state_database_url)
    try:
        with engine.connect() as db:
            return standing_of(db)
    finally:
        engine.dispose()


@cache
def _opened(url: str) -> StateStore:
    with _package_named():
        return StateStore(url)


@contextmanager
def _package_named() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        name = "LEADCYCLE_STATE_URL"
        raise SettingsError(
            f"{name} needs the package {missing.name}: pip install 'leadcycle[postgres]'"
        ) from missing


@contextmanager
def locked(settings: Settings, step: str) -> Iterator[None]:
    """Let one process at a time do a step; raises BusyError. The lock dies with its process."""
    path = settings.home / "locks" / f"{step}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise BusyError(
            f"Another run has held {step} for {LOCK_SECONDS} s. Wait for it or end it."
        ) from None


@contextmanager
def locked_for_all(settings: Settings, step: str) -> Iterator[None]:
    """Let one process at a time do a step, of all machines that share the state store.

    Raises:
        BusyError: another does it.
    """
    with (
        locked(settings, step),
        _package_named(),
        held_by_one(settings.state_database_url, step, LOCK_SECONDS) as is_ours,
    ):
        if not is_ours:
            raise BusyError(
                f"Another machine has held {step} for {LOCK_SECONDS} s. Wait for it or end it."
            )
        yield
