"""Every path that reads, those with fixed names before those with names to be filled in."""

from connectors.sandbox.salesforce.reading import (
    changes,
    describes,
    discovery,
    layouts,
    limits,
    search,
    single,
    soql_requests,
)

OPEN_ENDPOINTS = discovery.OPEN_ENDPOINTS
ENDPOINTS = (
    *discovery.ENDPOINTS,
    *limits.ENDPOINTS,
    *soql_requests.ENDPOINTS,
    *search.ENDPOINTS,
    *describes.ENDPOINTS,
    *layouts.ENDPOINTS,
    *changes.ENDPOINTS,
    *single.ENDPOINTS,
)
