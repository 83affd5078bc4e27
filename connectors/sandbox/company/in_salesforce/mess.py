"""The odd things that happen to some people's records in Salesforce."""

from datetime import datetime, timedelta
from itertools import zip_longest

from connectors.sandbox.company.in_salesforce.activities import tell_meeting
from connectors.sandbox.company.in_salesforce.dossier import OPERATIONS_USER, Dossier, lead_values
from connectors.sandbox.company.oddities import doubled_at, oddity, removed_at
from connectors.sandbox.company.people import Person

OLD_STATUS = "Open - Not Contacted"
"""A status the org no longer offers, and old Leads began with."""
_SLIPS = {"name": ("New", "Nurturing"), "lead": ("Marketing Qualified", "New")}
"""The status that somebody has in a stage, and the one that is clicked on by mistake."""
_EPOCH = "1970-01-01T00:00:00.000+0000"


def first_status(person: Person, status: str) -> str:
    """Return the status that a Lead is created with."""
    return OLD_STATUS if oddity(person) == "old_status" else status


def tell_mess(dossier: Dossier) -> None:
    """Tell what is odd about a person's records."""
    match oddity(dossier.person):
        case "old_status":
            _tell_renewal(dossier)
        case "doubled" | "merged":
            _tell_double(dossier)
        case "deleted":
            _tell_removal(dossier)
        case "source_edited":
            _tell_edited_source(dossier)
        case "mass_updated":
            _tell_mass_update(dossier)
        case "slipped":
            _tell_slip(dossier)
        case "impossible_date":
            _tell_impossible_dates(dossier)
        case _:
            pass


def _tell_renewal(dossier: Dossier) -> None:
    steps = dossier.person.steps
    at = steps[0].at + timedelta(days=dossier.rng.randrange(1, 9), seconds=7)
    if len(steps) == 1 or at < steps[1].at:
        _set_first_status(dossier, at, OPERATIONS_USER, "New")


def _tell_double(dossier: Dossier) -> None:
    person, at = dossier.person, doubled_at(dossier.person)
    if at is None:
        return
    listed = {"Status": "New", "LeadSource": "Purchased List", "OwnerId": OPERATIONS_USER}
    double = dossier.book.create("Lead", at, OPERATIONS_USER, lead_values(person) | listed)
    merged = at + timedelta(days=dossier.rng.randrange(2, 20), seconds=41)
    if oddity(person) == "merged" and person.stage_at(merged) == person.stage_at(at):
        winner = dossier.book.first("Lead")
        dossier.book.delete("Lead", double, merged, OPERATIONS_USER, winner)
        dossier.book.change("Lead", winner, merged, OPERATIONS_USER, {}, event="leadMerged")


def _tell_removal(dossier: Dossier) -> None:
    at = removed_at(dossier.person)
    if at is not None:
        dossier.book.delete(
            dossier.object_name, dossier.record_id, at, OPERATIONS_USER, winner=None
        )


def _tell_edited_source(dossier: Dossier) -> None:
    days = dossier.rng.randrange(1, 60)
    at = dossier.person.since["salesforce"] + timedelta(days=days, seconds=13)
    dossier.change(at, OPERATIONS_USER, {"LeadSource": "Other"})


def _tell_mass_update(dossier: Dossier) -> None:
    night = (dossier.person.start - timedelta(days=20)).replace(hour=2, minute=0, second=0)
    if dossier.person.since["salesforce"] < night:
        dossier.change(night, OPERATIONS_USER, {})


def _tell_slip(dossier: Dossier) -> None:
    """Tell of a status set by mistake and put right before it counts as a move."""
    steps = dossier.person.steps
    for step, following in zip_longest(steps, steps[1:]):
        at = step.at + timedelta(minutes=dossier.rng.randrange(20, 2000))
        has_time = following is None or at + timedelta(hours=1) < following.at
        if has_time and not step.by_hand and step.stage in _SLIPS:
            right, wrong = _SLIPS[step.stage]
            corrected = at + timedelta(seconds=dossier.rng.randrange(15, 290))
            _set_first_status(dossier, at, dossier.seller, wrong)
            _set_first_status(dossier, corrected, dossier.seller, right)


def _set_first_status(dossier: Dossier, at: datetime, by: str, status: str) -> None:
    # The story has been told to its end: by now the person may be a Contact.
    dossier.book.change("Lead", dossier.book.first("Lead"), at, by, {"Status": status})


def _tell_impossible_dates(dossier: Dossier) -> None:
    person, seller = dossier.person, dossier.seller
    at = max(person.since["salesforce"], person.steps[-1].at) + timedelta(hours=1)
    task = {"WhoId": dossier.record_id, "OwnerId": seller, "Subject": "Call: next year"}
    task |= {"Status": "Not Started", "Priority": "Normal", "ActivityDate": "2202-03-01"}
    dossier.book.create("Task", at, seller, task)
    tell_meeting(dossier, at, at, {"StartDateTime": _EPOCH, "EndDateTime": _EPOCH})
