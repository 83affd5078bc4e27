"""The public suffix list as rows: under which names anybody may register one."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from publicsuffixlist import PSLFILE


class SuffixRule(NamedTuple):
    """A host that ends in `suffix` has a public suffix of so many labels."""

    suffix: str
    labels: int
    is_exception: bool


def suffix_rules() -> list[SuffixRule]:
    """Return the rules of the list that the installed package holds; nothing is fetched.

    Left out are suffixes of one label (`com`): that is what a host has that no rule names.
    """
    lines = Path(PSLFILE).read_text("utf-8").splitlines()
    rules = {rule for line in lines if line and not line.startswith("//") for rule in _rules(line)}
    return sorted(rule for rule in rules if rule.labels > 1 or rule.is_exception)


def _rules(line: str) -> Iterator[SuffixRule]:
    """Yield a line's rule, and once more as browsers write names of other alphabets."""
    rule = line.split(maxsplit=1)[0].lower()
    suffix = rule.removeprefix("!").removeprefix("*.")
    extra = 1 if rule.startswith("*.") else -1 if rule.startswith("!") else 0
    labels = suffix.count(".") + 1 + extra
    for spelling in {suffix, suffix.encode("idna").decode("ascii")}:
        yield SuffixRule(spelling, labels, rule.startswith("!"))
