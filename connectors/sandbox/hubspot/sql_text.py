"""SQL of property values, and texts cut into words as a search sees them.

HubSpot's search guide: CONTAINS_TOKEN compares whole words, the parts between spaces and
punctuation, and `*` stands for any part of one.
"""

import re
from functools import reduce

from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.store import literal

_NAME = re.compile(r"[a-z0-9_]+")

_BETWEEN_WORDS = "@.-_,;:/()'\"&+"
"""Few enough for SQLite's parser, which takes calls within calls to some depth only."""


def property_sql(name: str, properties: str = "properties") -> str:
    """Return SQL of a kept property; indexes serve it only where it is spelt like this.

    Raises:
        Refusal: the name could end the SQL text that it stands in.
    """
    if not _NAME.fullmatch(name):
        raise bad_input(f"There was a problem with the request: no property called {name}")
    return f"json_extract({properties}, '$.{name}')"


def words_of(text: str) -> str:
    """Return a text in lower case with nothing but single spaces between its words."""
    cut = "".join(" " if mark in _BETWEEN_WORDS else mark for mark in text.lower())
    return " ".join(cut.split())


def words_sql(column: str) -> str:
    """Return SQL of a text in lower case with spaces around each word."""
    cut = reduce(_replaced, _BETWEEN_WORDS, f"lower(coalesce({column}, ''))")
    # Twice, since three spaces leave two behind at first.
    single = reduce(lambda sql, _: f"replace({sql}, '  ', ' ')", range(2), cut)
    return f"' ' || {single} || ' '"


def _replaced(sql: str, mark: str) -> str:
    return f"replace({sql}, {literal(mark)}, ' ')"


def holds_words(words: str) -> str:
    """Return a pattern for GLOB: the words in a row, with `*` for any part of one."""
    return f"* {_without_marks(words_of(words))} *"


def begins_word(word: str) -> str:
    """Return a pattern for GLOB: a word that begins like this."""
    return f"* {_without_marks(word)}*"


def _without_marks(words: str) -> str:
    """Return words in which GLOB takes nothing but `*` for more than it is."""
    return words.replace("[", "[[]").replace("?", "[?]")
