"""A parser for the SOQL that integrations send.

    query    := SELECT (count() | selected, ...) FROM object [[AS] alias] [USING SCOPE name]
                [WHERE condition] [GROUP BY expression, ... [HAVING condition]]
                [ORDER BY expression [ASC|DESC] [NULLS FIRST|LAST], ...] [LIMIT number]
                [OFFSET number] [FOR VIEW|REFERENCE, ...]
    selected := expression [alias] | FIELDS(ALL|STANDARD|CUSTOM) | (query)

Source: SOQL and SOSL Reference. TYPEOF, GROUP BY ROLLUP and CUBE, WITH and UPDATE are refused, not
half understood.
"""

from typing import cast, get_args

from connectors.sandbox.salesforce.soql.syntax import (
    Children,
    Expression,
    FieldGroup,
    FieldSet,
    Ordering,
    Query,
    Selected,
)
from connectors.sandbox.salesforce.soql.terms import TermReader

_CLAUSES = frozenset(
    {"where", "using", "with", "group", "having", "order", "limit", "offset", "for", "all"}
)
"""Words after an object that can't be its alias."""


def parse(soql: str) -> Query:
    """Return what a query says.

    Raises:
        Refusal: MALFORMED_QUERY, with the place.
    """
    return QueryReader(soql).whole_query()


class QueryReader(TermReader):
    """Reads whole queries, also within others."""

    def whole_query(self) -> Query:
        """Read a query to the end of the text.

        Raises:
            Refusal: MALFORMED_QUERY, with the place.
        """
        query = self._query()
        if self._skip("all", "rows"):
            raise self._refused("ALL ROWS not allowed in this context")
        if self._next.kind != "end":
            raise self._unexpected()
        return query

    def _inner_query(self) -> Query:
        with self._one_deeper():
            query = self._query()
            self._expect(")")
            return query

    def _query(self) -> Query:
        self._expect("select")
        selected = self._selected()
        self._expect("from")
        query = Query(
            selected,
            self._name(),
            self._alias(),
            mine=self._scope(),
            condition=self._condition() if self._skip("where") else None,
            groupings=(groupings := self._groupings() if self._skip("group") else ()),
            having=self._condition() if groupings and self._skip("having") else None,
            orderings=self._orderings() if self._skip("order") else (),
            limit=self._number() if self._skip("limit") else None,
            offset=self._number() if self._skip("offset") else 0,
        )
        if not selected and (query.orderings or groupings):
            word = "ORDER BY" if query.orderings else "GROUP BY"
            raise self._refused(f"COUNT() can not be used with {word}: use COUNT(fieldName)")
        self._pass_purposes()
        return query

    def _selected(self) -> tuple[Selected | FieldSet | Children, ...]:
        if self._skip("count", "(", ")"):
            return ()
        entries = [self._entry()]
        while self._skip(","):
            entries.append(self._entry())
        return tuple(entries)

    def _entry(self) -> Selected | FieldSet | Children:
        if self._skip("("):
            return Children(self._inner_query())
        start = self._next.start
        if self._skip("fields", "("):
            group = self._next.word
            if group not in get_args(FieldGroup):
                raise self._unexpected()
            self._take()
            self._expect(")")
            return FieldSet(cast(FieldGroup, group), start)
        expression = self._expression()
        has_alias = self._next.kind == "word" and self._next.word != "from"
        return Selected(expression, self._name().text if has_alias else "")

    def _alias(self) -> str:
        if self._skip("as"):
            return self._name().text
        if self._next.kind == "word" and self._next.word not in _CLAUSES:
            return self._name().text
        return ""

    def _scope(self) -> bool:
        if not self._skip("using", "scope"):
            return False
        scope = self._next.word
        if scope not in ("everything", "mine"):
            raise self._unexpected()
        self._take()
        return scope == "mine"

    def _groupings(self) -> tuple[Expression, ...]:
        self._expect("by")
        groupings = [self._expression()]
        while self._skip(","):
            groupings.append(self._expression())
        return tuple(groupings)

    def _orderings(self) -> tuple[Ordering, ...]:
        self._expect("by")
        orderings = [self._ordering()]
        while self._skip(","):
            orderings.append(self._ordering())
        return tuple(orderings)

    def _ordering(self) -> Ordering:
        by = self._expression()
        descending = self._skip("desc")
        if not descending:
            self._skip("asc")
        nulls_last = False
        if self._skip("nulls"):
            nulls_last = self._skip("last")
            if not nulls_last:
                self._expect("first")
        return Ordering(by, descending, nulls_last)

    def _pass_purposes(self) -> None:
        """Step over FOR VIEW and FOR REFERENCE, which only note that somebody looked."""
        while self._skip("for"):
            while self._skip("view") or self._skip("reference") or self._skip(","):
                pass
            if self._skip("update"):
                raise self._refused("FOR UPDATE not allowed in this context")
