"""SOQL text cut into tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.sandbox.salesforce.errors import Refusal

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2}))
  | (?P<date>\d{4}-\d{2}-\d{2}(?![\dT]))
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w:-]))
  | (?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::\d+)?)
  | (?P<symbol><=|>=|!=|<>|[=<>(),])
    """,
    re.VERBOSE,
)

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""What JSON can write, and no text can hold."""


@dataclass(frozen=True)
class Token:
    """A piece of SOQL and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """The text in lower case, to compare with keywords; empty for a string."""
        return "" if self.kind == "string" else self.text.lower()


def cut(soql: str) -> Sequence[Token]:
    """Return the tokens, ending with one of kind `end`.

    Raises:
        Refusal: a piece that is no token.
    """
    if half := _HALF_CHARACTER.search(soql):
        raise malformed(soql.replace(half.group(), "?"), half.start(), "half a character")
    tokens, position = [], 0
    while position < len(soql):
        found = _TOKEN.match(soql, position)
        if found is None:
            raise malformed(soql, position, f"unexpected token: '{_until_space(soql, position)}'")
        if found.lastgroup != "space":
            tokens.append(Token(str(found.lastgroup), found.group(), position))
        position = found.end()
    return [*tokens, Token("end", "<EOF>", len(soql))]


def malformed(soql: str, position: int, what: str, code: str = "MALFORMED_QUERY") -> Refusal:
    """Return the refusal of a query: the text, a caret under the place, and what is wrong there."""
    line = soql.count("\n", 0, position) + 1
    column = position - (soql.rfind("\n", 0, position) + 1) + 1
    near = soql[max(0, position - 40) : position + 40].replace("\n", " ")
    caret = " " * min(position, 40) + "^"
    return Refusal(code, f"\n{near}\n{caret}\nERROR at Row:{line}:Column:{column}\n{what}")


def _until_space(soql: str, position: int) -> str:
    return soql[position:].split(maxsplit=1)[0]
