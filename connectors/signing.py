"""Signing requests with a token that may have to be got anew."""

import threading
from abc import ABC, abstractmethod

import requests
from requests.auth import AuthBase


class Bearer(AuthBase, ABC):
    """Signs requests."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request."""
        request.headers["Authorization"] = self.authorization()
        return request

    @abstractmethod
    def authorization(self, refused: str = "") -> str:
        """Return the Authorization header, another one than was refused if there is one."""


class RenewedBearer(Bearer):
    """Keeps one token in memory and asks for another once, when the CRM calls it ended.

    However many threads meet the end of a token, the first one asks and the others wait for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token = ""

    def authorization(self, refused: str = "") -> str:
        """Return the header of the token in use; asks for one where there is none."""
        with self._lock:
            if not self._token or f"Bearer {self._token}" == refused:
                self._token = self.ask()
            return f"Bearer {self._token}"

    @abstractmethod
    def ask(self) -> str:
        """Return a new access token."""
