"""What becomes of a person's records whatever the person does: owners, sources and Accounts."""

from datetime import datetime, timedelta

from connectors.sandbox.company.calendar import office_moment
from connectors.sandbox.company.in_salesforce.dossier import OPERATIONS_USER, Dossier
from connectors.sandbox.company.in_salesforce.ids import account_id, person_record_id
from connectors.sandbox.company.staff import sellers
from connectors.sandbox.salesforce.ids import user_id


def tell_handovers(dossier: Dossier, after: datetime, before: datetime) -> None:
    """Tell that a record goes from hand to hand within one stage, as it does for a few."""
    if dossier.rng.random() >= 0.1:
        return
    team = sellers(dossier.person.firm.territory, with_former=False)
    at = after
    for _ in range(dossier.rng.randrange(2, 5)):
        at = office_moment(dossier.rng, at + timedelta(days=dossier.rng.expovariate(1 / 3)))
        if at >= before:
            return
        dossier.change(at, OPERATIONS_USER, {"OwnerId": user_id(dossier.rng.choice(team))})


def tell_corrections(dossier: Dossier) -> None:
    """Tell what is put right about somebody's Contact after their Lead was converted."""
    since = dossier.record_since
    if dossier.object_name != "Contact" or dossier.person.starts_as_contact or since is None:
        return
    at = office_moment(dossier.rng, since + timedelta(days=dossier.rng.uniform(2, 30)))
    if dossier.rng.random() < 0.1:
        dossier.change(at, OPERATIONS_USER, {"LeadSource": "Other"})
    if dossier.book.has("Account"):
        _tell_merged_accounts(dossier, at)
    elif dossier.person.other_firm is not None and dossier.rng.random() < 0.08:
        moved = account_id(dossier.person.other_firm)
        dossier.change(at, OPERATIONS_USER, {"AccountId": moved})


def _tell_merged_accounts(dossier: Dossier, at: datetime) -> None:
    """Tell that the Account made at conversion was merged into the one there was before."""
    if dossier.rng.random() < 0.5:
        return
    winner, loser = account_id(dossier.person.firm.number), dossier.book.first("Account")
    dossier.change(at, OPERATIONS_USER, {"AccountId": winner})
    for count in range(dossier.person.openings_before(at)):
        opportunity = person_record_id("Opportunity", dossier.person.number, count)
        dossier.book.change("Opportunity", opportunity, at, OPERATIONS_USER, {"AccountId": winner})
    dossier.book.delete("Account", loser, at, OPERATIONS_USER, winner)
