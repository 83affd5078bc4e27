"""Runs somebody else's extractor against a sandbox, and tells what that took.

Run by the extractor's own Python as `launch.py ADDRESS FIGURES MODULE:FUNCTION ARGUMENT...`: what
it sends to its vendor's hosts goes to the address instead, and FIGURES, a file, gets one JSON
document at the end. What loading its modules took is not counted. Nothing of ours is imported here.
"""

import importlib
import json
import resource
import sys
import time
from operator import attrgetter
from pathlib import Path
from typing import Any

import requests


def main() -> None:
    address, figures, name, *arguments = sys.argv[1:]
    _redirect(address)
    module, _, function = name.partition(":")
    run = attrgetter(function)(importlib.import_module(module))
    sys.argv = [module, *arguments]
    began, spent = time.perf_counter(), _cpu_seconds()
    try:
        run()
    finally:
        told = {"seconds": time.perf_counter() - began, "cpu": _cpu_seconds() - spent}
        told["peak"] = _peak_memory()
        Path(figures).write_text(json.dumps(told))


def _redirect(address: str) -> None:
    """Send what `requests` is to send by https, as all vendors' hosts want it, to the sandbox."""
    plain = requests.adapters.HTTPAdapter.send

    def send(
        self: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        if str(request.url).startswith("https://"):
            request.url = address + request.path_url
        return plain(self, request, **options)

    requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign,assignment]


def _cpu_seconds() -> float:
    """Return what this process and those it has started and seen end have used so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_memory() -> int:
    """Return the most memory that this process has held, in bytes; as of `bench.usage`."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
