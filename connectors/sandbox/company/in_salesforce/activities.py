"""What people do and what their sellers do with them, as Salesforce keeps it."""

from datetime import datetime, timedelta
from typing import Any

from connectors.sandbox.company.calendar import campaign_at, office_moment
from connectors.sandbox.company.in_salesforce.dossier import OPERATIONS_USER, Dossier
from connectors.sandbox.company.in_salesforce.ids import campaign_id
from connectors.sandbox.company.journeys import Deed
from connectors.sandbox.salesforce.times import stamp

_ANSWERED = frozenset({"Event", "Webinar", "Content"})
"""Types of campaigns that people respond to."""


def tell_deed(dossier: Dossier, deed: Deed, at: datetime, earliest: datetime) -> None:
    """Tell what made somebody engaged at an instant; preparations come after `earliest`."""
    campaign = campaign_at(dossier.person.start, at, _ANSWERED)
    if deed == "response" and campaign not in dossier.campaigns:
        _tell_response(dossier, campaign, at, earliest)
    elif deed == "call":
        tell_task(
            dossier, "Call", at, {"Subject": "Call: asked for details", "CallType": "Inbound"}
        )
    else:
        arranged = at - timedelta(hours=dossier.rng.uniform(2, 90))
        tell_meeting(dossier, at, max(arranged.replace(microsecond=0), earliest), {})


def _tell_response(dossier: Dossier, campaign: int, at: datetime, earliest: datetime) -> None:
    response = {
        "Status": "Attended" if campaign % 2 else "Responded",
        "HasResponded": True,
        "FirstRespondedDate": at.date().isoformat(),
    }
    dossier.campaigns.add(campaign)
    values = {"CampaignId": campaign_id(campaign), dossier.reference: dossier.record_id}
    invited = at - timedelta(days=dossier.rng.uniform(1, 9))
    if invited <= earliest:
        dossier.add("CampaignMember", at, OPERATIONS_USER, values | response)
        return
    invitation = values | {"Status": "Invited"}
    member = dossier.add(
        "CampaignMember", invited.replace(microsecond=0), OPERATIONS_USER, invitation
    )
    dossier.book.change("CampaignMember", member, at, OPERATIONS_USER, response)


def tell_scan(dossier: Dossier, at: datetime) -> None:
    """Tell that somebody scanned the code at our stand: no response, and no address."""
    campaign = campaign_at(dossier.person.start, at, frozenset({"Event"}))
    dossier.campaigns.add(campaign)
    values = {"CampaignId": campaign_id(campaign), dossier.reference: dossier.record_id}
    dossier.add("CampaignMember", at, OPERATIONS_USER, values | {"Status": "Scanned"})


def tell_touches(
    dossier: Dossier, after: datetime, before: datetime, opportunity: str | None
) -> None:
    """Tell what the seller does within one stage: calls, e-mails and meetings of their own."""
    about = {"WhatId": opportunity} if opportunity else {}
    at = after
    for _ in range(dossier.rng.randrange(1, 5)):
        hours = 0.5 + dossier.rng.expovariate(1 / 50)
        at = office_moment(dossier.rng, at + timedelta(hours=hours))
        # A touch never outlasts its stage: what follows would look like a step of its own.
        if at + timedelta(hours=2) >= before:
            return
        kind = dossier.rng.choice(("Call", "Call", "Email", "Email", "Meeting"))
        if kind == "Meeting":
            tell_meeting(dossier, at, at - timedelta(minutes=20), about)
        else:
            subject = dossier.rng.choice(_SUBJECTS[kind])
            direction = {"CallType": "Outbound"} if kind == "Call" else {}
            tell_task(dossier, kind, at, {"Subject": subject, **direction, **about})


def tell_task(dossier: Dossier, kind: str, at: datetime, values: dict[str, Any]) -> None:
    """Tell a task that was done as it was written down."""
    seconds = dossier.rng.randrange(60, 1200) if kind == "Call" else None
    standing = {
        "WhoId": dossier.record_id,
        "OwnerId": dossier.seller,
        "Status": "Completed",
        "IsClosed": True,
        "Priority": "Normal",
        "Type": kind,
        "TaskSubtype": kind,
        "CallDurationInSeconds": seconds,
        "ActivityDate": at.date().isoformat(),
        "CompletedDateTime": stamp(at),
    }
    dossier.add("Task", at, dossier.seller, standing | values)


def tell_meeting(
    dossier: Dossier, starts: datetime, arranged: datetime, values: dict[str, Any]
) -> None:
    """Tell a meeting that is arranged at one time and starts at another."""
    minutes = dossier.rng.choice((30, 45, 60))
    standing = {
        "WhoId": dossier.record_id,
        "OwnerId": dossier.seller,
        "Subject": dossier.rng.choice(("Meeting: product demo", "Meeting: requirements")),
        "Type": "Meeting",
        "StartDateTime": stamp(starts),
        "EndDateTime": stamp(starts + timedelta(minutes=minutes)),
        "DurationInMinutes": minutes,
        "ActivityDate": starts.date().isoformat(),
    }
    dossier.add("Event", arranged, dossier.seller, standing | values)


_SUBJECTS: dict[str, tuple[str, ...]] = {
    "Call": ("Call: first conversation", "Call: left a message", "Call: questions on price"),
    "Email": ("Email: introduction", "Email: follow-up", "Email: answers to questions"),
}
