"""The shape of the rules about who is who: people, companies and their parts in buying."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from connectors.salesforce.ids import whole_id
from pipelines.rules.models import Key, Strict
from pipelines.rules.reading import Row

EvidenceKind = Literal["email", "mobile", "chat", "phone_and_name", "web_domain", "company_name"]
Confidence = Annotated[float, Field(ge=0, lt=1)]


def whole_key(record_key: str) -> str:
    """Return a record's key as the lake has it: reports show 15 characters of 18."""
    place, _, record_id = record_key.rpartition(":")
    return f"{place}:{whole_id(record_id)}" if place.startswith("salesforce:") else record_key


RecordKey = Annotated[
    str,
    Field(
        pattern=r"^(salesforce:(lead|contact):[A-Za-z0-9]{15}([A-Z0-9]{3})?|hubspot:contact:\d+)$"
    ),
    AfterValidator(whole_key),
]
"""`salesforce:lead:<id>`, `salesforce:contact:<id>` or `hubspot:contact:<id>`, ids being whole."""
LEAST_PROBABILITY = 0.5
"""Of a pair of people that is kept: a rule that asks for less would not find what it asks for."""
Source = Literal["contact_role", "buying_role", "title"]


class Review(Strict):
    """When a group of records is more than one human is likely to have."""

    more_records_than: Annotated[int, Field(ge=1, le=1000)] = 10
    more_addresses_than: Annotated[int, Field(ge=1, le=1000)] = 2
    hold_below: Annotated[float, Field(ge=0, le=1)] = 0.95


class LikelyMatches(Strict):
    """What a build makes of the pairs that `leadcycle match-people` found: nothing, unless used."""

    use: bool = False
    accept_from: Annotated[float, Field(ge=LEAST_PROBABILITY, le=1)] = 0.95
    review_from: Annotated[float, Field(ge=LEAST_PROBABILITY, le=1)] = 0.80

    @model_validator(mode="after")
    def _reviews_what_it_does_not_accept(self) -> "LikelyMatches":
        if self.review_from > self.accept_from:
            raise ValueError("review_from must not be above accept_from")
        return self


class IdentityFile(Strict):
    """`identity.yml`."""

    evidence: dict[EvidenceKind, Confidence]
    """How sure each kind of evidence is; a kind that is not named, or is 0, ties nobody."""
    review: Review = Review()
    likely_matches: LikelyMatches = LikelyMatches()


class Decision(Strict):
    """A row of `identity.csv`: what a person says of two records."""

    decision: Literal["apart", "together"]
    record_key: RecordKey
    other_record_key: RecordKey
    reason: Annotated[str, Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _names_two_records(self) -> "Decision":
        if self.record_key == self.other_record_key:
            raise ValueError("record_key and other_record_key must be two records")
        return self


class LegalForm(Strict):
    """A row of `legal_forms.csv`: what may end a company's name without being part of it."""

    form: Annotated[str, Field(pattern=r"\w")]


class Country(Strict):
    """A row of `countries.csv`: what a country is called, and how numbers are dialled there."""

    country_code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    calling_code: Annotated[str, Field(pattern=r"^[1-9]\d{0,2}$")]
    trunk_prefix: Annotated[str, Field(pattern=r"^\d{0,2}$")] = ""
    names: Annotated[str, Field(min_length=1)]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name and the code, in lower case, once each."""
        names = [name.strip().lower() for name in self.names.split("|")]
        return tuple(dict.fromkeys([self.country_code.lower(), *filter(None, names)]))


class Persona(Strict):
    """A row of `personas.csv`: what a contact role, a buying role or a title makes of somebody."""

    source: Source
    value: Annotated[str, Field(min_length=1)]
    persona: Key | Literal[""] = ""
    role: Key
    side: Literal["user", "decision"]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The values of which one must fit, in lower case; `|` stands between them."""
        return tuple(filter(None, (part.strip().lower() for part in self.value.split("|"))))


@dataclass(frozen=True)
class IdentityRules:
    """Everything that RevOps wrote about identity, valid file by file."""

    settings: IdentityFile
    decisions: Sequence[Row[Decision]]
    legal_forms: Sequence[Row[LegalForm]]
    countries: Sequence[Row[Country]]
    personas: Sequence[Row[Persona]]
