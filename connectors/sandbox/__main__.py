"""`python -m connectors.sandbox`: serve the two sandbox CRMs until stopped."""

import argparse
import json
from pathlib import Path

from connectors.sandbox.context import Credentials
from connectors.sandbox.server import DEFAULT_PEOPLE, DEFAULT_SEED, serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m connectors.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free port")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the CRMs")
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE, help="people in a new folder")
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="which people in a new folder"
    )
    parser.add_argument("--json", action="store_true", help="print the credentials as one line")
    options = parser.parse_args()
    show = _print_json if options.json else _print_text
    serve(options.port, options.state, options.people, options.seed, show)


def _print_json(credentials: Credentials) -> None:
    print(json.dumps(credentials), flush=True)  # noqa: T201 - the command's output


def _print_text(credentials: Credentials) -> None:
    for crm, values in credentials.items():
        for name, value in values.items():
            print(f"{crm} {name}: {value}", flush=True)  # noqa: T201 - the command's output


if __name__ == "__main__":
    main()
