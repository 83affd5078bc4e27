"""What people are called and where they can be reached."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.company.firms import Firm
from connectors.sandbox.company.words import slug, words

Link = Literal["id", "email", "additional_email", "mobile", "chat", "phone", "name"]
"""How the records of a person in both CRMs show that they are one: a name proves nothing, unless it
stands beside one desk's telephone number at one employer."""


@dataclass(frozen=True)
class Identity:
    """Somebody's name, title and addresses. All of them are invented."""

    first_name: str
    last_name: str
    title: str
    email: str
    second_email: str
    uses_free_mail: bool
    mobile: str | None
    """As E.164 has it: a plus, then digits."""
    chat_id: str | None
    direct_line: str | None
    """The telephone on their desk, as E.164 has it; None where only the firm's number is known."""


def draw_identity(
    rng: random.Random, number: int, firm: Firm, link: Link | None, channel_only: bool
) -> Identity:
    """Return who somebody is; the number keeps addresses apart."""
    first, last = draw_name(rng, firm.country)
    free_mail = rng.random() < 0.1
    host = rng.choice(words()["free_mail_hosts"]) if free_mail else firm.domain
    has_chat = link == "chat" or (channel_only and link is None and rng.random() < 0.5)
    has_mobile = link == "mobile" or (channel_only and not has_chat)
    mobile = f"+86199{number:08d}" if firm.country == "China" else f"+1555{number:07d}"
    return Identity(
        first_name=first[0],
        last_name=last[0],
        title=rng.choice(words()["fit" if firm.is_fit else "other"]["titles"]),
        email=f"{first[1]}.{last[1]}.{number}@{host}",
        second_email=f"{first[1][0]}{last[1]}{number}@{host}",
        uses_free_mail=free_mail,
        mobile=mobile if has_mobile or rng.random() < 0.4 else None,
        chat_id=f"wxid_{last[1]}{number}" if has_chat or rng.random() < 0.08 else None,
        direct_line=f"+1557{number:07d}" if link == "phone" else None,
    )


def draw_name(rng: random.Random, country: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return a given and a family name, each with how it stands in an address."""
    groups = words()["name_groups"]
    group = groups[1] if country == "China" else groups[0]
    return _spellings(rng.choice(group["given"])), _spellings(rng.choice(group["family"]))


def respelled(rng: random.Random, identity: Identity) -> tuple[str, str]:
    """Return first and last name as another colleague might have typed them."""
    first, last = identity.first_name, identity.last_name
    if not first.isascii() and not slug(first):
        return rng.choice(((last, first), (first, last)))
    return rng.choice(
        (
            (first, last),
            (first.upper(), last.upper()),
            (slug(first).title(), slug(last).title()),
            (f"{first[0]}.", last),
            (first.lower(), last),
        )
    )


def _spellings(entry: str | Sequence[str]) -> tuple[str, str]:
    """Return a name and how it stands in an address."""
    if not isinstance(entry, str):
        return entry[0], entry[1]
    return entry, slug(entry)
