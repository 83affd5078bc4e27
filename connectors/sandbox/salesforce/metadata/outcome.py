"""What became of a component that was put into the org."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """The component's id, whether it is new, and whether it is now another than before."""

    id: str
    created: bool
    changed: bool
