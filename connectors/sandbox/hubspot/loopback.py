"""Which addresses lie on this machine: the sandbox sends to no other."""

import re
from ipaddress import ip_address

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]|//[^/?#]*@")
"""What readers of a URL don't agree about: where its host begins, and where it ends."""


def loopback_address(text: str) -> Url | None:
    """Return a URL of this machine in its parts, or None for any other and for what is none.

    Whoever connects takes host and port from these parts, so that no second reading of the text
    can lead elsewhere. Names other than localhost could lead anywhere.
    """
    if _AMBIGUOUS.search(text):
        return None
    try:
        found = parse_url(text)
    except LocationParseError:
        return None
    if found.scheme not in ("http", "https"):
        return None
    return found if _is_loopback(found.host or "") else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
