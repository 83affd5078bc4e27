"""What this process has used so far."""

import re
import resource
from pathlib import Path

from bench.processes import MEMORY_UNIT

_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


def cpu_seconds() -> float:
    """Return seconds of processor time, all threads together."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_memory() -> int:
    """Return the most memory that was held, in bytes.

    Linux's `ru_maxrss` goes on from what the process that started this one held (360 MB where it
    was 280, 2026-11-22); the peak of the address space begins with the program.
    """
    status = Path("/proc/self/status")
    found = _PEAK.search(status.read_text()) if status.exists() else None
    if found:
        return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MEMORY_UNIT
