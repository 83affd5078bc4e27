"""What became of a component that was put into the org."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """The component's id, whether it is new, and whether it is now another than before."""

    id: str
    created: bool
    changed: bool


@dataclass(frozen=True)
class Listed:
    """A component of the org: its id, its full name, and the kept stamps of its definition."""

    id: str
    full_name: str
    created_at: str
    modified_at: str
