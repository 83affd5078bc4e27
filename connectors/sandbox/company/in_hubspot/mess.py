"""The odd things that happen to some people's contacts in HubSpot."""

from datetime import timedelta

from connectors.sandbox.company.in_hubspot.dossier import IMPORT, Dossier, contact_values
from connectors.sandbox.company.oddities import doubled_at, oddity, removed_at


def tell_mess(dossier: Dossier) -> None:
    """Tell what is odd about a person's contact; whom Salesforce knows has the oddity there."""
    if "salesforce" in dossier.person.since:
        return
    match oddity(dossier.person):
        case "merged" if dossier.person.identity.mobile:
            _tell_merge(dossier)
        case "deleted":
            removed = removed_at(dossier.person)
            if removed is not None:
                dossier.book.archive("contacts", dossier.contact, removed)
        case _:
            pass


def _tell_merge(dossier: Dossier) -> None:
    """Tell of a second contact with another address and the same mobile number, merged later."""
    person, at = dossier.person, doubled_at(dossier.person)
    if at is None:
        return
    values = contact_values(person)
    values |= {"email": person.identity.second_email, "lifecyclestage": "lead"}
    other = dossier.book.create("contacts", at, IMPORT, values)
    merged = at + timedelta(days=dossier.rng.randrange(2, 20), seconds=41)
    survivor = dossier.book.take_id("contacts")
    dossier.book.merge(dossier.contact, other, survivor, merged)
