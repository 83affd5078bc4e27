"""People who come back: by how often they have entered a stage."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dashboard.rows import PassCount
from dashboard.stages import DETOUR


@dataclass(frozen=True)
class StagePasses:
    """People who ever entered a stage, each once, by the highest pass they reached."""

    stage_label: str
    entered: int
    second: int
    later: int

    @property
    def percent_back(self) -> float:
        """Return how many in a hundred of them entered it more than once."""
        return 100 * (self.second + self.later) / max(self.entered, 1)


def stage_passes(counts: Iterable[PassCount], ends_cycle: Collection[str]) -> list[StagePasses]:
    """Return the passes of every stage that somebody entered, in the order of the path.

    Of the detours only those that end a cycle: the other ones say little by their passes.

    Args:
        counts: Stays by stage and pass.
        ends_cycle: Keys of the stages that end a cycle.
    """
    by_stage: dict[tuple[int, str], dict[int, int]] = {}
    for count in counts:
        if count.path_type != DETOUR or count.stage_key in ends_cycle:
            stage = (count.stage_rank, count.stage_label)
            by_stage.setdefault(stage, {})[count.pass_number] = count.n
    return [_passes_of(label, stays) for (_, label), stays in sorted(by_stage.items())]


def _passes_of(label: str, stays: dict[int, int]) -> StagePasses:
    # Passes of a person count up without gaps: whoever has a third has a second and a first.
    first, second, third = (stays.get(number, 0) for number in (1, 2, 3))
    return StagePasses(label, entered=first, second=second - third, later=third)


def table_of(passes: Iterable[StagePasses]) -> list[dict[str, object]]:
    """Return passes as rows of a table."""
    return [
        {
            "Stage": stage.stage_label,
            "Entered": stage.entered,
            "Twice": stage.second,
            "3 or more": stage.later,
            "Came back": stage.percent_back,
        }
        for stage in passes
    ]
