"""Queries that are more than the database can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import OperationalError

from connectors.sandbox.salesforce.errors import too_complicated
from connectors.sandbox.salesforce.soql.sql import Sql
from connectors.sandbox.store import Store, is_too_complex


@contextmanager
def complexity_refused() -> Iterator[None]:
    """Refuse what the database finds too complex inside.

    Raises:
        Refusal: QUERY_TOO_COMPLICATED.
    """
    try:
        yield
    except OperationalError as error:
        if not is_too_complex(error):
            raise
        raise too_complicated() from error


def check_complexity(store: Store, wanted: Sql) -> None:
    """Look whether the database can read a query that is to be run later.

    Raises:
        Refusal: QUERY_TOO_COMPLICATED.
    """
    with complexity_refused():
        store.row(f"explain {wanted.text}", *wanted.values)
