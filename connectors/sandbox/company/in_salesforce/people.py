"""A person's story as Salesforce tells it: a Lead or a Contact, and everything that hangs on it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import zip_longest

from connectors.sandbox.company.in_salesforce.activities import tell_deed, tell_scan, tell_touches
from connectors.sandbox.company.in_salesforce.book import SalesforceBook
from connectors.sandbox.company.in_salesforce.dossier import (
    OPERATIONS_USER,
    SYNC_USER,
    WORKFLOW_USER,
    Dossier,
    contact_values,
    email_of,
    lead_values,
)
from connectors.sandbox.company.in_salesforce.ids import account_id, queue_id
from connectors.sandbox.company.in_salesforce.mess import first_status, tell_mess
from connectors.sandbox.company.in_salesforce.records import tell_corrections, tell_handovers
from connectors.sandbox.company.in_salesforce.selling import (
    tell_early_conversion,
    tell_opportunity,
    tell_part,
    tell_second_sales,
)
from connectors.sandbox.company.journeys import StageKey, Step
from connectors.sandbox.company.oddities import form_delay, stage_end
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows

STATUS: Mapping[StageKey, str] = {
    "friend": "Following",
    "name": "New",
    "lead": "Marketing Qualified",
    "sales_lead": "Working",
    "recycled": "Recycled",
    "disqualified": "Disqualified",
}
_SOLD_TO: frozenset[StageKey] = frozenset({"lead", "sales_lead", "opportunity"})
"""Stages in which a seller works on somebody."""
_FOUND_BY_SELLERS = frozenset({"referral", "outbound"})


def tell_salesforce(person: Person) -> SalesforceBook:
    """Return everything that Salesforce will ever write down about a person."""
    book = SalesforceBook(person.number)
    if "salesforce" not in person.since:
        return book
    dossier = Dossier(person, book, person.generator("salesforce"))
    _arrive(dossier)
    before = person.since["salesforce"]
    for step, following in zip_longest(person.steps, person.steps[1:]):
        _tell_step(dossier, step, following, before)
        before = max(before, step.at)
    tell_second_sales(dossier)
    tell_corrections(dossier)
    tell_mess(dossier)
    return book


def render_salesforce(person: Person, moment: datetime) -> Rows:
    """Return the rows about a person that Salesforce keeps at a moment."""
    return tell_salesforce(person).rows(moment)


def _arrive(dossier: Dossier) -> None:
    person, at = dossier.person, dossier.person.since["salesforce"]
    stage = person.stage_at(at) or person.steps[0].stage
    sold = person.channel in _FOUND_BY_SELLERS or stage in _SOLD_TO
    has_email = person.email_since is not None and person.email_since <= at
    email = email_of(person) if has_email else None
    if person.starts_as_contact:
        values = contact_values(person) | {"AccountId": account_id(person.firm.number)}
        values |= {"Status__c": STATUS[stage], "OwnerId": dossier.seller}
    else:
        owner = dossier.seller if sold else queue_id("Inbound")
        values = lead_values(person) | {"Status": first_status(person, STATUS[stage])}
        values |= {"Email": email, "OwnerId": owner}
    came_by_sync = "hubspot" in person.since and person.since["hubspot"] < at
    by = SYNC_USER if came_by_sync else dossier.seller if sold else OPERATIONS_USER
    dossier.start("Contact" if person.starts_as_contact else "Lead", at, by, values)
    if person.is_channel_only:
        tell_scan(dossier, at)


def _tell_step(dossier: Dossier, step: Step, following: Step | None, before: datetime) -> None:
    since = dossier.person.since["salesforce"]
    if step.system == "hubspot":
        if form_delay(dossier.person, step):
            _tell_answer_first(dossier, step)
        _mirror(dossier, step, following)
    elif step.at > since:
        _tell_own(dossier, step, following, before)
    if step.stage in _SOLD_TO and step.stage != "opportunity":
        end = stage_end(dossier.person, step, following)
        begins = max(step.at, since, dossier.record_since or since)
        tell_touches(dossier, begins, end - timedelta(hours=3), None)
        tell_handovers(dossier, begins, end - timedelta(hours=3))


def _mirror(dossier: Dossier, step: Step, following: Step | None) -> None:
    """Tell what the native sync copies from HubSpot: minutes later, and nothing outdated."""
    at = step.at + timedelta(seconds=dossier.rng.randrange(120, 720))
    if at <= dossier.person.since["salesforce"] or step.stage not in STATUS:
        return
    if step.stage == "name" and dossier.person.is_channel_only:
        dossier.change(at, SYNC_USER, {"Email": email_of(dossier.person)})
    if following is None or at < following.at:
        owner = {"OwnerId": dossier.seller} if step.stage == "lead" else {}
        dossier.set_status(at, SYNC_USER, STATUS[step.stage], **owner)


def _tell_answer_first(dossier: Dossier, step: Step) -> None:
    """Tell that Salesforce heard of a form at once, long before HubSpot wrote it down."""
    soon = timedelta(seconds=dossier.rng.randrange(3, 30))
    dossier.set_status(step.at + soon, SYNC_USER, "Nurturing")


def _tell_own(dossier: Dossier, step: Step, following: Step | None, before: datetime) -> None:
    seller = dossier.seller
    match step.stage:
        case "name" if step.by_hand:
            dossier.set_status(step.at, seller, STATUS["name"])
        case "name":
            values = {"Email": email_of(dossier.person)} if dossier.person.is_channel_only else {}
            dossier.set_status(step.at, OPERATIONS_USER, STATUS["name"], **values)
        case "engaged" if step.deed:
            tell_deed(dossier, step.deed, step.at, before)
            _tell_answer(dossier, step)
        case "engaged":
            dossier.set_status(step.at, seller, "Nurturing")
        case "lead":
            by = seller if step.by_hand else WORKFLOW_USER
            dossier.set_status(step.at, by, STATUS["lead"], OwnerId=seller)
        case "recycled" if dossier.object_name == "Lead":
            owner = queue_id("Nurture pool")
            dossier.set_status(step.at, seller, STATUS["recycled"], OwnerId=owner)
        case "sales_lead" | "recycled" | "disqualified":
            dossier.set_status(step.at, seller, STATUS[step.stage])
            tell_early_conversion(dossier, step, following)
        case "opportunity":
            part = dossier.person.part_at(step.at)
            opportunity = (
                tell_opportunity(dossier, step.at, following)
                if part is None
                else tell_part(dossier, part)
            )
            end = stage_end(dossier.person, step, following)
            tell_touches(dossier, step.at, end - timedelta(hours=3), opportunity)
        case _:
            pass


def _tell_answer(dossier: Dossier, step: Step) -> None:
    """Tell that a workflow saw what somebody did, as it does for one in two.

    It sees all who are marked as Leads still: being marked again would leave no trace of them.
    """
    soon = timedelta(seconds=dossier.rng.randrange(5, 121))
    is_seen = dossier.rng.random() < 0.5 or dossier.status == STATUS["lead"]
    if any(other.stage == "lead" and other.at == step.at for other in dossier.person.steps):
        soon, is_seen = timedelta(), True
    if is_seen:
        dossier.set_status(step.at + soon, WORKFLOW_USER, "Nurturing")
