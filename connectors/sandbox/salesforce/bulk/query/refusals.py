"""What the Bulk APIs refuse to query although REST does.

Source: Bulk API 2.0 Developer Guide, "SOQL Considerations"; texts from error reports of clients
where there are some.
"""

from collections.abc import Iterable

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.functions import AGGREGATES
from connectors.sandbox.salesforce.soql.syntax import Children, Query, Selected
from connectors.sandbox.settings import Settings

_COMPOUND = frozenset({"address", "location"})
NOT_SUPPORTED = "API_ERROR"
"""The older API says FUNCTIONALITY_NOT_ENABLED instead."""


def check_object(settings: Settings, object_name: str) -> None:
    """Look whether the Bulk APIs know an object.

    Raises:
        Refusal: INVALIDENTITY.
    """
    unsupported = {name.strip().lower() for name in settings.salesforce_bulk_unsupported.split(",")}
    if object_name.lower() in unsupported:
        raise Refusal("INVALIDENTITY", f"Entity '{object_name}' is not supported by the Bulk API.")


def check_query(query: Query) -> None:
    """Look for what no bulk query may hold.

    Raises:
        Refusal: queries among the fields, aggregates, GROUP BY, OFFSET.
    """
    if any(isinstance(entry, Children) for entry in query.selected):
        message = "Aggregate Relationships not supported in Bulk V2 Query with CSV content type"
        raise Refusal("FEATURENOTENABLED", message)
    if query.groupings or query.having:
        raise Refusal(NOT_SUPPORTED, "GROUP BY is not supported in Bulk Query")
    if query.offset:
        raise Refusal(NOT_SUPPORTED, "OFFSET is not supported in Bulk Query")
    if not query.selected or any(_is_aggregate(entry) for entry in query.selected):
        raise Refusal(NOT_SUPPORTED, "Aggregate functions are not supported in Bulk Query")


def _is_aggregate(entry: object) -> bool:
    return isinstance(entry, Selected) and entry.expression.function in AGGREGATES


def check_fields(fields: Iterable[Field]) -> None:
    """Look for fields that a cell can't hold.

    Raises:
        Refusal: compound and binary fields.
    """
    for field in fields:
        if field.type in _COMPOUND:
            raise Refusal(NOT_SUPPORTED, "Selecting compound data not supported in Bulk Query")
        if field.type == "base64":
            raise Refusal("FEATURENOTENABLED", "Binary field not supported")
