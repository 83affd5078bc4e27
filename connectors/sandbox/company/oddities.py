"""The mess that every CRM is in: what goes wrong with records, never with the people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.sandbox.company.journeys import StageKey, Step
from connectors.sandbox.company.people import Person

Oddity = Literal[
    "doubled",
    "merged",
    "deleted",
    "source_edited",
    "mass_updated",
    "slipped",
    "no_first_name",
    "no_last_name",
    "impossible_date",
    "role_address",
    "old_status",
    "mistyped",
]

_SHARES: tuple[tuple[Oddity, float], ...] = (
    ("doubled", 0.012),
    ("merged", 0.03),
    ("deleted", 0.02),
    ("source_edited", 0.03),
    ("mass_updated", 0.07),
    ("slipped", 0.04),
    ("no_first_name", 0.02),
    ("no_last_name", 0.01),
    ("impossible_date", 0.02),
    ("role_address", 0.01),
    ("old_status", 0.08),
    ("mistyped", 0.03),
)
RECYCLE_BIN = timedelta(days=15)
"""How long Salesforce keeps deleted records readable."""
FORM_DELAY = timedelta(minutes=20)
"""How late a form may come."""
_LIST_STAGES: frozenset[StageKey] = frozenset({"name", "engaged", "target", "lead"})


def oddity(person: Person) -> Oddity | None:
    """Return what is odd about a person's records, for those few who have something."""
    draw = person.luck
    for name, share in _SHARES:
        if draw < share:
            return name if _applies(person, name) else None
        draw -= share
    return None


def _applies(person: Person, name: Oddity) -> bool:
    is_lead_only = "hubspot" not in person.since and not person.starts_as_contact
    match name:
        case "doubled" | "merged":
            return not person.starts_as_contact and doubled_at(person) is not None
        case "deleted":
            return not person.is_known_to_both and not _is_sold_to(person)
        case "source_edited" | "mass_updated":
            return not _is_sold_to(person)
        case "slipped" | "role_address":
            return is_lead_only and not person.firm.is_fit and not person.is_channel_only
        case "old_status":
            return is_lead_only and person.steps[0].stage == "name" and _is_old(person)
        case _:
            return True


def _is_sold_to(person: Person) -> bool:
    return any(step.stage == "opportunity" for step in person.steps)


def _is_old(person: Person) -> bool:
    return person.steps[0].at < person.start - timedelta(days=240)


def doubled_at(person: Person) -> datetime | None:
    """Return when somebody's second record comes from a list, or None when there is no time for it.

    It is new, so that it may only come while the person is a name or further on their way.
    """
    tied_by_less = ("mobile", "chat", "additional_email", "phone")
    if person.is_channel_only or person.link in tied_by_less:
        return None
    rng = person.generator("doubled")
    at = max(person.since.values()) + timedelta(days=rng.uniform(1, 40))
    return at.replace(microsecond=0) if person.stage_at(at) in _LIST_STAGES else None


@dataclass(frozen=True)
class Doubling:
    """A second contact of somebody in HubSpot, with another address, that is merged later."""

    at: datetime
    merged: datetime
    shares_number: bool
    """Whether a mobile number or chat id shows, before the merge, that both are one."""


def doubling_in_hubspot(person: Person) -> Doubling | None:
    """Return how somebody got into HubSpot twice; whom Salesforce knows is doubled there."""
    at = doubled_at(person) if oddity(person) == "merged" else None
    if at is None or "salesforce" in person.since:
        return None
    rng = person.generator("doubled in HubSpot")
    merged = at + timedelta(days=rng.randrange(2, 20), seconds=41)
    has_number = (person.identity.mobile or person.identity.chat_id) is not None
    return Doubling(at, merged, has_number and rng.random() < 0.5)


def removed_at(person: Person) -> datetime | None:
    """Return when a person's only record is deleted or archived: after their last step."""
    if oddity(person) != "deleted":
        return None
    rng, last = person.generator("removed"), person.steps[-1].at
    lately = person.start - timedelta(days=rng.uniform(0.5, 14))
    # Half of the old ones go lately, so that some can still be seen in the recycle bin.
    is_lately = rng.random() < 0.5 and last < lately
    at = lately if is_lately else last + timedelta(days=rng.uniform(1, 50))
    return at.replace(microsecond=0)


def stage_end(person: Person, step: Step, following: Step | None) -> datetime:
    """Return when nobody works on somebody in a stage any more: moved on, or removed."""
    if following is not None:
        return following.at
    return removed_at(person) or datetime.max.replace(tzinfo=step.at.tzinfo)


def form_delay(person: Person, step: Step) -> timedelta | None:
    """Return how late HubSpot writes down a form of which Salesforce heard at once, or None."""
    following = next((other for other in person.steps if other.at > step.at), None)
    has_time = following is None or following.at - step.at > 2 * FORM_DELAY
    is_seen = person.is_known_to_both and max(person.since.values()) < step.at
    is_late = is_seen and step.deed == "form" and has_time
    draws = person.generator(f"late form {step.at}")
    return FORM_DELAY if is_late and draws.random() < 0.15 else None


def hidden_reason(person: Person, moment: datetime) -> str | None:
    """Return why nobody can know a person's path from the CRMs, now or any more, or None."""
    removed = removed_at(person)
    if removed is None or removed > moment:
        return _reason_apart(person, moment)
    if "hubspot" in person.since:
        return "archived in HubSpot: the history of archived contacts can't be read"
    return "deleted from Salesforce for good" if removed + RECYCLE_BIN <= moment else None


def _reason_apart(person: Person, moment: datetime) -> str | None:
    """Return why nobody can know that two records are of one person, or None."""
    known = [since for since in person.since.values() if since <= moment]
    if person.link == "name" and len(known) > 1:
        return "nothing ties the two CRMs' records but a name, which colleagues may share"
    if person.link == "mobile" and oddity(person) == "mistyped" and len(known) > 1:
        return "the number that would tie the two CRMs' records was mistyped in one"
    if person.link == "phone" and oddity(person) == "no_last_name" and len(known) > 1:
        return "the name that would tie the two CRMs' records with a number was left out in one"
    double = doubling_in_hubspot(person)
    if double and double.at <= moment < double.merged and not double.shares_number:
        return "in HubSpot twice under two addresses, and not merged yet"
    return None
