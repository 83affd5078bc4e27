"""Faults by name: what the two CRMs really answer on bad days, each with what it stands for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
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
        ValueError: no preset has that name, or faults have no such value.
    """
    values = dict(entry)
    name = values.pop("preset", None)
    if name is None:
        return msgspec.convert(values, Fault)
    if not isinstance(name, str) or name not in presets():
        raise ValueError(f"no preset is called {name}; there are {', '.join(presets())}")
    if "kind" in values:
        raise ValueError(f"the preset {name} has a kind already")
    return msgspec.convert({**presets()[name]["fault"], **values}, Fault)
