"""The `leadcycle` command: each of its commands is imported when it is asked for."""

import os
from importlib import import_module

import click

from connectors.bare_arrow import keep_arrow_bare

PRIVATE = 0o077
"""What we keep holds people's data and keys: for this user only."""

EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong use or setting, 3 a plan waits for a person, "
    "4 a CRM or a file was read in part."
)

_READING = dict.fromkeys(("doctor", "extract", "reconcile"), "pipelines.cli_extract")
_LOOP = ("apply", "approve", "build", "dashboard", "plan", "provision", "run", "status")
_SYNCS = ("cancel", "pause", "plans", "resume", "undo")
_MODULES = {
    **_READING,
    **dict.fromkeys(_SYNCS, "pipelines.cli_sync"),
    **dict.fromkeys(_LOOP, "pipelines.cli_loop"),
    "demo": "pipelines.cli_demo",
    "import-history": "pipelines.cli_history",
    "match-people": "pipelines.cli_matching",
    "rules": "pipelines.cli_rules",
    "sandbox": "pipelines.cli_sandbox",
    "stints": "pipelines.cli_stints",
}
"""By command: the module that has it under its name."""


class _Commands(click.Group):
    """Our commands. All of them together would cost each of them two seconds, and the servers."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_MODULES)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        if cmd_name in _READING:
            keep_arrow_bare()
        found: click.Command = getattr(
            import_module(_MODULES[cmd_name]), cmd_name.replace("-", "_")
        )
        return found


@click.group(cls=_Commands, epilog=EPILOG)
@click.version_option(package_name="leadcycle")
def main() -> None:
    """The lead lifecycle of Salesforce and HubSpot: extract, build, plan, write back."""
    os.umask(PRIVATE)


if __name__ == "__main__":
    main()
