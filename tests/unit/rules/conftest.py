"""A folder of rules that compiles, for each test to spoil or change."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.rules.compiler import RulesVersion, compile_rules
from pipelines.rules.problems import Problem, RulesError

SHIPPED = Path(__file__).parents[3] / "revops"


@dataclass
class RulesFolder:
    """A copy of the shipped rules and the seeds made of it."""

    path: Path
    seeds: Path

    def replace(self, file: str, old: str, new: str) -> None:
        """Change one text in a file; it must be there."""
        text = (self.path / file).read_text("utf-8")
        assert old in text
        (self.path / file).write_text(text.replace(old, new, 1), "utf-8")

    def compile(self) -> RulesVersion:
        return compile_rules(self.path, self.seeds)

    def problems(self) -> list[Problem]:
        """Compile and return what is wrong."""
        with pytest.raises(RulesError) as caught:
            self.compile()
        return caught.value.errors

    def seed(self, name: str) -> list[str]:
        return (self.seeds / f"{name}.csv").read_text("utf-8").splitlines()


@pytest.fixture
def rules(tmp_path: Path) -> RulesFolder:
    shutil.copytree(SHIPPED, tmp_path / "revops")
    return RulesFolder(tmp_path / "revops", tmp_path / "seeds")
