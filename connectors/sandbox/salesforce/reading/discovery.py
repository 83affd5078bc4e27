"""Versions of the API, and where things are in each."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.requests import root_of
from connectors.sandbox.salesforce.sessions.tokens import ORGANIZATION
from connectors.sandbox.web import Answer, Call, Endpoint

VERSIONS = range(31, 69)
"""Summer '14 to Winter '27."""
_SEASONS = ("Spring", "Summer", "Winter")
_RESOURCES = (
    *("actions", "appMenu", "compactLayouts", "composite", "connect", "dedupe", "jobs", "limits"),
    *("metadata", "nouns", "parameterizedSearch", "process", "query", "queryAll", "quickActions"),
    *("recent", "search", "sobjects", "support", "tabs", "theme", "tooling"),
)
"""What an org names at the root of a version; what of it is served, the routes tell."""


def list_versions(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET /services/data: needs no session."""
    return Answer(
        200,
        [
            {
                "label": _label(number),
                "url": f"/services/data/v{number}.0",
                "version": f"{number}.0",
            }
            for number in VERSIONS
        ],
    )


def _label(number: int) -> str:
    """Return the release of a version: three a year, each Winter named for the year to come."""
    season = number % len(_SEASONS)
    year = (number + 12) // len(_SEASONS) + (season == _SEASONS.index("Winter"))
    return f"{_SEASONS[season]} '{year}"


def list_resources(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET /services/data/vX: where things are."""
    identity = f"{call.base_url}/id/{ORGANIZATION}/{INTEGRATION_USER}"
    paths = {name: f"{root_of(call)}/{name}" for name in _RESOURCES}
    return Answer(200, {**paths, "identity": identity})


OPEN_ENDPOINTS = (Endpoint("GET", "/services/data", list_versions),)
ENDPOINTS = (Endpoint("GET", "/services/data/{version}", list_resources),)
