"""A parser for SOSL.

    search    := FIND {words} [IN ALL|NAME|EMAIL|PHONE FIELDS] [RETURNING object, ...]
                 [LIMIT number]
    object    := name [(field, ... [WHERE condition] [ORDER BY field ...] [LIMIT number])]

Source: SOQL and SOSL Reference, "SOSL Syntax". WITH, SIDEBAR and logical operators are refused.
"""

import re
from typing import cast, get_args

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.soql.parser import QueryReader
from connectors.sandbox.salesforce.soql.syntax import Expression, Path, Query, Selected
from connectors.sandbox.salesforce.sosl.syntax import FieldKind, Search

_FIND = re.compile(r"\s*find\s*\{((?:[^{}\\]|\\.)*)\}", re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r'"([^"]*)"|((?:[^\s"\\]|\\.)+)')
SHORTEST = 2
"""Letters that a search needs to find anything."""


def parse_search(sosl: str) -> Search:
    """Return what a search says.

    Raises:
        Refusal: MALFORMED_SEARCH, with the place where there is one.
    """
    found = _FIND.match(sosl)
    if found is None:
        raise malformed_search("The SOSL has to start with FIND {words}")
    try:
        # Blanks in the place of the words keep the places of what follows.
        return _Parser(" " * found.end() + sosl[found.end() :]).search(words_of(found.group(1)))
    except Refusal as refusal:
        raise malformed_search(refusal.message) from None


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a search text, what is in quotes as one.

    Raises:
        Refusal: MALFORMED_SEARCH: too little to look for.
    """
    words = tuple(_plain(quoted or bare) for quoted, bare in _WORD.findall(text))
    if sum(len(word.strip("*?")) for word in words) < SHORTEST:
        message = "search term must be longer than one character: " + text
        raise malformed_search(message)
    return words


def malformed_search(message: str) -> Refusal:
    """A search that makes no sense."""
    return Refusal("MALFORMED_SEARCH", message)


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)


class _Parser(QueryReader):
    def search(self, words: tuple[str, ...]) -> Search:
        kind = self._kind() if self._skip("in") else "all"
        returning = self._returning() if self._skip("returning") else ()
        limit = self._number() if self._skip("limit") else 2_000
        if self._next.kind != "end":
            raise self._unexpected()
        return Search(words, kind, returning, limit)

    def _kind(self) -> FieldKind:
        kind = self._next.word
        if kind not in get_args(FieldKind):
            raise self._unexpected()
        self._take()
        self._expect("fields")
        return cast(FieldKind, kind)

    def _returning(self) -> tuple[Query, ...]:
        found = [self._object()]
        while self._skip(","):
            found.append(self._object())
        return tuple(found)

    def _object(self) -> Query:
        name = self._name()
        if not self._skip("("):
            return Query((Selected(Expression(Path("Id", name.start))),), name)
        fields = [Selected(Expression(self._name()))]
        while self._skip(","):
            fields.append(Selected(Expression(self._name())))
        query = Query(
            tuple(fields),
            name,
            condition=self._condition() if self._skip("where") else None,
            orderings=self._orderings() if self._skip("order") else (),
            limit=self._number() if self._skip("limit") else None,
            offset=self._number() if self._skip("offset") else 0,
        )
        self._expect(")")
        return query
