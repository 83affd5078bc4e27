"""A parser for formulas of fields.

either      := both {|| both}
both        := comparison {&& comparison}
comparison  := sum [(= | == | <> | != | < | <= | > | >=) sum]
sum         := product {(+ | - | &) product}
product     := sign {(* | /) sign}
sign        := [- | + | !] atom
atom        := number | text | TRUE | FALSE | NULL | NAME(either, ...) | field | ( either )
"""

import re
from collections.abc import Callable

from connectors.sandbox.salesforce.formulas.syntax import (
    Constant,
    Expression,
    FormulaError,
    FunctionCall,
    Operation,
    Reference,
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
_COMPARISONS = ("=", "==", "<>", "!=", "<=", ">=", "<", ">")
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

    def formula(self) -> Expression:
        if self._next()[0] == "end":
            raise FormulaError("Syntax error")
        found = self._either()
        kind, text = self._next()
        if kind != "end":
            raise FormulaError(f"Syntax error. Extra {text}")
        return found

    def _either(self) -> Expression:
        return self._chain(("||",), self._both)

    def _both(self) -> Expression:
        return self._chain(("&&",), self._comparison)

    def _comparison(self) -> Expression:
        left = self._sum()
        operator = self._take(*_COMPARISONS)
        if not operator:
            return left
        return Operation(_SPELLINGS.get(operator, operator), (left, self._sum()))

    def _sum(self) -> Expression:
        return self._chain(("+", "-", "&"), self._product)

    def _product(self) -> Expression:
        return self._chain(("*", "/"), self._sign)

    def _chain(self, operators: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        found = part()
        while operator := self._take(*operators):
            found = Operation(operator, (found, part()))
        return found

    def _sign(self) -> Expression:
        operator = self._take("-", "+", "!")
        if operator == "+":
            return self._sign()
        if operator == "!":
            return FunctionCall("NOT", (self._sign(),))
        return Operation("-", (self._sign(),)) if operator else self._atom()

    def _atom(self) -> Expression:
        kind, text = self._next()
        if self._take("("):
            inner = self._either()
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
        found = [self._either()]
        while self._take(","):
            found.append(self._either())
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
