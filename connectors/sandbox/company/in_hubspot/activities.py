"""What people do and what their sellers do with them, as HubSpot keeps it."""

from datetime import datetime, timedelta

from connectors.sandbox.clock import to_ms
from connectors.sandbox.company.calendar import office_moment
from connectors.sandbox.company.in_hubspot.dossier import Dossier
from connectors.sandbox.company.in_hubspot.ids import owner_id
from connectors.sandbox.company.journeys import Deed
from connectors.sandbox.company.staff import sellers
from connectors.sandbox.hubspot.values import Kept

_FORMS = ("whitepaper", "webinar", "contact-us", "demo-request")
"""Forms that say more than that somebody wants our letters."""


def tell_deed(dossier: Dossier, deed: Deed, at: datetime) -> None:
    """Tell what made somebody engaged at an instant."""
    match deed:
        case "form":
            tell_form(dossier, dossier.rng.choice(_FORMS), at)
        case "meeting":
            _tell_meeting(dossier, at)
        case "email":
            _tell_email(dossier, at, "INCOMING_EMAIL", "Question on your product")
        case _:
            _tell_call(dossier, at, "INBOUND", "Asked for details")


def tell_form(dossier: Dossier, form: str, at: datetime) -> None:
    """Tell that somebody sent a form in; who is in HubSpot twice uses both addresses."""
    identity, contact, email = (
        dossier.person.identity,
        dossier.contact,
        dossier.person.identity.email,
    )
    if dossier.double is not None and at > dossier.double.at and dossier.rng.random() < 0.6:
        contact, email = dossier.double.contact, identity.second_email
    filled: dict[str, Kept] = {"email": email}
    if form != "newsletter":
        filled |= {"firstname": identity.first_name, "lastname": identity.last_name}
    dossier.book.submit(contact, at, form, filled)


def tell_more_forms(dossier: Dossier, after: datetime, before: datetime) -> None:
    """Tell a further form of somebody who is engaged already: it changes nothing."""
    at = office_moment(dossier.rng, after + timedelta(days=dossier.rng.expovariate(1 / 6)))
    if dossier.rng.random() < 0.3 and at + timedelta(hours=1) < before:
        tell_form(dossier, dossier.rng.choice(_FORMS), at)


def tell_touches(dossier: Dossier, after: datetime, before: datetime) -> None:
    """Tell what the seller does within one stage: none of it comes from the person."""
    at = after
    for _ in range(dossier.rng.randrange(1, 5)):
        at = office_moment(dossier.rng, at + timedelta(hours=0.5 + dossier.rng.expovariate(1 / 50)))
        # A touch never outlasts its stage: what follows would look like a step of its own.
        if at + timedelta(hours=2) >= before:
            return
        match dossier.rng.choice(("call", "call", "email", "email", "meeting", "note", "task")):
            case "call":
                _tell_call(dossier, at, "OUTBOUND", "First conversation")
            case "email":
                _tell_email(dossier, at, "EMAIL", "Following up")
            case "meeting":
                _tell_meeting(dossier, at)
            case "note":
                _tell(dossier, "notes", at, hs_note_body="Decides with the board in autumn.")
            case _:
                _tell_task(dossier, at)


def tell_handovers(dossier: Dossier, after: datetime, before: datetime) -> None:
    """Tell that a contact goes from hand to hand within one stage, as it does for a few."""
    if dossier.rng.random() >= 0.1:
        return
    team, at = sellers(dossier.person.firm.territory, with_former=False), after
    for _ in range(dossier.rng.randrange(2, 5)):
        at = office_moment(dossier.rng, at + timedelta(days=dossier.rng.expovariate(1 / 3)))
        if at >= before:
            return
        owner = str(owner_id(dossier.rng.choice(team)))
        dossier.change(at, dossier.seller, hubspot_owner_id=owner)


def _tell_call(dossier: Dossier, at: datetime, direction: str, title: str) -> None:
    _tell(
        dossier,
        "calls",
        at,
        hs_call_title=title,
        hs_call_direction=direction,
        hs_call_status="COMPLETED",
        hs_call_duration=str(dossier.rng.randrange(60, 1200) * 1000),
    )


def _tell_email(dossier: Dossier, at: datetime, direction: str, subject: str) -> None:
    _tell(
        dossier,
        "emails",
        at,
        hs_email_subject=subject,
        hs_email_direction=direction,
        hs_email_status="SENT",
    )


def _tell_meeting(dossier: Dossier, at: datetime) -> None:
    _tell(
        dossier,
        "meetings",
        at,
        hs_meeting_title="Product demo",
        hs_meeting_outcome="COMPLETED",
        hs_meeting_start_time=to_ms(at),
        hs_meeting_end_time=to_ms(at + timedelta(minutes=45)),
    )


def _tell_task(dossier: Dossier, at: datetime) -> None:
    _tell(
        dossier,
        "tasks",
        at,
        hs_task_subject="Send the price list",
        hs_task_status="COMPLETED",
        hs_task_type="TODO",
        hs_task_completion_date=to_ms(at),
    )


def _tell(dossier: Dossier, object_type: str, at: datetime, **values: Kept) -> None:
    standing: dict[str, Kept] = {"hs_timestamp": to_ms(at), "hubspot_owner_id": dossier.owner}
    dossier.add(object_type, at, dossier.seller, **standing, **values)
