"""A person's story as HubSpot tells it: one contact, and everything that hangs on it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import zip_longest

from connectors.sandbox.company.in_hubspot.activities import (
    tell_deed,
    tell_form,
    tell_handovers,
    tell_more_forms,
    tell_touches,
)
from connectors.sandbox.company.in_hubspot.book import HubSpotBook
from connectors.sandbox.company.in_hubspot.dossier import (
    IMPORT,
    SALESFORCE_SYNC,
    WORKFLOW,
    Dossier,
    contact_values,
)
from connectors.sandbox.company.in_hubspot.ids import company_id
from connectors.sandbox.company.in_hubspot.mess import tell_double, tell_removal
from connectors.sandbox.company.in_hubspot.selling import tell_copied_deal, tell_deal, tell_part
from connectors.sandbox.company.in_salesforce.dossier import email_of
from connectors.sandbox.company.in_salesforce.ids import person_record_id
from connectors.sandbox.company.journeys import StageKey, Step
from connectors.sandbox.company.oddities import form_delay, stage_end
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.values import Kept

STAGE: Mapping[StageKey, str] = {
    "friend": "subscriber",
    "name": "lead",
    "lead": "marketingqualifiedlead",
    "sales_lead": "salesqualifiedlead",
    "opportunity": "opportunity",
    "customer": "customer",
}
LEAD_STATUS: Mapping[StageKey, str] = {"recycled": "BAD_TIMING", "disqualified": "UNQUALIFIED"}
_SOLD_TO: frozenset[StageKey] = frozenset({"lead", "sales_lead", "opportunity"})
_FORM_STAGES: frozenset[StageKey] = frozenset({"target", "lead", "sales_lead", "opportunity"})


def tell_hubspot(person: Person) -> HubSpotBook:
    """Return everything that HubSpot will ever write down about a person."""
    book = HubSpotBook(person.number)
    if "hubspot" not in person.since:
        return book
    dossier = Dossier(person, book, person.generator("hubspot"))
    _arrive(dossier)
    tell_double(dossier)
    for step, following in zip_longest(person.steps, person.steps[1:]):
        if step.system == "hubspot":
            _tell_own(dossier, step, following)
        else:
            _mirror(dossier, step, following)
        _tell_around(dossier, step, following)
    tell_removal(dossier)
    return book


def render_hubspot(person: Person, moment: datetime) -> Rows:
    """Return the rows about a person that HubSpot keeps at a moment."""
    return tell_hubspot(person).rows(moment)


def _arrive(dossier: Dossier) -> None:
    person, at = dossier.person, dossier.person.since["hubspot"]
    values = contact_values(person)
    if not person.is_channel_only:
        dossier.stage = STAGE[person.steps[0].stage]
        values |= {"email": person.identity.email, "lifecyclestage": dossier.stage}
    if person.channel in ("referral", "outbound"):
        values["hubspot_owner_id"] = dossier.owner
    source = SALESFORCE_SYNC if person.since.get("salesforce", at) < at else IMPORT
    dossier.contact = dossier.book.create("contacts", at, source, values)
    if not person.identity.uses_free_mail:
        company = company_id(person.firm.number)
        dossier.book.associate(at, ("contacts", dossier.contact), ("companies", company))
    if dossier.stage == "subscriber":
        tell_form(dossier, "newsletter", at)
    _link(dossier)


def _link(dossier: Dossier) -> None:
    """Tell what shows that the contact is somebody whom Salesforce knows too."""
    person = dossier.person
    if not person.is_known_to_both:
        return
    at = max(person.since.values()) + timedelta(seconds=20)
    if person.link == "id":
        lead = person_record_id("Lead", person.number, 0)
        dossier.change(at, SALESFORCE_SYNC, salesforceleadid=lead)
    elif person.link == "additional_email":
        dossier.change(at, dossier.seller, hs_additional_emails=email_of(person))


def _tell_own(dossier: Dossier, step: Step, following: Step | None) -> None:
    if step.at <= dossier.person.since["hubspot"]:
        return
    match step.stage:
        case "name":
            _give_email(dossier, step.at, IMPORT)
            dossier.set_stage(step.at, IMPORT, STAGE["name"])
        case "engaged":
            delay = form_delay(dossier.person, step)
            tell_deed(dossier, step.deed, step.at + delay if delay else step.at)
        case "lead":
            dossier.set_stage(step.at, WORKFLOW, STAGE["lead"])
            dossier.change(step.at, WORKFLOW, hubspot_owner_id=dossier.owner)
        case "opportunity":
            part = dossier.person.part_at(step.at)
            if part is None:
                tell_deal(dossier, step.at, following)
            else:
                tell_part(dossier, part)
            dossier.set_stage(_soon(dossier, step), WORKFLOW, STAGE["opportunity"])
        case "customer":
            dossier.set_stage(_soon(dossier, step), WORKFLOW, STAGE["customer"])
        case _:
            _set_mapped(dossier, step, step.at, dossier.seller)


def _mirror(dossier: Dossier, step: Step, following: Step | None) -> None:
    """Tell what the native sync copies from Salesforce: minutes later, and nothing outdated."""
    person = dossier.person
    delay = timedelta(seconds=dossier.rng.randrange(120, 720))
    at = step.at + delay
    if at <= person.since["hubspot"] or (following is not None and at >= following.at):
        return
    _set_mapped(dossier, step, at, SALESFORCE_SYNC)
    if step.stage != "opportunity":
        return
    is_first = person.stages_before(step.at).count("opportunity") == 0
    if person.link == "id" and is_first:
        contact = person_record_id("Contact", person.number, 0)
        shown = contact[:15] if person.number % 2 else contact
        dossier.change(at, SALESFORCE_SYNC, salesforcecontactid=shown)
    if person.part_at(step.at) is None and dossier.rng.random() < 0.5:
        count = person.openings_before(step.at)
        tell_copied_deal(dossier, at, count, following, delay)


def _set_mapped(dossier: Dossier, step: Step, at: datetime, source: Source) -> None:
    if step.stage in LEAD_STATUS:
        dossier.set_lead_status(at, source, LEAD_STATUS[step.stage])
    elif step.stage in STAGE:
        dossier.set_stage(at, source, STAGE[step.stage])


def _tell_around(dossier: Dossier, step: Step, following: Step | None) -> None:
    end = stage_end(dossier.person, step, following)
    if step.stage in _SOLD_TO and "salesforce" not in dossier.person.since:
        tell_touches(dossier, step.at, end - timedelta(hours=3))
        tell_handovers(dossier, step.at, end - timedelta(hours=3))
    if step.stage in _FORM_STAGES and not dossier.person.is_channel_only:
        tell_more_forms(dossier, step.at, end - timedelta(hours=3))


def _give_email(dossier: Dossier, at: datetime, source: Source) -> None:
    if dossier.person.is_channel_only:
        email: Kept = dossier.person.identity.email
        dossier.change(at, source, email=email)


def _soon(dossier: Dossier, step: Step) -> datetime:
    return step.at + timedelta(seconds=dossier.rng.randrange(20, 91))
