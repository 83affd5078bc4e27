"""The words the sandbox company is drawn from."""

import random
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> Mapping[str, Any]:
    """Return the content of company.yaml."""
    listed: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "company.yaml").read_text(encoding="utf-8")
    )
    return listed


def generator(*names: object) -> random.Random:
    """Return a generator of its own for each name: what one thing draws never moves another."""
    return random.Random(":".join(map(str, names)))  # noqa: S311 - an invented company


def slug(text: str) -> str:
    """Return a name as it stands in an address: small Latin letters and digits."""
    plain = text.replace("ø", "o").replace("Ø", "O").replace("ı", "i").replace("ń", "n")
    decomposed = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", decomposed.lower())


@cache
def channel_chances() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the channels and how often each brings somebody."""
    channels: dict[str, dict[str, Any]] = words()["channels"]
    return tuple(channels), tuple(entry["weight"] for entry in channels.values())
