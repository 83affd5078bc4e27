"""How right people were told apart and together, by labels that somebody gave records."""

import csv
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.matching.pairs import LikelyPair
from pipelines.rules.identity_models import whole_key
from pipelines.settings import SettingsError

RECORD, PERSON = "record_key", "person"
Groups = Mapping[str, Hashable]
"""By record: whose it is, or is said to be."""


@dataclass(frozen=True)
class Verdict:
    """Pairs of records that were taken for one person's, against the labels."""

    taken: int
    right: int
    true: int
    """Pairs that the labels say are one person's."""

    @property
    def precision(self) -> float | None:
        """The share of right ones among those taken; None where none was."""
        return self.right / self.taken if self.taken else None

    @property
    def recall(self) -> float | None:
        """The share of the true ones that were taken; None where there is none."""
        return self.right / self.true if self.true else None


def read_labels(file: Path) -> dict[str, str]:
    """Return whose each record is, of a CSV with the columns `record_key` and `person`.

    Raises:
        SettingsError: a column is missing, or a record has two labels.
    """
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened)
        if not {RECORD, PERSON} <= set(rows.fieldnames or ()):
            raise SettingsError(f"{file} needs the columns {RECORD} and {PERSON}")
        labels: dict[str, str] = {}
        for row in rows:
            if labels.setdefault(whole_key(row[RECORD]), row[PERSON]) != row[PERSON]:
                raise SettingsError(f"{file}: {row[RECORD]} has two labels")
    return labels


def judge_groups(groups: Groups, labels: Groups) -> Verdict:
    """Judge every pair of labelled records."""
    labelled = [key for key in groups if key in labels]
    return Verdict(
        taken=_pairs_within(groups[key] for key in labelled),
        right=_pairs_within((groups[key], labels[key]) for key in labelled),
        true=_pairs_within(labels[key] for key in labelled),
    )


def judge_pairs(tied: Groups, pairs: Iterable[LikelyPair], labels: Groups) -> Verdict:
    """Judge pairs of tied persons: of those who are one by the labels, which were found?

    Whoever has several labels is tied wrongly already, and counts as the one of most records.
    """
    owners = _owners(tied, labels)
    found = [
        (owners[tied[pair.record_key]], owners[tied[pair.other_record_key]])
        for pair in pairs
        if tied.get(pair.record_key) in owners and tied.get(pair.other_record_key) in owners
    ]
    right = sum(one == other for one, other in found)
    return Verdict(len(found), right, _pairs_within(owners.values()))


def joined(tied: Groups, pairs: Iterable[LikelyPair]) -> dict[str, Hashable]:
    """Return whose each record is once these pairs are one person each."""
    root: dict[Hashable, Hashable] = {}

    def first(group: Hashable) -> Hashable:
        while group in root:
            group = root[group]
        return group

    for pair in pairs:
        one, other = first(tied[pair.record_key]), first(tied[pair.other_record_key])
        if one != other:
            root[other] = one
    return {key: first(group) for key, group in tied.items()}


def _owners(tied: Groups, labels: Groups) -> dict[Hashable, Hashable]:
    held = Counter((group, labels[key]) for key, group in tied.items() if key in labels)
    # The last one said stays: the label of most records.
    ordered = sorted(held.items(), key=lambda item: (item[1], str(item[0][1])))
    return {group: label for (group, label), _ in ordered}


def _pairs_within(values: Iterable[Hashable]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(values).values())
