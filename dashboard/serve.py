"""How the screen is started: on loopback, silent towards every other host."""

import sys
from pathlib import Path

APP = Path(__file__).with_name("app.py")

OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "theme.base": "light",
    "theme.primaryColor": "#0072B2",
}
"""Flags rather than `.streamlit/config.toml`: that is looked for where the process starts."""


def command(port: int) -> list[str]:
    """Return the argv that serves the screen on 127.0.0.1:`port`.

    The screen shows the folder named by `LEADCYCLE_PUBLISHED` (default `.leadcycle/published`).
    Start it where `import dashboard` works: in the checkout, or with the package installed.
    """
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"),
        *options,
    ]
