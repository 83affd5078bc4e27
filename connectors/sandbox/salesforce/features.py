"""What an org has switched on, and which of the fields that Salesforce knows it has therefore.

Sources: Object Reference, "CurrencyType" and "RecordType"; Salesforce Help, "Field History
Tracking".
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from connectors.sandbox.salesforce.object_types import Field, ObjectType
from connectors.sandbox.store import Store

_SWITCHES = ("multicurrency", "person_accounts")
CURRENCIES = "USD=1,EUR=0.92,CNY=7.2"
"""The currencies of an org that has several, unless its settings name others."""


@dataclass(frozen=True)
class Features:
    """The features of an org, as far as they decide what objects and fields there are."""

    names: frozenset[str] = frozenset()
    """Of the features that are on or off: multicurrency, person_accounts."""
    currencies: tuple[str, ...] = ()
    """ISO codes, the corporate currency first."""
    with_record_types: frozenset[str] = frozenset()
    """Names of objects that have record types of their own."""

    def has(self, known: ObjectType) -> bool:
        """Tell whether an org of these features has an object."""
        return not known.requires or known.requires in self.names

    def fitted(self, known: ObjectType) -> ObjectType:
        """Return an object with the fields that an org of these features has."""
        return replace(known, fields={field.name: field for field in self._fields_of(known)})

    def _fields_of(self, known: ObjectType) -> Iterator[Field]:
        there = {"", *self.names}
        if known.name in self.with_record_types:
            there.add("record_types")
        for field in known.fields.values():
            if field.requires in there:
                yield self._of_currency(field) if field.name in _OF_CURRENCY else field

    def _of_currency(self, field: Field) -> Field:
        default = field.default and self.currencies[0]
        return replace(field, options=self.currencies, default=default)


_OF_CURRENCY = ("CurrencyIsoCode", "IsoCode")


def features(store: Store) -> Features:
    """Return the features of the org, as its settings and its record types say."""
    found = store.rows(_FEATURES)[0]
    return _features(found["settings"], found["typed"])


_FEATURES = """
select coalesce((select value from state where name = 'settings'), '{}') as settings,
    (select json_group_array(distinct SobjectType) from salesforce_RecordType) as typed
"""


@lru_cache(maxsize=16)
def _features(text: str, typed: str) -> Features:
    settings, with_record_types = json.loads(text), frozenset(json.loads(typed))
    names = frozenset(name for name in _SWITCHES if settings.get(f"salesforce_{name}"))
    rates = currency_rates(settings.get("salesforce_currencies", CURRENCIES))
    return Features(names, tuple(rates), with_record_types)


def currency_rates(text: str) -> Mapping[str, float]:
    """Return the rates of currencies, the corporate one first, written as USD=1,EUR=0.92.

    Raises:
        ValueError: a code is no three capitals, stands twice, or has no rate above nothing; or the
            first one's is not 1.
    """
    rates: dict[str, float] = {}
    for part in text.split(","):
        code, _, rate = part.strip().partition("=")
        if not (len(code) == 3 and code.isascii() and code.isupper()) or code in rates:
            raise ValueError(f"{part!r} is no currency with its rate, such as EUR=0.92")
        rates[code] = float(rate)
    if next(iter(rates.values())) != 1 or not all(0 < rate < 1e12 for rate in rates.values()):
        raise ValueError("rates are units for one of the first currency, whose own is 1")
    return rates
