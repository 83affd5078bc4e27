"""The model of likeness: what is compared, and how often one human's records agree in it.

How often people who are not one agree by chance is counted in the company's own data
(`pipelines/matching/scores.py`). See docs/decisions/0022 for where the shares come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STILL_TWICE = 0.01
"""Pairs of one human that are expected to be there yet, for each person."""


@dataclass(frozen=True)
class Level:
    """One way in which two people's records may compare: the first that holds, counts."""

    condition: str
    """In DuckDB's SQL; of two columns of one name, one ends in `_l` and one in `_r`."""
    share: float
    """Of one human's pairs that compare so, where both sides are known."""
    told: str = ""
    """What a reviewer reads of it; nothing where it is no agreement."""
    rare_by: str = ""
    """Column in which a rare value tells more than a frequent one."""


@dataclass(frozen=True)
class Comparison:
    """One thing that is compared; it tells nothing where `unknown` holds."""

    name: str
    unknown: str
    levels: Sequence[Level]

    def told(self, level: int) -> str:
        """Return what a level says, by Splink's number of it: the last is 0, unknown is -1."""
        return self.levels[len(self.levels) - 1 - level].told if level >= 0 else ""


_ONE_FIRST_NAME = """last_name_l = last_name_r and (
    first_name_l is null or first_name_r is null
    or (least(length(first_name_l), length(first_name_r)) = 1 and first_name_l[1] = first_name_r[1])
)"""
_SIMILAR = """jaro_winkler_similarity(first_name_l, first_name_r) >= 0.9
    and jaro_winkler_similarity(last_name_l, last_name_r) >= 0.9"""

COMPARISONS = (
    Comparison(
        "name",
        "coalesce(first_name_l, last_name_l) is null"
        " or coalesce(first_name_r, last_name_r) is null",
        (
            Level("full_name_l = full_name_r", 0.80, "name", rare_by="full_name"),
            Level("list_has_any(names_l, names_r)", 0.05, "a spelling of the name"),
            Level(_ONE_FIRST_NAME, 0.08, "family name"),
            Level(_SIMILAR, 0.05, "similar name"),
            Level("last_name_l = last_name_r", 0.005, "family name alone"),
            Level("else", 0.015),
        ),
    ),
    # Addresses at one employer that differ are most often two colleagues'; to lack one is no sign.
    Comparison(
        "employer",
        "coalesce(companies_l, domains_l) is null or coalesce(companies_r, domains_r) is null",
        (
            Level("list_has_any(domains_l, domains_r)", 0.15, "employer (other addresses)"),
            Level("list_has_any(companies_l, companies_r)", 0.65, "employer"),
            Level("else", 0.20),
        ),
    ),
    Comparison(
        "number",
        "numbers_l is null or numbers_r is null",
        (
            Level("list_has_any(numbers_l, numbers_r)", 0.70, "number"),
            Level("levenshtein(numbers_l[1], numbers_r[1]) <= 1", 0.05, "number but for a digit"),
            Level("else", 0.25),
        ),
    ),
    Comparison(
        "title",
        "titles_l is null or titles_r is null",
        (Level("list_has_any(titles_l, titles_r)", 0.60, "title"), Level("else", 0.40)),
    ),
)

BLOCKS = (
    ("last_name", "companies"),
    ("last_name", "domains"),
    ("full_name", "companies"),
    ("full_name", "domains"),
    ("numbers",),
)
"""Only people who share all columns of a block are compared; of lists, one value."""
LISTS = frozenset({"companies", "domains", "numbers"})


def agreement(levels: Mapping[str, int]) -> str:
    """Return what two people's records agree in, by name and without any value."""
    told = (comparison.told(levels[comparison.name]) for comparison in COMPARISONS)
    return ", ".join(filter(None, told))
