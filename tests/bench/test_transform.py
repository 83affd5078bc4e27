"""What a build took is told of the part that has a target, and of all."""

from bench.build import made_of
from bench.figures import Figure, Target
from bench.transform import Built, shares


def test_a_model_is_made_of_all_that_it_reads_however_far_before() -> None:
    parents = {"stints": ["entries", "stages"], "entries": ["base"], "scores": ["stints"]}
    assert made_of("stints", parents) == {"stints", "entries", "stages", "base"}


def test_the_target_is_of_base_to_stints_and_the_whole_is_told_without_one() -> None:
    found = list(shares(_built(20, 12, 3), _built(50, 40, 20)))

    assert [(one.value, one.target is None) for one in found] == [
        (15, False), (30, True), (40, True),
    ]  # fmt: skip
    assert found[0] == Figure(found[0].what, "%", 15, target=Target(10, is_most=True))
    assert found[0].is_missed


def test_models_that_have_no_part_in_stints_have_no_target() -> None:
    assert all(one.target is None for one in shares(_built(2, 1, 0), _built(4, 2, 0)))


def _built(seconds: float, in_models: float, to_stints: float) -> Built:
    return Built(seconds, 1, 1, in_models, to_stints, {})
