"""Price books: the standard one, which every org has, and what its prices mean for the others.

Source: Object Reference, "Pricebook2" and "PricebookEntry": a product has a standard price before
it has any other, and one price in each book and currency.
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import make_id, user_id
from connectors.sandbox.salesforce.object_types import ObjectType
from connectors.sandbox.store import Store

STANDARD_PRICEBOOK = make_id("01s", 1)
_SINCE = "2024-06-12T12:00:00.000+0000"


def add_standard_pricebook(store: Store) -> None:
    """Add the standard price book, unless it is there."""
    by = user_id(0)
    store.run(_ADD, STANDARD_PRICEBOOK, _SINCE, by, _SINCE, by, _SINCE)


_ADD = """
insert or ignore into salesforce_Pricebook2 (
    Id, Name, IsDeleted, IsActive, IsArchived, IsStandard,
    CreatedDate, CreatedById, LastModifiedDate, LastModifiedById, SystemModstamp
) values (?, 'Standard Price Book', 0, 1, 0, 1, ?, ?, ?, ?, ?)
"""


def check_price(store: Store, known: ObjectType, values: Mapping[str, Any]) -> None:
    """Check the price that a product is to have in a price book.

    Args:
        store: Where the prices are.
        known: PricebookEntry, as this org has it.
        values: The price as it is to be kept.

    Raises:
        Refusal: it has one there already, or it has no standard price and needs that first.
    """
    currency = known.fields.get("CurrencyIsoCode")
    corporate = currency.default if currency else None
    priced = (values["Product2Id"], corporate, values.get("CurrencyIsoCode") or corporate)
    if store.value(_TWIN, values["Pricebook2Id"], *priced) not in (None, values.get("Id")):
        message = "This price definition already exists in this price book"
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
    is_standard = values["Pricebook2Id"] == STANDARD_PRICEBOOK
    if not is_standard and store.value(_TWIN, STANDARD_PRICEBOOK, *priced) is None:
        message = "No standard price defined for this product"
        raise Refusal("STANDARD_PRICE_NOT_DEFINED", message)


_TWIN = """
select Id from salesforce_PricebookEntry where Pricebook2Id = ? and Product2Id = ?
and coalesce(CurrencyIsoCode, ?) is ? and not IsDeleted
"""
