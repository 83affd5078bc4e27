"""`leadcycle demo`: sandbox CRMs, one run of the loop, and screens to look at."""

import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from requests import RequestException

from dashboard.serve import command as dashboard_command
from pipelines.cli_output import command_errors, exit_code, people, progress
from pipelines.cli_run import print_summary, run_loop
from pipelines.crms import connect_destination
from pipelines.instance import write_instance_file
from pipelines.processes import fetch, server, wait_until_ready
from pipelines.publish import Snapshot, read_current
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.syncs import configured_syncs

SANDBOX_PORT, DAGSTER_PORT, DASHBOARD_PORT = 8070, 3000, 8501
HOME = Path(".leadcycle/demo")
Credentials = dict[str, dict[str, str]]


@click.command()
@click.option("--once", is_flag=True, help="End after the summary.")
@click.option("--people", type=click.IntRange(1), help="People in a new company, if not 2,000.")
@click.pass_context
def demo(context: click.Context, once: bool, people: int | None) -> None:
    """Run the whole loop on the sandbox CRMs; run again, it goes on from where it stood."""
    _heed_signals()
    with command_errors(context), ExitStack() as servers:
        credentials = servers.enter_context(_sandbox(people))
        os.environ |= demo_environment(credentials)
        _write_environment_file(credentials)
        settings = load_settings()
        _provision(settings)
        summary = run_loop(settings)
        print_summary(summary)
        _print_places(settings, credentials)
        _print_invitation(settings, credentials, once)
        if not once:
            _serve_screens(settings, servers)
        context.exit(exit_code(summary.waits, bool(summary.refused)))


@contextmanager
def _sandbox(size: int | None) -> Iterator[Credentials]:
    """Yield the credentials of the demo's sandbox: the one that runs, else one started here."""
    kept = HOME / "credentials.json"
    if kept.exists():
        credentials: Credentials = json.loads(kept.read_text("utf-8"))
        if serves_sandbox(credentials["salesforce"]["base_url"]):
            yield credentials
            return
    port = free_port(SANDBOX_PORT)
    log = HOME / "logs" / "sandbox.log"
    arguments = ["--port", str(port), "--state", str(HOME / "sandbox")]
    arguments += ["--people", str(size)] if size else []
    command = [sys.executable, "-m", "pipelines.cli", "sandbox", *arguments, "--json"]
    log.unlink(missing_ok=True)
    with progress("Starting the sandbox CRMs"), ExitStack() as running:
        process = running.enter_context(server(command, log))
        url = f"http://127.0.0.1:{port}/__sandbox/clock"
        wait_until_ready("The sandbox", url, process, log, seconds=120)
        credentials = _announced(log)
        log.write_text("ready\n", "utf-8")  # The announcement holds keys.
        _write_private(kept, json.dumps(credentials))
        stop = running.pop_all()
    with stop:
        yield credentials


def serves_sandbox(base_url: str) -> bool:
    """Tell whether a sandbox answers there, and not something else on its port."""
    try:
        clock = fetch(f"{base_url}/__sandbox/clock", "")
    except RequestException:
        return False
    return isinstance(clock, dict) and "now" in clock


def _announced(log: Path) -> Credentials:
    """Return the credentials that the sandbox printed when it was ready."""
    lines = log.read_text("utf-8").splitlines()
    found: list[Credentials] = [json.loads(line) for line in lines if line.startswith("{")]
    return found[-1]


def demo_environment(credentials: Credentials) -> dict[str, str]:
    """Return the variables that point Leadcycle at the demo's CRMs and home."""
    hubspot, salesforce = credentials["hubspot"], credentials["salesforce"]
    return {
        "LEADCYCLE_HOME": str(HOME.absolute()),
        "LEADCYCLE_DAGSTER_URL": "files",
        "LEADCYCLE_LAKE": str((HOME / "lake").absolute()),
        "LEADCYCLE_AS_OF": "crm",
        "LEADCYCLE_REVOPS": str(PROJECT_ROOT / "revops"),
        "LEADCYCLE_STATE_URL": f"sqlite:///{(HOME / 'state.sqlite').absolute()}",
        "SALESFORCE_API_VERSION": "66.0",
        "HUBSPOT_API_VERSION": "v3",
        "HUBSPOT_CALLS_PER_TEN_SECONDS": "190",
        "LEADCYCLE_PUBLISHED": str((HOME / "published").absolute()),
        "DAGSTER_HOME": str((HOME / "dagster").absolute()),
        "HUBSPOT_BASE_URL": hubspot["base_url"],
        "HUBSPOT_ACCESS_TOKEN": hubspot["access_token"],
        "SALESFORCE_BASE_URL": salesforce["base_url"],
        "SALESFORCE_CLIENT_ID": salesforce["client_id"],
        "SALESFORCE_CLIENT_SECRET": salesforce["client_secret"],
    }


def _write_environment_file(credentials: Credentials) -> None:
    """Let a shell talk to the demo: `. .leadcycle/demo/env`."""
    variables = demo_environment(credentials).items()
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in variables]
    _write_private(HOME / "env", "".join(lines))


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")


def _provision(settings: Settings) -> None:
    with progress("Creating our fields in both CRMs") as say:
        for sync in configured_syncs(settings):
            say(f"{sync.crm} {sync.object}")
            connect_destination(settings, sync.crm).provision(sync.object, sync.own_fields())


def _print_places(settings: Settings, credentials: Credentials) -> None:
    """Say where a record of each CRM can be seen."""
    snapshot = read_current(settings.published_dir)
    base_url = credentials["salesforce"]["base_url"]
    people.print("\n[bold]Where to look[/bold]")
    for sync in configured_syncs(settings):
        rows = snapshot.read(f"sync.{sync.sync_model}").to_pylist()
        if rows:
            record = best_scored(rows)["record_id"]
            place = f"{base_url}/ui/{sync.crm}/{sync.object}/{record}"
            people.print(f"  a {sync.crm} {sync.object.removesuffix('s')}: {place}", soft_wrap=True)
    people.print(f"  the tables as files: {settings.published_dir}", soft_wrap=True)
    people.print(f"  this demo from a shell: . {HOME}/env", soft_wrap=True)


def _print_invitation(settings: Settings, credentials: Credentials, once: bool) -> None:
    """Print commands that make somebody move at the next run."""
    somebody = someone_to_move(read_current(settings.published_dir))
    if somebody is None:
        return
    hubspot = credentials["hubspot"]
    base_url, token = hubspot["base_url"], hubspot["access_token"]
    portal = fetch(f"{base_url}/account-info/v3/details", token)["portalId"]
    forms = fetch(f"{base_url}/marketing/v3/forms/", token)["results"]
    form = next(form for form in forms if "demo" in form["name"].lower())
    body = json.dumps({"fields": [{"name": "email", "value": somebody}]})
    url = f"{base_url}/submissions/v3/integration/submit/{portal}/{form['id']}"
    people.print("\n[bold]To see somebody move[/bold], submit a form, then run the demo again:")
    if once:
        port = base_url.rpartition(":")[2]
        serve = f".venv/bin/leadcycle sandbox --port {port} --state {HOME / 'sandbox'} &"
        people.print(f"  {serve}", soft_wrap=True, markup=False)
    header = "-H 'Content-Type: application/json'"
    people.print(f"  curl {header} -d '{body}' {url}", soft_wrap=True, markup=False)
    place = f"--state {HOME / 'sandbox'}" if once else f"--url {base_url}"
    people.print("[bold]To let a day pass[/bold] for all of them:")
    people.print(f"  .venv/bin/leadcycle sandbox live {place}", soft_wrap=True, markup=False)


def someone_to_move(snapshot: Snapshot) -> str | None:
    """Return the e-mail of somebody known by name only: the first, in the order of their ids."""
    lifecycles = snapshot.read("marts.person_lifecycles").to_pylist()
    named = {row["person_id"] for row in lifecycles if row["stage_key"] == "name"}
    found = sorted(snapshot.read("marts.people").to_pylist(), key=lambda row: str(row["person_id"]))
    emails = (row["email"] for row in found if row["person_id"] in named)
    return next((email for email in emails if email), None)


def best_scored(rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the row of the highest score; of equals, the one with the smallest id."""
    return min(rows, key=lambda row: (-row["score"], row["record_id"]))


def _serve_screens(settings: Settings, servers: ExitStack) -> None:
    """Keep Dagster and the dashboard running until Ctrl-C."""
    write_instance_file(settings)
    screens = [_dagster(free_port(DAGSTER_PORT)), _dashboard(free_port(DASHBOARD_PORT))]
    started = [
        (screen, servers.enter_context(server(screen.command, screen.log))) for screen in screens
    ]
    for screen, process in started:
        with progress(f"Starting {screen.name}"):
            wait_until_ready(screen.name, screen.url, process, screen.log, seconds=240)
        people.print(f"  {screen.name}: {screen.url}")
    _heed_signals()
    people.print("\nCtrl-C ends the demo; what it wrote stays, and the next one goes on from it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        people.print("Ending ...")


def _heed_signals() -> None:
    """Let both signals end the demo; a run of Dagster in this process leaves them ignored."""
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, signal.default_int_handler)


@dataclass(frozen=True)
class _Screen:
    name: str
    command: list[str]
    url: str
    log: Path


def _dagster(port: int) -> _Screen:
    workspace = ["-w", str(PROJECT_ROOT / "workspace.yaml")]
    address = ["--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-m", "dagster", "dev", *workspace, *address]
    return _Screen("Dagster", command, f"http://127.0.0.1:{port}", HOME / "logs" / "dagster.log")


def _dashboard(port: int) -> _Screen:
    log = HOME / "logs" / "dashboard.log"
    return _Screen("dashboard", dashboard_command(port), f"http://127.0.0.1:{port}", log)


def free_port(wanted: int) -> int:
    """Return the wanted port of 127.0.0.1, or another one if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
