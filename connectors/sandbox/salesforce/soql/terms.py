"""Expressions and conditions of SOQL.

condition  := term {AND term} | term {OR term}      mixing needs parentheses, as in Salesforce
term       := NOT term | ( condition ) | expression operator literal
            | expression [NOT] IN (literal, ...) | expression [NOT] IN (query)
            | expression INCLUDES|EXCLUDES (literal, ...)
expression := field | function(field)
"""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast, get_args

from connectors.sandbox.salesforce.soql.literals import read_constant
from connectors.sandbox.salesforce.soql.reader import TokenReader
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Constant,
    Expression,
    Junction,
    Negation,
    Operator,
    Path,
    Query,
    SemiJoin,
)

DEEPEST = 50
"""Conditions or queries within one another."""


class TermReader(TokenReader):
    """Reads conditions; what a query within one looks like, the parser of queries knows."""

    _depth = 0

    @abstractmethod
    def _inner_query(self) -> Query:
        """Read a query up to the parenthesis that closes it."""

    def _condition(self) -> Condition:
        first = self._term()
        word = self._next.word
        if word not in ("and", "or"):
            return first
        parts = [first]
        while self._skip(word):
            parts.append(self._term())
        if self._next.word in ("and", "or"):
            raise self._unexpected()
        return Junction("and" if word == "and" else "or", tuple(parts))

    def _term(self) -> Condition:
        with self._one_deeper():
            if self._skip("not"):
                return Negation(self._term())
            if self._skip("("):
                condition = self._condition()
                self._expect(")")
                return condition
            return self._comparison()

    @contextmanager
    def _one_deeper(self) -> Iterator[None]:
        """Go into a condition or a query within another, as far as a stack bears it."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(f"more than {DEEPEST} conditions or queries within one another")
        yield
        self._depth -= 1

    def _comparison(self) -> Condition:
        left = self._expression()
        if self._skip("not"):
            self._expect("in")
            return self._membership(left, negated=True)
        operator = "!=" if self._next.text == "<>" else self._next.word
        if operator not in get_args(Operator):
            raise self._unexpected()
        self._take()
        if operator == "in":
            return self._membership(left, negated=False)
        if operator in ("includes", "excludes"):
            return Comparison(left, cast(Operator, operator), self._list())
        constant = self._constant(is_pattern=operator == "like")
        return Comparison(left, cast(Operator, operator), (constant,))

    def _membership(self, left: Expression, negated: bool) -> Condition:
        if self._peek(1).word == "select":
            self._expect("(")
            return SemiJoin(left, negated, self._inner_query())
        return Comparison(left, "not in" if negated else "in", self._list())

    def _list(self) -> tuple[Constant, ...]:
        self._expect("(")
        constants = [self._constant()]
        while self._skip(","):
            constants.append(self._constant())
        self._expect(")")
        return tuple(constants)

    def _constant(self, *, is_pattern: bool = False) -> Constant:
        constant = read_constant(self._soql, self._next, is_pattern=is_pattern)
        self._take()
        return constant

    def _expression(self) -> Expression:
        name = self._name()
        if not self._skip("("):
            return Expression(name)
        # count() of a HAVING or ORDER BY counts records, which all have an Id.
        argument = Path("Id", name.start) if self._next.text == ")" else self._name()
        self._expect(")")
        return Expression(argument, name.text.lower())
