"""What `leadcycle doctor` asks of HubSpot."""

from collections.abc import Iterator, Sequence

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import Finding


def examine(client: HubSpotClient, objects: Sequence[ObjectStream]) -> Iterator[Finding]:
    """Yield what is well and what is wrong with our key, and how to mend it."""
    yield from ()
