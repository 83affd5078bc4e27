"""SOQL literals: tokens into constants."""

import re
from collections.abc import Mapping
from math import isinf

from connectors.sandbox.salesforce.soql.periods import is_period
from connectors.sandbox.salesforce.soql.syntax import Constant
from connectors.sandbox.salesforce.soql.tokens import Token, malformed
from connectors.sandbox.salesforce.times import read_date, read_stamp

_ESCAPES: Mapping[str, str] = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}
_PATTERN_ESCAPES = {"_": r"\_", "%": r"\%", "\\": r"\\"}
"""What stays escaped in a LIKE pattern, where it is no wildcard."""
_UNICODE_LENGTH = len("u00e9")


def read_constant(soql: str, token: Token, *, is_pattern: bool = False) -> Constant:
    """Return the constant that a token writes.

    Args:
        soql: The query.
        token: One of its tokens.
        is_pattern: Whether it is for LIKE.

    Raises:
        Refusal: the token is no literal, or is one of no real moment.
    """
    if token.kind == "string":
        escapes = {**_ESCAPES, **_PATTERN_ESCAPES} if is_pattern else _ESCAPES
        return Constant("string", _unescaped(soql, token, escapes))
    if token.kind == "number":
        return Constant("number", _number(soql, token))
    if token.kind in ("datetime", "date"):
        return _moment(soql, token)
    if token.word in ("true", "false"):
        return Constant("boolean", token.word == "true")
    if token.word == "null":
        return Constant("null", None)
    if is_period(token.word):
        return Constant("period", token.text.upper())
    raise malformed(soql, token.start, f"unexpected token: '{token.text}'")


def _number(soql: str, token: Token) -> float:
    number = float(token.text)
    if isinf(number):
        raise malformed(soql, token.start, f"Invalid number: {token.text}")
    return number


def _moment(soql: str, token: Token) -> Constant:
    try:
        if token.kind == "date":
            return Constant("date", read_date(token.text))
        return Constant("datetime", read_stamp(token.text))
    except ValueError:
        raise malformed(soql, token.start, f"Invalid {token.kind}: {token.text}") from None


def _unescaped(soql: str, token: Token, escapes: Mapping[str, str]) -> str:
    def replace(found: re.Match[str]) -> str:
        letter = found.group(1)
        if len(letter) == _UNICODE_LENGTH:
            return chr(int(letter[1:], 16))
        if letter.lower() not in escapes:
            where = token.start + 1 + found.start()
            raise malformed(soql, where, f"Illegal string escape: \\{letter}")
        return escapes[letter.lower()]

    text = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, token.text[1:-1], flags=re.DOTALL)
    try:
        # Two escapes may write one character, but no half of one.
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise malformed(soql, token.start, "Illegal string: half a character") from None
