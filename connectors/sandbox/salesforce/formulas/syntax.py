"""What a formula says, once it is read."""

from dataclasses import dataclass
from typing import Literal


class FormulaError(Exception):
    """A formula that Salesforce would not save; the message is for whoever wrote it."""


def too_complex() -> FormulaError:
    """A formula with more operations within one another than can be computed."""
    return FormulaError("Formula is too complex: too many operations are within one another.")


@dataclass(frozen=True)
class Constant:
    """A number, a text, TRUE, FALSE or NULL."""

    kind: Literal["number", "text", "boolean", "null"]
    value: str


@dataclass(frozen=True)
class Reference:
    """A field, or one of a record further up: Account.Industry, Owner:User.Name."""

    path: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True)
class Operation:
    """An operator between two pieces, or before one."""

    operator: str
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class FunctionCall:
    """A function by its name in capitals, and what it is given."""

    name: str
    parts: tuple["Expression", ...]


Expression = Constant | Reference | Operation | FunctionCall
