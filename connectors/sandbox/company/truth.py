"""The truth about people in a file: tests judge by it, and nothing outside the sandbox reads it."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.company.journeys import StageKey
from connectors.sandbox.company.oddities import hidden_reason
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows

FILE = "truth.json"
_AS_OF = re.compile(r'\{"as_of": "([^"]+)"')
Truth = dict[str, Any]


def truth_of(person: Person, rows: Rows, moment: datetime) -> Truth | None:
    """Return what is true of a person at a moment, with their records; None before they appear."""
    path = _path(person, moment)
    reason = hidden_reason(person, moment)
    return (
        {
            "number": person.number,
            "records": {"salesforce": _salesforce(rows), "hubspot": _hubspot(rows)},
            "observable": reason is None,
            "reason": reason,
            "seems": _known_as(person, moment),
            "path": path,
        }
        if path
        else None
    )


def write_truth(folder: Path, moment: datetime, people: Iterable[str]) -> None:
    """Write the file anew from the truths about people, by number, as JSON."""
    draft = folder / f"{FILE}.draft"
    with draft.open("w", encoding="utf-8") as file:
        file.write(f'{{"as_of": "{instant(moment)}", "people": [')
        for place, truth in enumerate(people):
            file.write(f", {truth}" if place else truth)
        file.write("]}")
    draft.replace(folder / FILE)


def truth_as_of(folder: Path) -> str | None:
    """Return the moment that the file goes up to, read from its beginning; None without a file."""
    path = folder / FILE
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as file:
        found = _AS_OF.match(file.read(80))
    return found[1] if found else None


def read_truth(folder: Path) -> dict[int, Truth]:
    """Return what the file says, by person."""
    kept = json.loads((folder / FILE).read_text("utf-8"))
    return {truth["number"]: truth for truth in kept["people"]}


def _known_as(person: Person, moment: datetime) -> str | None:
    """Return all that is known of somebody who left no address with a CRM, or None.

    Two people of whom it is the same are one to whoever reads the CRMs: namesakes at a switchboard.
    """
    has_address = person.email_since is not None and person.email_since <= moment
    if person.identity.direct_line or (has_address and person.link not in ("mobile", "chat")):
        return None
    return f"{person.identity.first_name} {person.identity.last_name}, {person.firm.phone}"


def _path(person: Person, moment: datetime) -> list[dict[str, Any]]:
    passes: Counter[StageKey] = Counter()
    path = []
    for step in person.steps:
        if step.at <= moment:
            passes[step.stage] += 1
            path.append({"stage": step.stage, "pass": passes[step.stage], "at": instant(step.at)})
    return path


def _salesforce(rows: Rows) -> list[str]:
    return [
        f"{name.lower()}:{record_id}"
        for name in ("Lead", "Contact")
        for (record_id,) in rows.get(f"salesforce_{name}", {})
    ]


def _hubspot(rows: Rows) -> list[str]:
    records = rows.get("hubspot_records", {})
    return [f"contact:{record_id}" for kind, record_id in records if kind == "contacts"]
