"""A sandbox company served as its own process, and the CLI run against it as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
LEADCYCLE = [sys.executable, "-m", "pipelines.cli"]


@dataclass(frozen=True)
class Company:
    """Both sandbox CRMs, by HTTP only."""

    credentials: dict[str, dict[str, str]]

    @property
    def url(self) -> str:
        return self.credentials["salesforce"]["base_url"]

    def dump(self) -> dict[str, Any]:
        return self._get("/__sandbox/dump")

    def counts(self) -> dict[str, Any]:
        return self._get("/__sandbox/counts")

    def live(self, days: int) -> None:
        """Let the company live some days: the clock moves, and people with it."""
        body = {"days": days}
        requests.post(f"{self.url}/__sandbox/live", json=body, timeout=120).raise_for_status()

    def calls(self) -> dict[str, Any]:
        return self._get("/__sandbox/calls")

    def reset_calls(self) -> None:
        requests.post(f"{self.url}/__sandbox/calls/reset", timeout=10).raise_for_status()

    def inject(self, *faults: dict[str, Any]) -> None:
        response = requests.post(f"{self.url}/__sandbox/faults", json=list(faults), timeout=10)
        response.raise_for_status()

    def clear_faults(self) -> None:
        requests.delete(f"{self.url}/__sandbox/faults", timeout=10).raise_for_status()

    def advance(self, seconds: int) -> None:
        body = {"advance_seconds": seconds}
        requests.post(f"{self.url}/__sandbox/clock", json=body, timeout=10).raise_for_status()

    def forms(self) -> list[dict[str, Any]]:
        return list(self._hubspot("/marketing/v3/forms/")["results"])

    def submit_form(self, form_name: str, email: str) -> None:
        """Fill in a form as a visitor does: no key needed."""
        form = next(form for form in self.forms() if form_name.lower() in form["name"].lower())
        portal = self._hubspot("/account-info/v3/details")["portalId"]
        fields = [{"objectTypeId": "0-1", "name": "email", "value": email}]
        url = f"{self.url}/submissions/v3/integration/submit/{portal}/{form['id']}"
        requests.post(url, json={"fields": fields}, timeout=10).raise_for_status()

    def _hubspot(self, path: str) -> dict[str, Any]:
        token = self.credentials["hubspot"]["access_token"]
        return self._get(path, headers={"Authorization": f"Bearer {token}"})

    def _get(self, path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        response = requests.get(f"{self.url}{path}", headers=headers, timeout=30)
        response.raise_for_status()
        found: dict[str, Any] = response.json()
        return found


@contextmanager
def served(state: Path, people: int = 120, seed: int = 3) -> Iterator[Company]:
    """Serve the company in `state` (drawn first if the folder is empty)."""
    arguments = ["--port", "0", "--state", str(state), "--people", str(people), "--seed", str(seed)]
    process = subprocess.Popen(
        [*LEADCYCLE, "sandbox", *arguments, "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the sandbox ended before it was ready"
        yield Company(json.loads(line))
    finally:
        process.terminate()
        process.wait(20)


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.stdout)
        return found


@dataclass(frozen=True)
class User:
    """Somebody with a shell, a home folder and the company's keys."""

    home: Path
    company: Company

    def environment(self) -> dict[str, str]:
        salesforce, hubspot = (self.company.credentials[crm] for crm in ("salesforce", "hubspot"))
        own = {key: value for key, value in os.environ.items() if not _is_ours(key)}
        return own | {
            "LEADCYCLE_HOME": str(self.home),
            "SALESFORCE_BASE_URL": salesforce["base_url"],
            "SALESFORCE_CLIENT_ID": salesforce["client_id"],
            "SALESFORCE_CLIENT_SECRET": salesforce["client_secret"],
            "HUBSPOT_BASE_URL": hubspot["base_url"],
            "HUBSPOT_ACCESS_TOKEN": hubspot["access_token"],
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            [*LEADCYCLE, *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, seconds: float = 300) -> Done:
        """Run a command to its end, which is no further off than so many seconds."""
        process = self.start(*arguments)
        stdout, stderr = process.communicate(timeout=seconds)
        return Done(process.returncode, stdout, stderr)

    def loop(self) -> dict[str, Any]:
        """Run the whole loop; it must succeed."""
        done = self.run("run", "--json")
        assert done.code == 0, done.stderr
        return done.document


def _is_ours(name: str) -> bool:
    return name.startswith(("LEADCYCLE_", "SALESFORCE_", "HUBSPOT_", "DAGSTER_"))
