"""A parser for the SOQL that integrations send.

    query     := SELECT (count() | field, ...) FROM object [WHERE condition]
                 [ORDER BY field [ASC|DESC] [NULLS FIRST|LAST], ...] [LIMIT number]
    condition := term {AND term} | term {OR term}      mixing needs parentheses, as in Salesforce
    term      := NOT term | ( condition ) | field operator literal | field [NOT] IN (literal, ...)

Sub-queries, relationships, aggregates, GROUP BY and OFFSET are refused, not half understood.
"""

from typing import cast, get_args

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.soql.literals import read_constant
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Operator,
    Ordering,
    Query,
)
from connectors.sandbox.salesforce.soql.tokens import Token, cut, malformed


def parse(soql: str) -> Query:
    """Return what a query says.

    Raises:
        Refusal: MALFORMED_QUERY, with the place.
    """
    return _Parser(soql).query()


class _Parser:
    def __init__(self, soql: str) -> None:
        self._soql = soql
        self._tokens = cut(soql)
        self._position = 0

    def query(self) -> Query:
        self._expect("select")
        fields = self._fields()
        self._expect("from")
        object_name = self._name()
        condition = self._condition() if self._skip("where") else None
        orderings = self._orderings() if self._skip("order") else ()
        limit = self._limit() if self._skip("limit") else None
        if self._next.kind != "end":
            raise self._unexpected()
        return Query(fields, object_name, condition, orderings, limit)

    def _fields(self) -> tuple[str, ...]:
        if self._next.word == "count" and self._peek(1).text == "(":
            self._take()
            self._expect("(")
            self._expect(")")
            return ()
        names = [self._name()]
        while self._skip(","):
            names.append(self._name())
        return tuple(names)

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
        if self._skip("not"):
            return Negation(self._term())
        if self._skip("("):
            condition = self._condition()
            self._expect(")")
            return condition
        return self._comparison()

    def _comparison(self) -> Comparison:
        field = self._name()
        if self._skip("not"):
            self._expect("in")
            return Comparison(field, "not in", self._list())
        operator = "!=" if self._next.text == "<>" else self._next.word
        if operator not in get_args(Operator):
            raise self._unexpected()
        self._take()
        if operator == "in":
            return Comparison(field, "in", self._list())
        return Comparison(field, cast(Operator, operator), (self._constant(),))

    def _list(self) -> tuple[Constant, ...]:
        self._expect("(")
        constants = [self._constant()]
        while self._skip(","):
            constants.append(self._constant())
        self._expect(")")
        return tuple(constants)

    def _constant(self) -> Constant:
        return read_constant(self._soql, self._take())

    def _orderings(self) -> tuple[Ordering, ...]:
        self._expect("by")
        orderings = [self._ordering()]
        while self._skip(","):
            orderings.append(self._ordering())
        return tuple(orderings)

    def _ordering(self) -> Ordering:
        field = self._name()
        descending = self._skip("desc")
        if not descending:
            self._skip("asc")
        nulls_last = False
        if self._skip("nulls"):
            nulls_last = self._skip("last")
            if not nulls_last:
                self._expect("first")
        return Ordering(field, descending, nulls_last)

    def _limit(self) -> int:
        token = self._take()
        if not token.text.isdigit():
            raise malformed(self._soql, token.start, f"unexpected token: '{token.text}'")
        return int(token.text)

    def _name(self) -> str:
        token = self._take()
        if token.kind != "word":
            raise malformed(self._soql, token.start, f"unexpected token: '{token.text}'")
        return token.text

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _peek(self, ahead: int) -> Token:
        return self._tokens[min(self._position + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _skip(self, word: str) -> bool:
        if self._next.word != word:
            return False
        self._take()
        return True

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise self._unexpected()

    def _unexpected(self) -> Refusal:
        what = f"unexpected token: '{self._next.text}'"
        return malformed(self._soql, self._next.start, what)
