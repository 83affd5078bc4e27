"""Paths of requests: decoded part by part, so that a part may hold a slash of its own."""

from urllib.parse import unquote

SLASH = "\udc2f"
"""Stands in a decoded path for a slash within one of its parts: no decoded text holds it."""


def decoded_path(raw: str) -> str:
    """Return a path, as it comes over the line, as the routes read it."""
    return "/".join(unquote(part).replace("/", SLASH) for part in raw.split("/"))
