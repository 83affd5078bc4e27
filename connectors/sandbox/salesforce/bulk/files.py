"""Files beside the state: uploads, requests and results of jobs.

A file is written under a name of its own and has its true name only once it is whole, so that
neither a killed sandbox nor two requests at once leave half of one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from connectors.sandbox.context import Sandbox


def files_folder(sandbox: Sandbox) -> Path:
    """Return the folder of all these files."""
    folder = sandbox.store.folder / "bulk"
    folder.mkdir(exist_ok=True)
    return folder


def remove_files(sandbox: Sandbox, owner: str) -> None:
    """Remove the files of a job or batch, and drafts that a killed sandbox has left of them."""
    for file in files_folder(sandbox).glob(f"{owner}.*"):
        file.unlink(missing_ok=True)


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Give a name under which to write a file; what is not renamed by the end is thrown away."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
