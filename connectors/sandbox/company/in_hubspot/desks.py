"""Desks: contacts with a role address, of which several people of a company make use."""

from datetime import datetime, timedelta

from connectors.sandbox.company.calendar import FUTURE, HISTORY, office_moment
from connectors.sandbox.company.firms import Firm
from connectors.sandbox.company.identities import draw_name
from connectors.sandbox.company.in_hubspot.book import HubSpotBook
from connectors.sandbox.company.in_hubspot.ids import company_id
from connectors.sandbox.company.words import generator
from connectors.sandbox.hubspot.records import Source

_EVERY = 15
"""One firm in so many has a desk."""


def has_desk(firm: int) -> bool:
    """Whether a firm, by its number, has a desk."""
    return firm % _EVERY == 0


def tell_desk(seed: int, start: datetime, firm: Firm, first: int) -> HubSpotBook:
    """Tell that one after the other orders the newsletter, each under a name of their own.

    `first` is a number beyond those of people.
    """
    rng = generator(seed, "desk", firm.number)
    book = HubSpotBook(first + firm.number)
    email = f"info@{firm.domain}"
    at = office_moment(rng, start - HISTORY * rng.random())
    values = {"email": email, "company": firm.name, "lifecyclestage": "subscriber"}
    desk = book.create("contacts", at, Source("FORM", "newsletter"), values)
    book.associate(at, ("contacts", desk), ("companies", company_id(firm.number)))
    while at < start + FUTURE:
        (given, _), (family, _) = draw_name(rng, firm.country)
        named = {"firstname": given, "lastname": family}
        book.change("contacts", desk, at, Source("FORM", "newsletter"), named)
        book.submit(desk, at, "newsletter", {"email": email} | named)
        at = office_moment(rng, at + timedelta(days=rng.uniform(20, 200)))
    return book
