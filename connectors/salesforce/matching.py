"""Records found by an external id.

Source: SOQL and SOSL Reference, "Comparison Operators" (IN); text compares without regard to case.
"""

from collections.abc import Mapping, Sequence

from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.queries import read_small
from connectors.salesforce.soql import ALIVE, Query, first_of, literal, name
from connectors.salesforce.tables import ID

ADDRESS_ROOM = 12_000
"""Bytes of a query in an address, which Salesforce refuses above 16,384 with all that is beside."""


def read_matching(
    client: SalesforceClient,
    object_name: str,
    match: str,
    keys: Sequence[str],
    field_names: Sequence[str],
) -> Mapping[str, Mapping[str, object]]:
    """Return living records by the key that was asked for; keys that nobody has are left out.

    Args:
        client: Whom to ask.
        object_name: What the records are.
        match: The field that holds the keys.
        keys: Any number of them.
        field_names: What to read.
    """
    query = Query(object_name, tuple(sorted({ID, match, *field_names})), (ALIVE,))
    asked = {key.lower(): key for key in keys}
    found: dict[str, Mapping[str, object]] = {}
    left = list(keys)
    while left:
        some = first_of(left, query, ADDRESS_ROOM)
        within = f"{name(match)} IN {literal(some)}"
        for record in read_small(client, query.where(within)):
            found[asked[str(record[match]).lower()]] = record
        left = left[len(some) :]
    return found
