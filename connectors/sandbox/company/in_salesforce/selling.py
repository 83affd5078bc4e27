"""Conversion of Leads, and Opportunities from the first day to the last."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import get_args

from connectors.sandbox.company.deals import draw_amount, draw_moves
from connectors.sandbox.company.in_salesforce.dossier import Dossier, contact_values, email_of
from connectors.sandbox.company.in_salesforce.ids import account_id, person_record_id
from connectors.sandbox.company.journeys import Step
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.sales import Part, Role
from connectors.sandbox.company.words import words

_ON_THE_WAY = ("Qualification", "Proposal", "Negotiation")
_LONG = timedelta(days=10)
"""From when on another Opportunity may come and go while one is open."""


def tell_opportunity(dossier: Dossier, at: datetime, following: Step | None) -> str:
    """Tell that an Opportunity opened at an instant, with all that becomes of it; return its id.

    A Lead is converted by it; a Contact only gets a role.
    """
    account = _account(dossier, at)
    opportunity = _open(dossier, at, account)
    if dossier.object_name == "Lead":
        _convert(dossier, at, account, opportunity)
    _tell_role(dossier, opportunity, at, dossier.rng.choice(get_args(Role)), is_primary=True)
    _tell_moves(dossier, opportunity, at, following)
    if following is not None:
        _close(dossier, opportunity, following)
    return opportunity


def tell_part(dossier: Dossier, part: Part) -> str:
    """Tell that somebody got a role in a colleague's Opportunity; return its id.

    Some sellers convert the Lead into it; others type a new Contact in and forget the Lead.
    """
    sale, at = part.sale, part.since
    opportunity = person_record_id("Opportunity", sale.opener, sale.count)
    account = account_id(dossier.person.firm.number)
    if dossier.object_name == "Lead":
        if _can_be_typed_in(dossier.person) and dossier.rng.random() < 0.5:
            _start_contact(dossier, at, account)
        else:
            _convert(dossier, at, account, opportunity)
    _tell_role(dossier, opportunity, at, part.role, is_primary=False)
    return opportunity


def tell_early_conversion(dossier: Dossier, step: Step, following: Step | None) -> None:
    """Tell that a Lead was converted without an Opportunity, which only comes later."""
    at = step.at + timedelta(minutes=dossier.rng.randrange(20, 90))
    is_sold = step.stage == "sales_lead" and following and following.stage == "opportunity"
    if is_sold and dossier.object_name == "Lead" and dossier.rng.random() < 0.2:
        _convert(dossier, at, _account(dossier, at), None)


def tell_second_sales(dossier: Dossier) -> None:
    """Tell of Opportunities lost while another one of the same person stayed open.

    The story has been told to its end: the ids of these come after those of the path's own.
    """
    person, rng = dossier.person, dossier.rng
    for step, closing in pairwise(person.steps):
        length = closing.at - step.at
        opened, lost = (
            (step.at + length * rng.uniform(*part)).replace(microsecond=0)
            for part in ((0.2, 0.4), (0.5, 0.9))
        )
        is_opening = step.stage == "opportunity" and person.part_at(step.at) is None
        if is_opening and length > _LONG and rng.random() < 0.15:
            second = _open(dossier, opened, account_id(person.firm.number))
            _tell_role(dossier, second, opened, "Evaluator", is_primary=True)
            _close(dossier, second, Step("lost", lost, "salesforce"))


def _can_be_typed_in(person: Person) -> bool:
    """Whether the address shows that a new Contact is who the Lead is."""
    return email_of(person) is not None and oddity(person) != "role_address"


def _account(dossier: Dossier, at: datetime) -> str:
    firm = dossier.person.firm
    if dossier.object_name == "Contact" or not dossier.person.identity.uses_free_mail:
        return account_id(firm.number)
    # No domain leads to the Account of somebody with free mail: conversion makes another.
    values = {"Name": firm.name, "Type": "Prospect", "BillingCountry": firm.country}
    return dossier.book.create("Account", at, dossier.seller, values | {"OwnerId": dossier.seller})


def _start_contact(dossier: Dossier, at: datetime, account: str) -> str:
    owned = {"AccountId": account, "OwnerId": dossier.seller}
    return dossier.start("Contact", at, dossier.seller, contact_values(dossier.person) | owned)


def _open(dossier: Dossier, at: datetime, account: str) -> str:
    rng, person = dossier.rng, dossier.person
    closes = at.date() + timedelta(days=rng.randrange(25, 80))
    values = {
        "AccountId": account,
        "Name": f"{person.firm.name}: {rng.choice(('first order', 'pilot', 'licence', 'rollout'))}",
        "StageName": rng.choice(("Prospecting", "Prospecting", "Qualification")),
        "Amount": float(draw_amount(rng, person)),
        "CloseDate": "2202-01-15" if oddity(person) == "impossible_date" else closes.isoformat(),
        "Type": "New Business",
        "LeadSource": words()["channels"][person.channel]["salesforce"],
        "OwnerId": dossier.seller,
    }
    return dossier.book.create("Opportunity", at, dossier.seller, values)


def _tell_role(
    dossier: Dossier, opportunity: str, at: datetime, role: Role, *, is_primary: bool
) -> None:
    values = {
        "OpportunityId": opportunity,
        "ContactId": dossier.record_id,
        "Role": role,
        "IsPrimary": is_primary,
    }
    dossier.book.create("OpportunityContactRole", at, dossier.seller, values)


def _close(dossier: Dossier, opportunity: str, closing: Step) -> None:
    stage = "Closed Won" if closing.stage == "customer" else "Closed Lost"
    values = {"StageName": stage, "CloseDate": closing.at.date().isoformat()}
    dossier.book.change("Opportunity", opportunity, closing.at, dossier.seller, values)


def _convert(dossier: Dossier, at: datetime, account: str, opportunity: str | None) -> None:
    lead = dossier.record_id
    contact = _start_contact(dossier, at, account)
    values = {
        "Status": "Qualified",
        "IsConverted": True,
        "ConvertedDate": at.date().isoformat(),
        "ConvertedAccountId": account,
        "ConvertedContactId": contact,
        "ConvertedOpportunityId": opportunity,
    }
    dossier.book.change("Lead", lead, at, dossier.seller, values, event="leadConverted")
    for name, record_id in dossier.activities:
        column = "ContactId" if name == "CampaignMember" else "WhoId"
        dossier.book.change(name, record_id, at, dossier.seller, {column: contact})


def _tell_moves(dossier: Dossier, opportunity: str, at: datetime, following: Step | None) -> None:
    rng, amount = dossier.rng, draw_amount(dossier.rng, dossier.person)
    moves = draw_moves(rng, dossier.person, at, following, len(_ON_THE_WAY))
    for stage, moved in zip(_ON_THE_WAY, moves, strict=False):
        values: dict[str, object] = {"StageName": stage}
        if rng.random() < 0.25:
            values["Amount"] = float(amount)
        if rng.random() < 0.25:
            values["CloseDate"] = (moved.date() + timedelta(days=45)).isoformat()
        dossier.book.change("Opportunity", opportunity, moved, dossier.seller, values)
