"""A parser for formulas of fields.

expression  := sign {operator sign}     operators bind as `_STRENGTHS` says, most from left to right
sign        := [- | + | !] sign | atom
atom        := number | text | TRUE | FALSE | NULL | NAME(expression, ...) | field | ( expression )
"""

import re

from connectors.sandbox.salesforce.formulas.syntax import (
    Constant,
    Expression,
    FormulaError,
    FunctionCall,
    Operation,
    Reference,
    too_complex,
)

_TOKEN = re.compile(
    r"""\s*(?:/\*.*?\*/\s*)*(?:
        (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<name>[A-Za-z$]\w*(?:[.:][A-Za-z]\w*)*)
      | (?P<sign>\|\||&&|==|<>|!=|<=|>=|[-+*/&=<>!(),])
      | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL,
)
_COMPARING = 3
"""How strongly comparisons bind, of which no two follow one another."""
_STRENGTHS = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("=", "==", "<>", "!=", "<=", ">=", "<", ">"), _COMPARING),
    "+": 4,
    "-": 4,
    "&": 4,
    "*": 5,
    "/": 5,
}
DEEPEST = 120
"""How many operations a formula may have within one another."""
_SPELLINGS = {"==": "=", "!=": "<>"}
_WORDS = {"TRUE": "boolean", "FALSE": "boolean", "NULL": "null"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def parse_formula(text: str) -> Expression:
    """Return what a formula says.

    Raises:
        FormulaError: it can't be read.
    """
    return _Parser(text).formula()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_cut(text))
        self._place = 0
        self._depth = 0

    def formula(self) -> Expression:
        if self._next()[0] == "end":
            raise FormulaError("Syntax error")
        found = self._expression()
        kind, text = self._next()
        if kind != "end":
            raise FormulaError(f"Syntax error. Extra {text}")
        return found

    def _expression(self, least: int = 1) -> Expression:
        """Read a sign, and the operators behind it that bind at least so strongly."""
        found, below, links = self._sign(), len(_STRENGTHS), 0
        while least <= (strength := self._strength()) < below:
            operator, links = self._take(*_STRENGTHS), links + 1
            self._check_depth(links)
            right = self._expression(strength + 1)
            found = Operation(_SPELLINGS.get(operator, operator), (found, right))
            if strength == _COMPARING:
                below = _COMPARING
        return found

    def _strength(self) -> int:
        kind, text = self._next()
        return _STRENGTHS.get(text, 0) if kind == "sign" else 0

    def _sign(self) -> Expression:
        self._depth += 1
        self._check_depth()
        operator = self._take("-", "+", "!")
        inner = self._sign() if operator else self._atom()
        self._depth -= 1
        if operator == "!":
            return FunctionCall("NOT", (inner,))
        return Operation("-", (inner,)) if operator == "-" else inner

    def _check_depth(self, links: int = 0) -> None:
        if self._depth + links > DEEPEST:
            raise too_complex()

    def _atom(self) -> Expression:
        kind, text = self._next()
        if self._take("("):
            inner = self._expression()
            self._expect(")")
            return inner
        self._place += 1
        if kind == "number":
            return Constant("number", text)
        if kind == "text":
            return Constant("text", _unescaped(text))
        if kind != "name":
            raise FormulaError("Syntax error" if kind == "end" else f"Syntax error. Found '{text}'")
        return self._named(text)

    def _named(self, name: str) -> Expression:
        if self._take("("):
            return FunctionCall(name.upper(), self._arguments())
        if name.upper() == "NULL":
            return Constant("null", "")
        if name.upper() in _WORDS:
            return Constant("boolean", name.upper())
        return Reference(tuple(name.split(".")))

    def _arguments(self) -> tuple[Expression, ...]:
        if self._take(")"):
            return ()
        found = [self._expression()]
        while self._take(","):
            found.append(self._expression())
        self._expect(")")
        return tuple(found)

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._place]

    def _take(self, *signs: str) -> str:
        kind, text = self._next()
        if kind != "sign" or text not in signs:
            return ""
        self._place += 1
        return text

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise FormulaError(f"Syntax error. Missing '{sign}'")


def _cut(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = 0
    while not tokens or tokens[-1][0] != "end":
        found = _TOKEN.match(text, place)
        if found is None:
            raise FormulaError(f"Syntax error. Found '{text[place:].strip()[:1]}'")
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


def _unescaped(quoted: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return _ESCAPES.get(found[1], found[1])

    return re.sub(r"\\(.)", plain, quoted[1:-1], flags=re.DOTALL)
