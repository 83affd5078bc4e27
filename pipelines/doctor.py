"""What is well and what is wrong with everything Leadcycle needs, and what to do about it."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from connectors.errors import CrmError, SkippedStreamError
from connectors.interfaces import Source
from connectors.records import Crm, Finding
from pipelines.crms import CRMS, connect_source, extract_rules
from pipelines.lake_objects import LakePlaceError
from pipelines.places import lake_of, state_standing
from pipelines.reading.chosen import unknown_to
from pipelines.reading.rules import CrmRules
from pipelines.rules.problems import RulesError
from pipelines.settings import Settings, SettingsError
from pipelines.sync.engine import utc_now
from pipelines.sync.migrate import LATEST

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Beyond it, a JWT is refused and this machine's stamps mislead people."""
LEAST_FREE = 2 * 1024**3
"""Bytes; a warehouse of 100,000 people with its temporary files is about one."""

Examination = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings) -> Iterator[tuple[str, Finding]]:
    """Yield what was found, each with its part: "leadcycle", "salesforce" or "hubspot".

    One broken thing never hides the others.
    """
    for name, look in OURS.items():
        yield from (("leadcycle", finding) for finding in _safely(name, look, settings))
    for crm in CRMS:
        look = partial(_access, crm)
        yield from ((crm, finding) for finding in _safely("access", look, settings))


def _safely(name: str, look: Examination, settings: Settings) -> Iterator[Finding]:
    try:
        yield from look(settings)
    except CrmError as error:
        yield Finding(name, "broken", str(error), error.next_step)
    except (SettingsError, RulesError, LakePlaceError, SQLAlchemyError, OSError) as error:
        yield Finding(name, "broken", f"{type(error).__name__}: {error}")


def _lake(settings: Settings) -> Iterator[Finding]:
    if "://" in settings.lake_url:
        lake_of(settings).prove()
        what = f"{settings.lake_url} can be written to, and makes nothing that is there"
        yield Finding("lake", "well", what)
        return
    folder = Path(settings.lake_url)
    folder.mkdir(parents=True, exist_ok=True)
    proof = folder / f".{uuid.uuid4().hex}"
    proof.write_text("", "utf-8")
    proof.unlink()
    yield Finding("lake", "well", f"{folder} can be written to")


def _disk(settings: Settings) -> Iterator[Finding]:
    settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    what = f"{free / 1024**3:.1f} GB are free under {settings.home}"
    if free < LEAST_FREE:
        step = f"Free {LEAST_FREE / 1024**3:.0f} GB, or let LEADCYCLE_HOME name another disk."
        yield Finding("disk", "warning", what, step)
    else:
        yield Finding("disk", "well", what)


def _state(settings: Settings) -> Iterator[Finding]:
    standing = state_standing(settings)
    has = standing.has
    if standing.is_newer:
        what = f"it is at revision {has}, this version knows those up to {LATEST}"
        yield Finding("state store", "broken", what, "Upgrade Leadcycle: a newer one was here.")
    elif has == LATEST:
        yield Finding("state store", "well", f"it can be reached, at revision {has}")
    else:
        now = has or "none yet"
        what = f"it can be reached, at revision {now}; the next run makes it {LATEST}"
        yield Finding("state store", "well", what)


def _rules(settings: Settings) -> Iterator[Finding]:
    extract_rules(settings)
    yield Finding("extract.yml", "well", "it says what is read, and how often")


OURS: dict[str, Examination] = {
    "lake": _lake,
    "disk": _disk,
    "state store": _state,
    "extract.yml": _rules,
}


def _access(crm: Crm, settings: Settings) -> Iterator[Finding]:
    source = connect_source(settings, crm)
    yield clock_finding(source.clock(), utc_now())
    yield from source.examine()
    yield from _named_fields(source, extract_rules(settings).of(crm))


def _named_fields(source: Source, rules: CrmRules) -> Iterator[Finding]:
    """Find the fields that `extract.yml` names in vain; an object that is hidden was told of."""
    for stream in source.streams():
        with suppress(SkippedStreamError):
            if names := unknown_to(source, stream, rules):
                what = f"extract.yml names {', '.join(names)}: our user sees no such field"
                step = "Correct them: mistyped, exclude leaves a field in, include leaves it out."
                yield Finding(f"{stream.name}: fields", "warning", what, step)


def clock_finding(theirs: datetime, ours: datetime) -> Finding:
    """Compare a CRM's clock with this machine's (both UTC)."""
    apart = abs(theirs - ours)
    what = f"this machine's clock is {int(apart.total_seconds())} s apart from the CRM's"
    if apart > CLOCK_TOLERANCE:
        step = "Set this machine's clock by NTP. Nothing is computed by it, but logins may fail."
        return Finding("clock", "warning", what, step)
    return Finding("clock", "well", what)
