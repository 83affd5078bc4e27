"""Paths for DuckDB, whose functions that read files take every name for a pattern."""

import os

_SPECIAL = "*?["


def exactly(path: str | os.PathLike[str]) -> str:
    """Return the pattern that only this path fits; dbt_project/macros/landing.sql has its twin."""
    return "".join(f"[{letter}]" if letter in _SPECIAL else letter for letter in str(path))
