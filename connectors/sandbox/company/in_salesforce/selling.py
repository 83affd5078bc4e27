"""Conversion of Leads, and Opportunities from the first day to the last."""

from datetime import datetime, timedelta

from connectors.sandbox.company.deals import draw_amount, draw_moves
from connectors.sandbox.company.in_salesforce.dossier import Dossier, contact_values
from connectors.sandbox.company.in_salesforce.ids import account_id
from connectors.sandbox.company.journeys import Step
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.words import words

_ON_THE_WAY = ("Qualification", "Proposal", "Negotiation")


def tell_opportunity(dossier: Dossier, at: datetime, following: Step | None) -> str:
    """Tell that an Opportunity opened at an instant, with all that becomes of it; return its id.

    A Lead is converted by it; a Contact only gets a role.
    """
    lead = dossier.record_id if dossier.object_name == "Lead" else None
    account = _account(dossier, at, lead is not None)
    if lead:
        dossier.record_id = dossier.book.create(
            "Contact",
            at,
            dossier.seller,
            contact_values(dossier.person) | {"AccountId": account, "OwnerId": dossier.seller},
        )
        dossier.object_name = "Contact"
    opportunity = _open(dossier, at, account)
    if lead:
        _convert(dossier, lead, at, account, opportunity)
    _tell_moves(dossier, opportunity, at, following)
    if following is not None:
        stage = "Closed Won" if following.stage == "customer" else "Closed Lost"
        values = {"StageName": stage, "CloseDate": following.at.date().isoformat()}
        dossier.book.change("Opportunity", opportunity, following.at, dossier.seller, values)
    return opportunity


def _account(dossier: Dossier, at: datetime, converting: bool) -> str:
    firm = dossier.person.firm
    if not (converting and dossier.person.identity.uses_free_mail):
        return account_id(firm.number)
    # No domain leads to the Account of somebody with free mail: conversion makes another.
    values = {"Name": firm.name, "Type": "Prospect", "BillingCountry": firm.country}
    return dossier.book.create("Account", at, dossier.seller, values | {"OwnerId": dossier.seller})


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
    opportunity = dossier.book.create("Opportunity", at, dossier.seller, values)
    role = {
        "OpportunityId": opportunity,
        "ContactId": dossier.record_id,
        "Role": rng.choice(("Decision Maker", "Evaluator", "Technical Buyer", "Business User")),
        "IsPrimary": True,
    }
    dossier.book.create("OpportunityContactRole", at, dossier.seller, role)
    return opportunity


def _convert(dossier: Dossier, lead: str, at: datetime, account: str, opportunity: str) -> None:
    contact = dossier.record_id
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
