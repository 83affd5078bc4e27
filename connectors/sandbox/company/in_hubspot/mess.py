"""The odd things that happen to some people's contacts in HubSpot."""

from datetime import timedelta

from connectors.sandbox.company.in_hubspot.dossier import IMPORT, Dossier, Double, contact_values
from connectors.sandbox.company.oddities import doubled_at, oddity, removed_at


def tell_double(dossier: Dossier) -> None:
    """Tell of a second contact with another address, merged later; forms may come under both.

    Some share a mobile number with the first; whom Salesforce knows is doubled there instead.
    """
    person, at = dossier.person, doubled_at(dossier.person)
    if "salesforce" in person.since or oddity(person) != "merged" or at is None:
        return
    values = contact_values(person)
    values |= {"email": person.identity.second_email, "lifecyclestage": "lead"}
    if dossier.rng.random() < 0.5:
        values |= {"mobilephone": None, "wechat_id": None}
    other = dossier.book.create("contacts", at, IMPORT, values)
    merged = at + timedelta(days=dossier.rng.randrange(2, 20), seconds=41)
    survivor = dossier.book.take_id("contacts")
    dossier.book.merge(dossier.contact, other, survivor, merged)
    dossier.double = Double(other, at)


def tell_removal(dossier: Dossier) -> None:
    """Tell that somebody's contact was archived; whom Salesforce knows is deleted there instead."""
    removed = removed_at(dossier.person)
    if removed is not None and "salesforce" not in dossier.person.since:
        dossier.book.archive("contacts", dossier.contact, removed)
