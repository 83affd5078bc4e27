"""The static bearer of a HubSpot service key (or of an older private app).

Source: developers.hubspot.com, "Service keys".
"""

import requests
from requests.auth import AuthBase

from connectors.errors import ConfigError


class ServiceKey(AuthBase):
    """Signs requests. As the session's own authentication it also keeps a .netrc entry out."""

    def __init__(self, access_token: str) -> None:
        token = access_token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ConfigError("hubspot", "access_token", "it is empty or holds odd characters")
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
