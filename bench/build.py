"""One build of a warehouse as the product does it, as a process to be measured.

`python -m bench.build HOME AS_OF [MODEL ...]` prints one line of JSON: seconds from the lake to the
last test, seconds of the slowest models, and the memory held at most.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.usage import cpu_seconds, peak_memory
from pipelines.build import build_warehouse
from pipelines.settings import load_settings

_SLOWEST = 12


def main() -> None:
    """Build, and print what it took."""
    home, as_of, *models = sys.argv[1:]
    os.environ["LEADCYCLE_HOME"] = str(Path(home).absolute())
    spent: dict[str, float] = {}
    began = time.perf_counter()
    build_warehouse(
        load_settings(), datetime.fromisoformat(as_of), models, lambda event: _note(event, spent)
    )
    seconds = time.perf_counter() - began
    slowest = sorted(spent, key=lambda name: -spent[name])[:_SLOWEST]
    told = {"seconds": seconds, "cpu": cpu_seconds(), "peak": peak_memory()}
    print(json.dumps(told | {"models": {name: spent[name] for name in slowest}}))


def _note(event: Mapping[str, Any], spent: dict[str, float]) -> None:
    if event["info"]["name"] == "LogModelResult":
        data = event["data"]
        spent[data["node_info"]["node_name"]] = float(data["execution_time"])


if __name__ == "__main__":
    main()
