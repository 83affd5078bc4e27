"""Lines of history that Salesforce is sure to have still: it drops them with their age.

Source: Salesforce Help, "Field History Tracking": 18 months in the org, up to 24 by the API. With
Field Audit Trail a policy may move them to an archive sooner, after a month at the least.
"""

from datetime import datetime, timedelta

from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.queries import count_from
from connectors.salesforce.soql import Query, since, until

_KEPT = timedelta(days=530)
"""A little less than 18 months."""


def count_lasting(
    client: SalesforceClient, query: Query, stamp: str, end: datetime
) -> tuple[int, datetime]:
    """Return how many lines a query finds up to `end` (UTC), and from when on these are all.

    The oldest that is there tells how far back an archive leaves them: one request for both. Where
    none is, nothing tells, and it is from `end` on.

    Args:
        client: The org.
        query: Of the living lines.
        stamp: The field of their stamps.
        end: The latest stamp (UTC).
    """
    floor = end - _KEPT
    young = query.where(since(stamp, floor), until(stamp, end))
    count, oldest = count_from(client, young.telling_least(stamp))
    return count, oldest or end
