"""Object storage: what is made there once, and how what is wrong with it is said.

An object appears whole or not at all. That it is made only where it is absent is a condition of
the request, `If-None-Match: *`, which the store itself must honour.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fsspec

_REFUSED = frozenset({"PreconditionFailed", "412"})
"""How a store says that the object is there."""
_AGAIN = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})
"""How it says that another request for the same name was under way, and that nobody knows yet."""
_TRIES, _PAUSE_SECONDS = 5, 0.2


class LakePlaceError(Exception):
    """The lake's place on object storage can't be used as it is."""


def create_object(fs: fsspec.AbstractFileSystem, path: str, content: bytes) -> None:
    """Make an object unless it is there.

    A client sends a request again when its answer got lost, and is then told that the object is
    there: the same content counts as made.

    Args:
        fs: The store.
        path: Bucket and name.
        content: What tells ours from anybody else's: a load bears its run's epoch.

    Raises:
        FileExistsError: it is, with other content; it stays as it is.
        LakePlaceError: the store can't be written to.
    """
    with place_named(path):
        for left in reversed(range(_TRIES)):
            try:
                fs.pipe_file(path, content, mode="create")
            except OSError as error:
                if _code(error) in _AGAIN and left:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                if not isinstance(error, FileExistsError) and _code(error) not in _REFUSED:
                    raise
                if not content or fs.cat_file(path) != content:
                    raise FileExistsError(path) from error
            return


def prove_condition(fs: fsspec.AbstractFileSystem, path: str) -> None:
    """Prove on an object of ours that the store makes nothing that is there.

    Some stores that speak S3 take no notice of the condition: a second writer would replace a load
    of the first, and nobody would know.

    Raises:
        LakePlaceError: the store made it a second time.
    """
    try:
        with place_named(path):
            fs.pipe_file(path, b"", mode="create")
    except OSError as error:
        if isinstance(error, FileExistsError) or _code(error) in _REFUSED | _AGAIN:
            return
        raise
    raise LakePlaceError(
        f"{path}: the store takes no notice of `If-None-Match: *`, so that two runs could overwrite"
        " each other's loads. Use one that does (AWS S3, MinIO, Ceph since Squid), or a folder."
    )


@contextmanager
def place_named(path: str) -> Iterator[None]:
    """Say of errors of the store where they came from and what to do; see LakePlaceError."""
    try:
        yield
    except PermissionError as error:
        raise LakePlaceError(
            f"{path}: access is refused. The key needs s3:ListBucket, s3:GetObject, s3:PutObject"
            " and s3:DeleteObject there (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or a role)."
        ) from error
    except FileNotFoundError as error:
        if _code(error) != "NoSuchBucket":
            raise
        raise LakePlaceError(
            f"{path}: there is no such bucket. Make it, then run again."
        ) from error
    except Exception as error:
        if not _is_of_client(error):
            raise
        raise LakePlaceError(
            f"{path}: {type(error).__name__}. See LEADCYCLE_LAKE, LEADCYCLE_LAKE_ENDPOINT and the"
            " AWS_ variables: the store could not be reached."
        ) from error


def _code(error: BaseException) -> str:
    """Return the store's own code, empty where there is none."""
    response: Any = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _is_of_client(error: BaseException) -> bool:
    """Tell whether the store's client raised it: no credentials, no connection, no such region."""
    return type(error).__module__.partition(".")[0] in ("botocore", "aiobotocore", "aiohttp")
