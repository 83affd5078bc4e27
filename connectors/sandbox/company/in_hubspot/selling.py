"""Deals from the first day to the last: HubSpot's own, and copies of Salesforce's Opportunities."""

from datetime import datetime, timedelta

from connectors.sandbox.clock import to_ms
from connectors.sandbox.company.deals import draw_amount, draw_moves
from connectors.sandbox.company.in_hubspot.dossier import SALESFORCE_SYNC, Dossier
from connectors.sandbox.company.in_hubspot.ids import company_id, record_id
from connectors.sandbox.company.in_salesforce.ids import person_record_id
from connectors.sandbox.company.journeys import Step
from connectors.sandbox.company.sales import Part
from connectors.sandbox.hubspot.values import Kept

_ON_THE_WAY = (
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
)
_LEFT_AS_IT_WAS = 0.4
"""How often nobody edits a deal when somebody is associated with it."""


def tell_deal(dossier: Dossier, at: datetime, following: Step | None) -> None:
    """Tell that a deal was opened at an instant, with all that becomes of it."""
    deal = _open(dossier, at, {})
    moves = draw_moves(dossier.rng, dossier.person, at, following, len(_ON_THE_WAY))
    for stage, moved in zip(_ON_THE_WAY, moves, strict=False):
        dossier.book.change("deals", deal, moved, dossier.seller, {"dealstage": stage})
    for added in dossier.person.additions:
        if at < added and (following is None or added < following.at):
            amount = str(draw_amount(dossier.rng, dossier.person))
            # Associating somebody is no edit: often nobody touches the deal itself.
            if dossier.rng.random() < _LEFT_AS_IT_WAS:
                continue
            dossier.book.change("deals", deal, added, dossier.seller, {"amount": amount})
    if following is not None:
        closed = _closing(following)
        dossier.book.change("deals", deal, following.at, dossier.seller, closed)


def tell_part(dossier: Dossier, part: Part) -> None:
    """Tell that somebody was associated with a colleague's deal.

    Where the deal itself is saved too, the story of whoever it was opened with says so.
    """
    deal = record_id("deals", part.sale.opener, part.sale.count)
    dossier.book.associate(part.since, ("deals", deal), ("contacts", dossier.contact))


def tell_copied_deal(
    dossier: Dossier, at: datetime, count: int, following: Step | None, delay: timedelta
) -> None:
    """Tell that the native sync made a deal of the person's count-th Opportunity, from 0."""
    opportunity = person_record_id("Opportunity", dossier.person.number, count)
    deal = _open(dossier, at, {"salesforceopportunityid": opportunity})
    if following is not None:
        at = following.at + delay
        closed = _closing(following)
        dossier.book.change("deals", deal, at, SALESFORCE_SYNC, closed)


def _open(dossier: Dossier, at: datetime, values: dict[str, Kept]) -> int:
    person = dossier.person
    closes = at + timedelta(days=dossier.rng.randrange(25, 80))
    deal = dossier.add(
        "deals",
        at,
        SALESFORCE_SYNC if values else dossier.seller,
        dealname=f"{person.firm.name}: new business",
        pipeline="default",
        dealstage="appointmentscheduled",
        amount=str(draw_amount(dossier.rng, person)),
        closedate=to_ms(closes),
        dealtype="newbusiness",
        hubspot_owner_id=dossier.owner,
        **values,
    )
    if not person.identity.uses_free_mail:
        company = company_id(person.firm.number)
        dossier.book.associate(at, ("deals", deal), ("companies", company))
    return deal


def _closing(following: Step) -> dict[str, Kept]:
    stage = "closedwon" if following.stage == "customer" else "closedlost"
    return {"dealstage": stage, "closedate": to_ms(following.at)}
