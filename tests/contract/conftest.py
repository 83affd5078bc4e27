"""The two sandbox CRMs as a process of their own, met over HTTP only."""

import json
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors import errors
from connectors.hubspot import insisting

START_SECONDS = 60
PAGE_SIZE = 10
"""Rows in a page of a Salesforce query, so that a small sandbox has several."""

pytest.register_assert_rewrite("tests.contract.suite")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is refused, or contradicts itself, be asked about again at once."""
    monkeypatch.setattr(errors, "PASSING", 0.0)
    monkeypatch.setattr(insisting, "WAITS", (0.0, 0.0))


@dataclass(frozen=True)
class Sandbox:
    """Where the CRMs are and how to log in."""

    hubspot: dict[str, str]
    salesforce: dict[str, str]

    def order(self, path: str, body: object, method: str = "POST") -> Any:
        """Use the sandbox's own API: clock, faults, settings."""
        url = f"{self.hubspot['base_url']}/__sandbox/{path}"
        response = requests.request(method, url, json=body, timeout=30)
        response.raise_for_status()
        return response.json()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Start the sandbox once for all contract tests."""
    with served(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox of a module's own, whose windows a client who never waits does not fill.

    The one that all share would refuse its next clients what this one had let pass.
    """
    with served(tmp_path_factory.mktemp("unlimited")) as running:
        running.order("settings", {"hubspot_ten_second_limit": 100_000}, method="PATCH")
        yield running


@contextmanager
def served(state: Path) -> Iterator[Sandbox]:
    """Serve a small company from a process of its own."""
    options = ["--port", "0", "--people", "60", "--seed", "7", "--json"]
    command = [sys.executable, "-m", "connectors.sandbox", "--state", str(state), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        running = Sandbox(**json.loads(_first_line(process)))
        running.order("settings", {"salesforce_page_size": PAGE_SIZE}, method="PATCH")
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    assert ready, f"the sandbox said nothing within {START_SECONDS} s"
    line = process.stdout.readline()
    assert line, f"the sandbox ended with code {process.wait(timeout=5)}"
    return line


@pytest.fixture
def clean_sandbox(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, without faults before and after."""
    yield sandbox
    sandbox.order("faults", None, method="DELETE")
