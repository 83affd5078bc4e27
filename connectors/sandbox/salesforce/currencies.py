"""The currencies that the org has once it has several.

Source: Object Reference, "CurrencyType": rates are units for one of the corporate currency; a
currency that has been used stays, and is no longer active.
"""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.features import CURRENCIES, currency_rates
from connectors.sandbox.salesforce.ids import make_id, user_id
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

_SINCE = "2024-06-12T12:00:00.000+0000"


def add_currencies(store: Store) -> None:
    """Fill the table of currencies, unless it is."""
    if store.value("select count(*) from salesforce_CurrencyType") == 0:
        _keep(store, currency_rates(CURRENCIES), _SINCE)


def change_currencies(sandbox: Sandbox) -> None:
    """Let the table of currencies follow the setting; what becomes another is stamped now."""
    rates = currency_rates(sandbox.settings.salesforce_currencies)
    _keep(sandbox.store, rates, stamp(sandbox.clock.now))


def _keep(store: Store, rates: Mapping[str, float], at: str) -> None:
    known = [row[0] for row in store.rows("select IsoCode from salesforce_CurrencyType")]
    numbers = {code: place for place, code in enumerate(dict.fromkeys([*known, *rates]), start=1)}
    corporate, by = next(iter(rates)), user_id(0)
    for code, number in numbers.items():
        rate, is_active = rates.get(code), code in rates
        store.run(
            _KEEP,
            *(make_id("01L", number), code, rate, is_active, code == corporate),
            *(at, by, at, by, at),
        )


_KEEP = """
insert into salesforce_CurrencyType as kept (
    Id, IsoCode, ConversionRate, DecimalPlaces, IsActive, IsCorporate,
    CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp
) values (?, ?, coalesce(?, 1), 2, ?, ?, ?, ?, ?, ?, ?)
on conflict (Id) do update set
    ConversionRate = iif(excluded.IsActive, excluded.ConversionRate, kept.ConversionRate),
    IsActive = excluded.IsActive, IsCorporate = excluded.IsCorporate,
    LastModifiedDate = excluded.LastModifiedDate, SystemModstamp = excluded.SystemModstamp
where (excluded.IsActive, excluded.IsCorporate) is not (kept.IsActive, kept.IsCorporate)
    or (excluded.IsActive and excluded.ConversionRate <> kept.ConversionRate)
"""
