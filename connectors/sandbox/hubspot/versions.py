"""Paths of the date-based versions, told in those of v3 and v4 that they stand for.

HubSpot's developer blog ("Date-based API versioning"): the date stands where the number stood, or
behind the name of the area: /crm/objects/2026-09/contacts is /crm/v3/objects/contacts. The guide
to custom objects has /crm/v3/schemas where the reference has /crm-object-schemas/v3/schemas.
"""

import re

_DATE = r"(?:2025-09|2026-03|2026-09)(?:-beta)?"
_AREAS = "objects|properties|pipelines|owners|lists"
_RULES = tuple(
    (re.compile(pattern), path)
    for pattern, path in (
        (rf"^/crm/objects/{_DATE}(?=/[^/]+/[^/]+/associations/)", "/crm/v4/objects"),
        (rf"^/crm/associations/{_DATE}(?=/)", "/crm/v4/associations"),
        (rf"^/crm/({_AREAS})/(?:v3|{_DATE})(?=/|$)", r"/crm/v3/\1"),
        (rf"^/(crm-object-schemas|account-info|webhooks)/{_DATE}(?=/|$)", r"/\1/v3"),
        (r"^/crm/v3/schemas(?=/|$)", "/crm-object-schemas/v3/schemas"),
        (rf"^/settings/users/{_DATE}(?=/|$)", "/settings/v3/users"),
        (rf"^/oauth/{_DATE}(?=/|$)", "/oauth/v3"),
        (rf"^/marketing/forms/{_DATE}(?=/|$)", "/marketing/v3/forms"),
    )
)


_DATED = re.compile(rf"^/[a-z-]+(?:/[a-z-]+)?/({_DATE})(?=/|$)")


def date_of(path: str) -> str:
    """Return the version of a date-based path, such as 2026-09; empty for v1 to v4."""
    found = _DATED.match(path)
    return "" if found is None else found[1]


def undated(path: str) -> str:
    """Return the path that a date-based one stands for; any other, unsupported dates too, as is."""
    for pattern, meant in _RULES:
        if (found := pattern.match(path)) is not None:
            return found.expand(meant) + path[found.end() :]
    return path
