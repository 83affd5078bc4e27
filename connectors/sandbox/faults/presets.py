"""Faults by name: what the two CRMs really answer on bad days, each with what it stands for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.faults.plan import Fault


@cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """Return the named faults: `what` happens, the `incident` it stands for, and the `fault`."""
    path = Path(__file__).parent / "presets.yaml"
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def ordered_fault(entry: Mapping[str, Any]) -> Fault:
    """Return the fault that an order describes: its own values over those of its preset.

    Raises:
        ValueError: no preset has that name, or a value that a fault can't have.
        TypeError: a value that faults don't know.
    """
    values = dict(entry)
    name = values.pop("preset", None)
    if name is None:
        return Fault(**values)
    if name not in presets():
        raise ValueError(f"no preset is called {name}; there are {', '.join(presets())}")
    return Fault(**{**presets()[name]["fault"], **values})
