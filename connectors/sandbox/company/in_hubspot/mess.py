"""The odd things that happen to some people's contacts in HubSpot."""

from connectors.sandbox.company.in_hubspot.dossier import IMPORT, Dossier, Double, contact_values
from connectors.sandbox.company.oddities import doubling_in_hubspot, removed_at


def tell_double(dossier: Dossier) -> None:
    """Tell of a second contact with another address, merged later; forms may come under both.

    Some share a mobile number with the first.
    """
    person, double = dossier.person, doubling_in_hubspot(dossier.person)
    if double is None:
        return
    values = contact_values(person)
    values |= {"email": person.identity.second_email, "lifecyclestage": "lead"}
    if not double.shares_number:
        values |= {"mobilephone": None, "wechat_id": None}
    other = dossier.book.create("contacts", double.at, IMPORT, values)
    survivor = dossier.book.take_id("contacts")
    dossier.book.merge(dossier.contact, other, survivor, double.merged)
    dossier.double = Double(other, double.at)


def tell_removal(dossier: Dossier) -> None:
    """Tell that somebody's contact was archived; whom Salesforce knows is deleted there instead."""
    removed = removed_at(dossier.person)
    if removed is not None and "salesforce" not in dossier.person.since:
        dossier.book.archive("contacts", dossier.contact, removed)
