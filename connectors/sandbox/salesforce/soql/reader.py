"""Reading the tokens of a query one after another."""

from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.soql.syntax import Path
from connectors.sandbox.salesforce.soql.tokens import Token, cut, malformed


class TokenReader:
    """A place in a query, and what may be asked of the tokens there."""

    def __init__(self, soql: str) -> None:
        self._soql = soql
        self._tokens = cut(soql)
        self._position = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _peek(self, ahead: int) -> Token:
        return self._tokens[min(self._position + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _skip(self, *words: str) -> bool:
        """Step over a run of words if it comes next."""
        if any(self._peek(ahead).word != word for ahead, word in enumerate(words)):
            return False
        for _ in words:
            self._take()
        return True

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise self._unexpected()

    def _name(self) -> Path:
        token = self._next
        if token.kind != "word":
            raise self._unexpected()
        self._take()
        return Path(token.text, token.start)

    def _number(self) -> int:
        number = read_count(self._next.text)
        if number is None:
            raise self._unexpected()
        self._take()
        return number

    def _unexpected(self) -> Refusal:
        return self._refused(f"unexpected token: '{self._next.text}'")

    def _refused(self, what: str) -> Refusal:
        return malformed(self._soql, self._next.start, what)
