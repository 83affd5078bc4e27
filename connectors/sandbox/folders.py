"""A folder belongs to one process at a time, since each keeps the clock and settings in memory."""

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

_LOCK = ".sandbox.lock"


class BusyFolderError(OSError):
    """Another process fills or serves the folder: wait until it is done, or end it."""


def hold_folder(folder: Path) -> BaseFileLock:
    """Keep everybody else out of a folder until the lock is released or the process has ended.

    The folder is created when it is new.

    Raises:
        BusyFolderError: it is held already, by another process or by this one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Any thread may close what this one has opened.
    lock = FileLock(folder / _LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BusyFolderError(f"{folder} is being filled or served already") from None
    return lock
