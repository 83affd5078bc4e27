"""One build of a warehouse as the product does it, as a process to be measured.

`python -m bench.build HOME AS_OF [MODEL ...]` prints one line of JSON: seconds from the lake to the
last test, seconds in models, in those that the stays of people are made of, and in the slowest
ones, and the memory held at most.
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
from pipelines.project import load_manifest
from pipelines.settings import load_settings

_SLOWEST = 12
_LAST = "model.leadcycle.stage_stints"


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
    slowest = sorted(spent, key=lambda model: -spent[model])[:_SLOWEST]
    told = {
        "seconds": seconds,
        "in_models": sum(spent.values()),
        "to_stints": sum(spent.get(model, 0.0) for model in made_of(_LAST, _parents())),
        "cpu": cpu_seconds(),
        "peak": peak_memory(),
        "models": {model.split(".")[-1]: spent[model] for model in slowest},
    }
    print(json.dumps(told))


def made_of(node: str, parents: Mapping[str, list[str]]) -> set[str]:
    """Return a node and all that it is made of, whatever the way."""
    found, asked = set(), [node]
    while asked:
        one = asked.pop()
        if one not in found:
            found.add(one)
            asked += parents.get(one, [])
    return found


def _parents() -> Mapping[str, list[str]]:
    parents: Mapping[str, list[str]] = load_manifest()["parent_map"]
    return parents


def _note(event: Mapping[str, Any], spent: dict[str, float]) -> None:
    if event["info"]["name"] == "LogModelResult":
        data = event["data"]
        spent[data["node_info"]["unique_id"]] = float(data["execution_time"])


if __name__ == "__main__":
    main()
