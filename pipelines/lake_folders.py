"""Folders of a lake on this machine: what is in them survives a power cut."""

import os
from pathlib import Path

import pyarrow as pa

from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.load_files import Footer, write_load


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each of which knows of it after a power cut, too."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Write a folder's names to the disk: marks in the state store may vouch for a load in it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def write_aside(aside: Path, table: pa.Table, footer: Footer) -> None:
    """Write a load where nobody reads it yet."""
    with aside.open("xb") as file:
        commit_points.passing(CommitPoint.ASIDE_BEGUN)
        write_load(table, file, footer)
        file.flush()
        os.fsync(file.fileno())
    commit_points.passing(CommitPoint.ASIDE_WRITTEN)
