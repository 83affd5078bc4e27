"""Reads the files of `revops/` into records, noting every problem with its line."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.rules.problems import Problem, nearest

Record = TypeVar("Record", bound=BaseModel)
FieldPath = tuple[int | str, ...]


@dataclass(frozen=True)
class Row(Generic[Record]):
    """A record and the line it stands on."""

    line: int
    record: Record


@dataclass
class Reader:
    """Reads a file from the first folder that has it, and gathers problems: all come at once."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    fallbacks: tuple[Path, ...] = ()

    def read_csv(self, file: str, model: type[Record]) -> list[Row[Record]]:
        """Return the valid rows of a CSV file (UTF-8, with or without a byte order mark)."""
        text = self._text(file)
        if text is None:
            return []
        reader = csv.DictReader(text.splitlines(), restkey="(too many cells)", restval="")
        rows = []
        for cells in reader:
            line = reader.line_num
            record = self._validated(file, model, _stripped(cells), partial(_always, line))
            rows += [Row(line, record)] if record else []
        return rows

    def read_yaml(self, file: str, model: type[Record]) -> Record | None:
        """Return the file as a record, or None after noting what is wrong with it."""
        text = self._text(file)
        if text is None:
            return None
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            content = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.problems.append(Problem(file, line, "", "", f"is not YAML: {error.problem}"))
            return None
        return self._validated(file, model, content, lambda path: line_of(root, path))

    def _text(self, file: str) -> str | None:
        paths = (folder / file for folder in (self.folder, *self.fallbacks))
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            self.problems.append(Problem(file, 0, "", "", "is missing"))
            return None
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            reason = "is not UTF-8: in Excel save it as 'CSV UTF-8'"
            self.problems.append(Problem(file, 0, "", "", reason))
            return None

    def _validated(
        self, file: str, model: type[Record], content: object, line: Callable[[FieldPath], int]
    ) -> Record | None:
        try:
            return model.model_validate(content)
        except ValidationError as error:
            details = error.errors(include_url=False)
            self.problems += [_problem(file, line(each["loc"]), each) for each in details]
            return None


def line_of(node: yaml.Node | None, path: FieldPath) -> int:
    """Return the line (from 1) of the deepest part of the path that the document has."""
    if node is None:
        return 0
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == step]
            if not found:
                break
            node = found[0]
    return node.start_mark.line + 1


def _always(line: int, _: FieldPath) -> int:
    return line


def _stripped(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Trim cells; an empty cell means the field's default."""
    trimmed = {key: str(cell).strip() for key, cell in cells.items()}
    return {key: cell for key, cell in trimmed.items() if cell}


def _problem(file: str, line: int, error: ErrorDetails) -> Problem:
    allowed = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    choices = [choice.strip(" '") for choice in allowed.split(",") if choice.strip(" '")]
    given = "" if isinstance(error["input"], dict | list) else str(error["input"])
    column = ".".join(str(part) for part in error["loc"])
    reason = error["msg"].removeprefix("Value error, ").rstrip(".")
    return Problem(file, line, column, given, reason, nearest(given, choices))
