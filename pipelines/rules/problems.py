"""What is wrong with the rules, told so that a RevOps person can mend it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing to mend in one place."""

    file: str
    row: int
    """Line in the file, counted from 1 as editors and sheets do; 0 for the file as a whole."""
    column: str
    value: str
    reason: str
    nearest: tuple[str, ...] = ()
    """Allowed values that look like the one given, best first."""

    def __str__(self) -> str:
        """Return the place, the value, the reason and what was perhaps meant, as one line."""
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        value = f" {self.value!r}" if self.value else ""
        hint = f" Did you mean {' or '.join(self.nearest)}?" if self.nearest else ""
        return f"{place}:{value} {self.reason}.{hint}"


class RulesError(Exception):
    """The rules do not compile; `errors` holds every problem found, in file order."""

    def __init__(self, errors: Sequence[Problem]) -> None:
        self.errors = list(errors)
        lines = "\n".join(f"  {error}" for error in self.errors)
        super().__init__(f"{len(self.errors)} problem(s) in the rules\n{lines}")


def nearest(value: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return up to two allowed values that resemble the one given."""
    return tuple(get_close_matches(value, sorted(allowed), n=2, cutoff=0.5))


def unknown(file: str, line: int, column: str, value: str, allowed: Collection[str]) -> Problem:
    """Return the problem of a value that is none of those allowed."""
    choices = sorted(choice for choice in allowed if choice)
    near = nearest(value, choices)
    reason = "is not known" if near else f"is not one of {', '.join(choices)}"
    return Problem(file, line, column, value, reason, near)
