"""One stream of each CRM, read whole: figures of our client beside what was possible."""

from collections.abc import Iterator

from bench.children import Reading, yardstick
from bench.figures import Figure, Target
from bench.floors import least_pages, least_seconds
from bench.pages import Pages, contact_pages, lead_pages
from bench.scenes import ALLOWED, LATENCY, WINDOW, Scene

_PAGE = 100
"""Contacts of a page, where no histories are asked for."""
_LONGEST_PAGE = 100_000
"""Leads of a page of Bulk results: the sandbox's habit, and more than most clients ask for."""
_CONNECTIONS = 8
_OVER = 1.05
"""How far above the least requests or seconds a full read may be."""
_SECONDS_OF_100_000 = 12.0
_CONTACTS_A_CPU_SECOND, _LEADS_A_CPU_SECOND = Target(25_000), Target(100_000)
_MEMORY = Target(250, is_most=True)
_FULL_SIZE = 100_000
"""Rows from which on a read's memory is as full as it gets: 10,000 are but a load or two."""
_FLAT = Target(110, is_most=True)
"""Per cent of what a tenth of the rows took, where that is a full size: memory doesn't grow."""
_NONE = Target(0, is_most=True)
_MB = 1_000_000


def hubspot_figures(scene: Scene, tenth: Reading) -> Iterator[Figure]:
    """Read all contacts as a plain list, without HubSpot's limits and within them.

    Args:
        scene: The sandbox.
        tenth: The same read of a tenth of the contacts.
    """
    pages = contact_pages(scene.doors, scene.scratch / "contacts")
    bare = _fetch(scene, pages)
    free = scene.read("hubspot")
    most = Target(_SECONDS_OF_100_000 * free.rows / 100_000, is_most=True)
    least = 1 + least_pages(free.rows, _PAGE)
    yield Figure("no limits: time", "s", free.seconds, bare, most)
    yield from _work(free, pages, "hubspot", _CONTACTS_A_CPU_SECOND)
    yield Figure("requests", "", free.requests, least, Target(_OVER * least, is_most=True))
    yield from _memory(free, tenth)
    whole = scene.read("hubspot", has_details=True)
    yield Figure("with histories and associations: time", "s", whole.seconds)
    yield Figure("with histories and associations: requests", "", whole.requests)
    kept = scene.read("hubspot", is_limited=True)
    floor = max(bare, least_seconds(least, ALLOWED, WINDOW, LATENCY))
    at_most = Target(_OVER * floor, is_most=True)
    yield Figure(f"{ALLOWED} in {WINDOW:.0f} s: time", "s", kept.seconds, floor, at_most)
    yield Figure("refused for being too many", "", kept.limited, target=_NONE)


def salesforce_figures(scene: Scene, tenth: Reading) -> Iterator[Figure]:
    """Read all Leads by Bulk API 2.0; arguments as of `hubspot_figures`."""
    pages = lead_pages(scene.doors, scene.scratch / "leads")
    bare = pages.made_in + _fetch(scene, pages)
    free = scene.read("salesforce")
    # A session, the object's fields, the job made and looked at once.
    least = 4 + least_pages(free.rows, _LONGEST_PAGE)
    yield Figure("time", "s", free.seconds, bare)
    yield from _work(free, pages, "salesforce", _LEADS_A_CPU_SECOND)
    yield Figure("requests", "", free.requests, least)
    yield from _memory(free, tenth)


def _fetch(scene: Scene, pages: Pages) -> float:
    scene.set(latency_ms=round(1000 * LATENCY))
    seconds = pages.fetch(_CONNECTIONS)
    scene.set(latency_ms=0)
    return seconds


def _work(done: Reading, pages: Pages, crm: str, target: Target) -> Iterator[Figure]:
    yield Figure(f"{done.rows:,} x {done.fields}", "rows/s", done.rows_a_second)
    yield Figure("processor", "rows/CPU s", done.rows_a_cpu_second, yardstick(crm, pages), target)


def _memory(done: Reading, tenth: Reading) -> Iterator[Figure]:
    """Memory beside that of the modules alone, and beside that of a tenth of the rows.

    Reads of ten times the full size are held to what the full size took, and that to the target.
    """
    is_tenfold = tenth.rows >= _FULL_SIZE
    if is_tenfold:
        yield Figure(f"memory, {tenth.rows:,}", "MB", tenth.peak / _MB, target=_MEMORY)
    own = None if is_tenfold else _MEMORY
    yield Figure(f"memory, {done.rows:,}", "MB", done.peak / _MB, done.loaded / _MB, own)
    flat = _FLAT if is_tenfold else None
    yield Figure("memory, all / a tenth", "%", 100 * done.peak / tenth.peak, target=flat)
