"""What a SOSL search says."""

from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.salesforce.soql.syntax import Query

FieldKind = Literal["all", "name", "email", "phone"]


@dataclass(frozen=True)
class Search:
    """Words to find, in which fields of which objects, and how many records at most.

    Attributes:
        words: Each has to be found in one field; `*` and `?` stand for other letters.
        kind: The fields to look into.
        returning: What to read of each object; nothing stands for the ids of all that are searched.
        limit: The most records in all.
    """

    words: tuple[str, ...]
    kind: FieldKind = "all"
    returning: tuple[Query, ...] = ()
    limit: int = 2_000
