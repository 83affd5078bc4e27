"""Lists of jobs, a thousand to a page.

Source: Bulk API 2.0 Developer Guide, "Get Information About All Query Jobs" and "Get All Jobs".
"""

from typing import Any, get_args
from urllib.parse import urlencode

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.jobs import JobType, list_jobs
from connectors.sandbox.salesforce.bulk.locators import locator_of, place_of
from connectors.sandbox.salesforce.bulk.views import listed_job
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.web import Call

PAGE_SIZE = 1_000


def list_page(
    sandbox: Sandbox, call: Call, address: str, types: tuple[JobType, ...]
) -> dict[str, Any]:
    """Return a page of the jobs of some types; `jobType` narrows them down.

    Raises:
        Refusal: an unknown type or mode, or a locator that leads nowhere.
    """
    wanted = _wanted_types(call, types)
    locator = call.one("queryLocator")
    after = place_of(locator) if locator else ""
    found = list_jobs(sandbox, wanted, after, PAGE_SIZE + 1)
    page, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    following = (
        f"{address}?{_filters(call)}queryLocator={locator_of(page[-1].id)}" if more else None
    )
    if call.one("isPkChunkingEnabled").lower() == "true":
        page = [job for job in page if job.chunk_size]
    return {
        "done": not more,
        "records": [listed_job(job) for job in page],
        "nextRecordsUrl": following,
    }


def _filters(call: Call) -> str:
    kept = [(name, value) for name, value in call.query if name != "queryLocator"]
    return f"{urlencode(kept)}&" if kept else ""


def _wanted_types(call: Call, types: tuple[JobType, ...]) -> tuple[JobType, ...]:
    asked, mode = call.one("jobType"), call.one("concurrencyMode").lower()
    if asked and asked not in (*get_args(JobType), "BigObjectIngest"):
        raise Refusal("INVALIDJOB", f"Unsupported job type: {asked}")
    if mode not in ("", "parallel", "serial"):
        raise Refusal("INVALIDJOB", f"Unsupported concurrency mode: {mode}")
    # All jobs are parallel in this version of the API.
    return () if mode == "serial" else tuple(kind for kind in types if asked in ("", kind))
