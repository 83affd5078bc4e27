"""`leadcycle sandbox`: both CRMs on this machine."""

import json
from pathlib import Path

import click

from connectors.sandbox.server import serve
from pipelines.cli_output import command_errors


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8070,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".leadcycle/sandbox"),
    show_default=True,
    help="Folder of what the CRMs hold; an empty one is filled with people.",
)
@click.option("--people", default=400, show_default=True, help="People in a new company.")
@click.option("--seed", default=7, show_default=True, help="Which company is drawn.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line when ready.")
def sandbox(port: int, state: Path, people: int, seed: int, as_json: bool) -> None:
    """Serve the sandbox Salesforce and HubSpot on loopback until ended."""

    def announce(credentials: dict[str, dict[str, str]]) -> None:
        if as_json:
            click.echo(json.dumps(credentials))
            return
        base_url = credentials["salesforce"]["base_url"]
        click.echo(f"Sandbox CRMs ready at {base_url}; their pages: {base_url}/ui/")

    with command_errors(click.get_current_context()):
        state.mkdir(parents=True, exist_ok=True)
        serve(port, state, people, seed, announce)
