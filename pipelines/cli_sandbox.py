"""`leadcycle sandbox`: both CRMs on this machine, and the company that fills them."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import click
from requests import RequestException, Session

from connectors.sandbox.server import DEFAULT_PEOPLE, DEFAULT_SEED, live_in, seed_in, serve
from pipelines.cli_output import command_errors, progress
from pipelines.processes import ServerError

_state = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".leadcycle/sandbox"),
    show_default=True,
    help="Folder of what the CRMs hold; an empty one is filled with people.",
)
_people = click.option(
    "--people",
    type=click.IntRange(1),
    default=DEFAULT_PEOPLE,
    show_default=True,
    help="People in a new company.",
)
_seed = click.option(
    "--seed", default=DEFAULT_SEED, show_default=True, help="Which company is drawn."
)


class _ServesByDefault(click.Group):
    """`leadcycle sandbox` with options only is `leadcycle sandbox serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names_command = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if names_command else ["serve", *args])


@click.group(cls=_ServesByDefault)
def sandbox() -> None:
    """The sandbox Salesforce and HubSpot: serve (the default), seed, live."""


@sandbox.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8070,
    show_default=True,
    help="0 takes a free one.",
)
@_state
@_people
@_seed
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line when ready.")
def serve_sandbox(port: int, state: Path, people: int, seed: int, as_json: bool) -> None:
    """Serve both CRMs on loopback until ended."""

    def announce(credentials: dict[str, dict[str, str]]) -> None:
        if as_json:
            click.echo(json.dumps(credentials))
            return
        base_url = credentials["salesforce"]["base_url"]
        click.echo(f"Sandbox CRMs ready at {base_url}; their pages: {base_url}/ui/")

    with command_errors(click.get_current_context()):
        state.mkdir(parents=True, exist_ok=True)
        serve(port, state, people, seed, announce)


@sandbox.command("seed")
@_state
@_people
@_seed
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line when done.")
def seed_sandbox(state: Path, people: int, seed: int, as_json: bool) -> None:
    """Fill an empty folder with a company, without serving it."""
    with command_errors(click.get_current_context()):
        with ExitStack() as shown:

            @cache
            def drawing() -> Callable[[str], None]:
                return shown.enter_context(progress("Drawing people"))

            is_new = seed_in(state, people, seed, lambda done, of: drawing()(f"{done:,} of {of:,}"))
        if as_json:
            click.echo(json.dumps({"state": str(state), "new": is_new}))
        else:
            click.echo(f"{state}: {'a new company' if is_new else 'there is a company already'}")


@sandbox.command("live")
@click.option("--days", type=click.IntRange(1, 120), default=1, show_default=True)
@click.option("--url", help="Where the sandbox is served; without it, the folder is changed.")
@_state
def live_sandbox(days: int, url: str | None, state: Path) -> None:
    """Let days pass: the clock moves, and both CRMs hear of what happened to the company.

    A sandbox that is being served must be told by its URL: it keeps its clock in memory.
    """
    with command_errors(click.get_current_context()):
        try:
            lived = _live_at(url, days) if url else live_in(state, days)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--days") from error
        click.echo(f"It is {lived['now']}; something happened to {lived['people']} people.")


def _live_at(url: str, days: int) -> dict[str, Any]:
    with Session() as session:
        try:
            answer = session.post(f"{url}/__sandbox/live", json={"days": days}, timeout=600)
            if answer.status_code == 400:
                raise ValueError(answer.json()["error"])
            answer.raise_for_status()
        except RequestException as error:
            raise ServerError(f"The sandbox at {url} did not live on: {error}") from error
        lived: dict[str, Any] = answer.json()
        return lived
