"""What `leadcycle doctor` asks of HubSpot: two requests for each object."""

from collections.abc import Collection, Iterator, Sequence

from connectors.errors import (
    ABSENT_OR_HIDDEN,
    AuthError,
    CrmError,
    NotFoundError,
    QuotaExhaustedError,
)
from connectors.hubspot.answers import RecordPage
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import Finding

_BUSY = 0.8
"""Share of the day's calls from which on it may become tight."""
OWN = "leadcycle_"
"""What the names of our own properties begin with."""


def examine(client: HubSpotClient, objects: Sequence[ObjectStream]) -> Iterator[Finding]:
    """Yield what is well and what is wrong with our key, and how to mend it.

    A key does not tell its scopes, so each object is asked for one record and for its properties.
    """
    try:
        client.now()
    except QuotaExhaustedError as stop:
        yield Finding("quota", "warning", stop.what, stop.next_step)
        return
    except CrmError as fault:
        subject = "credentials" if isinstance(fault, AuthError) else "connection"
        yield Finding(subject, "broken", fault.what, fault.next_step)
        return
    yield Finding("credentials", "well", "HubSpot takes our key")
    try:
        for known in objects:
            yield from _examine_object(client, known)
    except QuotaExhaustedError as stop:
        yield Finding("quota", "warning", stop.what, stop.next_step)
    else:
        yield from _examine_quota(client)


def _examine_object(client: HubSpotClient, known: ObjectStream) -> Iterator[Finding]:
    try:
        client.get(client.paths.objects(known.name), {"limit": 1}, RecordPage)
        present = {found.name for found in client.properties(known.name)}
    except NotFoundError:
        yield Finding(known.name, "warning", "this account has no such object")
        return
    except ABSENT_OR_HIDDEN as refusal:
        yield Finding(known.name, "warning", f"not readable: {refusal.what}", refusal.next_step)
        return
    except QuotaExhaustedError:
        raise
    except CrmError as fault:
        yield Finding(known.name, "broken", fault.what, fault.next_step)
        return
    yield Finding(known.name, "well", "readable")
    yield from _examine_properties(known, present)


def _examine_properties(known: ObjectStream, present: Collection[str]) -> Iterator[Finding]:
    missing = [name for name in known.stream.required_fields if name not in present]
    own = [name for name in missing if name.startswith(OWN)]
    if own:
        what = f"our own properties are missing: {', '.join(own)}"
        yield Finding(f"{known.name}: own properties", "warning", what, "run `leadcycle provision`")
    others = [name for name in missing if name not in own]
    if others:
        what = f"models do without {', '.join(others)}"
        yield Finding(f"{known.name}: properties", "warning", what)
    untold = [name for name in known.histories if name not in present]
    if untold:
        what = f"no history of {', '.join(untold)}: there are no such properties"
        next_step = "take them out of `histories` or create them"
        yield Finding(f"{known.name}: histories", "warning", what, next_step)


def _examine_quota(client: HubSpotClient) -> Iterator[Finding]:
    quota = client.quota
    if quota is None:
        yield Finding("quota", "well", "HubSpot tells our key of no daily limit")
        return
    what = f"{quota.used:,} of {quota.limit:,} calls of the day are used, all apps together"
    if quota.used < _BUSY * quota.limit:
        yield Finding("quota", "well", what)
    else:
        step = "see which app uses them, read less often, or leave a larger reserve"
        yield Finding("quota", "warning", what, step)
