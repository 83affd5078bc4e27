"""SOQL literals: tokens into constants."""

import re

from connectors.sandbox.salesforce.soql.periods import is_period
from connectors.sandbox.salesforce.soql.syntax import Constant
from connectors.sandbox.salesforce.soql.tokens import Token, malformed
from connectors.sandbox.salesforce.times import read_date, read_stamp

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
# In a LIKE pattern these stay escaped: they are no wildcards.
_WILDCARDS = frozenset({"_", "%"})
_UNICODE_LENGTH = len("u00e9")


def read_constant(soql: str, token: Token) -> Constant:
    """Return the constant that a token writes.

    Raises:
        Refusal: the token is no literal, or is one of no real moment.
    """
    if token.kind == "string":
        return Constant("string", _unescaped(soql, token))
    if token.kind == "number":
        return Constant("number", float(token.text))
    if token.kind in ("datetime", "date"):
        return _moment(soql, token)
    if token.word in ("true", "false"):
        return Constant("boolean", token.word == "true")
    if token.word == "null":
        return Constant("null", None)
    if is_period(token.word):
        return Constant("period", token.text.upper())
    raise malformed(soql, token.start, f"unexpected token: '{token.text}'")


def _moment(soql: str, token: Token) -> Constant:
    try:
        if token.kind == "date":
            return Constant("date", read_date(token.text))
        return Constant("datetime", read_stamp(token.text))
    except ValueError:
        raise malformed(soql, token.start, f"Invalid {token.kind}: {token.text}") from None


def _unescaped(soql: str, token: Token) -> str:
    def replace(found: re.Match[str]) -> str:
        letter = found.group(1)
        if letter in _WILDCARDS:
            return found.group()
        if len(letter) == _UNICODE_LENGTH:
            return chr(int(letter[1:], 16))
        if letter.lower() not in _ESCAPES:
            where = token.start + 1 + found.start()
            raise malformed(soql, where, f"Illegal string escape: \\{letter}")
        return _ESCAPES[letter.lower()]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, token.text[1:-1], flags=re.DOTALL)
