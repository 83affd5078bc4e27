"""The currencies that the org has once it has several.

Source: Object Reference, "CurrencyType": rates are units for one of the corporate currency.
"""

from connectors.sandbox.salesforce.ids import make_id, user_id
from connectors.sandbox.store import Store

_SINCE = "2024-06-12T12:00:00.000+0000"
_RATES = (("USD", 1.0), ("EUR", 0.92), ("CNY", 7.2))
"""The corporate currency first."""


def add_currencies(store: Store) -> None:
    """Fill the table of currencies, unless it is."""
    by = user_id(0)
    store.run_many(
        _ADD,
        [
            (make_id("01L", number), code, rate, number == 1, _SINCE, by, _SINCE, by, _SINCE)
            for number, (code, rate) in enumerate(_RATES, start=1)
        ],
    )


_ADD = """
insert or ignore into salesforce_CurrencyType (
    Id, IsoCode, ConversionRate, DecimalPlaces, IsActive, IsCorporate,
    CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp
) values (?, ?, ?, 2, 1, ?, ?, ?, ?, ?, ?)
"""
