import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.sandbox.context import STATE_FILE
from connectors.sandbox.layout import OutdatedFolderError
from connectors.sandbox.server import RunningSandbox, build_app, running_sandbox
from connectors.sandbox.store import Store
from tests.sandbox.clients import Admin, HubSpot, Salesforce


def test_a_restart_goes_on_from_where_it_stood(state: Path) -> None:
    with running_sandbox(state) as first:
        admin, hubspot, token = Admin(first), HubSpot(first), Salesforce(first).session
        hubspot.create(email="a@b.example")
        admin.advance(90)
        admin.setting(salesforce_page_size=50)
        dump, clock = admin.dump(), admin("GET", "clock").json()
    with running_sandbox(state, people=9, seed=99) as second:
        admin = Admin(second)
        assert (admin.dump(), admin("GET", "clock").json()) == (dump, clock)
        assert admin("GET", "settings").json()["salesforce_page_size"] == 50
        assert _secrets(second) == _secrets(first)
        answer = token.get(f"{second.url}/services/data/v66.0/limits", timeout=10)
        assert answer.status_code == 200


def test_what_was_answered_survives_a_kill(state: Path) -> None:
    with served(state) as (process, running):
        contact_id = HubSpot(running).create(email="a@b.example")
        process.kill()
        process.wait(timeout=10)
    with running_sandbox(state) as again:
        assert HubSpot(again).read(contact_id, "email")["email"] == "a@b.example"


def test_the_command_prints_credentials_that_work_and_ends_on_sigterm(tmp_path: Path) -> None:
    with served(tmp_path / "new", "--people", "5") as (process, running):
        assert Salesforce(running)("GET", "limits").status_code == 200
        process.terminate()
        assert process.wait(timeout=10) in (0, -signal.SIGTERM)


@contextmanager
def served(state: Path, *options: str) -> Iterator[tuple["subprocess.Popen[str]", RunningSandbox]]:
    """Serve from a process of its own."""
    command = [sys.executable, "-m", "connectors.sandbox", "--port", "0", "--state", str(state)]
    process = subprocess.Popen([*command, "--json", *options], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 30)[0]
        credentials = json.loads(process.stdout.readline())
        yield process, RunningSandbox(credentials["hubspot"]["base_url"], credentials)
    finally:
        process.kill()
        process.wait(timeout=10)


def _secrets(running: RunningSandbox) -> list[str]:
    keys = running.credentials
    return [keys["hubspot"]["access_token"], keys["salesforce"]["client_secret"]]


def test_a_folder_of_another_version_is_refused_with_what_to_do(state: Path) -> None:
    store = Store(state / STATE_FILE)
    store.run("alter table hubspot_owners drop column teams")
    store.close()
    with pytest.raises(OutdatedFolderError, match=r"hubspot_owners lacks teams.*remove this one"):
        build_app(state, 60, 7)
