"""Lines of an Opportunity: what they cost, and the Amount that they add up to.

Source: Object Reference, "OpportunityLineItem", "Usage" and "Effects on Opportunities". What
becomes of the Amount with the last line is a guess: it stays as it was.
"""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.automation import start_automation
from connectors.sandbox.salesforce.derived import derived_values
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.history import record_changes
from connectors.sandbox.salesforce.pricebooks import STANDARD_PRICEBOOK
from connectors.sandbox.salesforce.schema import ObjectType, object_types
from connectors.sandbox.salesforce.stages import record_stage
from connectors.sandbox.salesforce.storing import find_values, write_values
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.salesforce.values import check_value
from connectors.sandbox.store import Store

Values = dict[str, Any]
LINE = "OpportunityLineItem"


def priced_values(
    sandbox: Sandbox, object_name: str, before: Mapping[str, Any], values: Values
) -> Values:
    """Return the values of a write as prices and lines make them.

    Raises:
        Refusal: a line of another price book, without a price or with two, or an Opportunity that
            is to change its price book or currency under its lines.
    """
    settle = _SETTLING.get(object_name)
    return settle(sandbox.store, before, values) if settle else values


def _of_opportunity(store: Store, before: Mapping[str, Any], values: Values) -> Values:
    """Leave out an Amount that the lines determine: it is passed over, and not refused."""
    if not before or _sum_of_lines(store, before["Id"]) is None:
        return values
    for name in ("Pricebook2Id", "CurrencyIsoCode"):
        if name in values and values[name] != before.get(name):
            message = f"field integrity exception: {name} (opportunity has line items)"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=[name])
    return {name: value for name, value in values.items() if name != "Amount"}


def _of_line(store: Store, before: Mapping[str, Any], values: Values) -> Values:
    priced = values | _prices(object_types(store)[LINE], before, values)
    if before:
        return priced
    opportunity = _row(store, "Opportunity", values.get("OpportunityId"))
    entry = _entry_of(store, values, opportunity)
    if not entry or not opportunity:
        return priced
    if entry["Pricebook2Id"] != (opportunity["Pricebook2Id"] or entry["Pricebook2Id"]):
        raise _unfit("pricebook entry is in a different pricebook than the opportunity")
    if not entry["IsActive"]:
        raise _unfit("pricebook entry is inactive")
    currency = _currency_of(store, opportunity)
    if _currency_of(store, entry) != currency:
        raise _unfit("currency of pricebook entry does not match that of the opportunity")
    named = {"PricebookEntryId": entry["Id"], "Product2Id": entry["Product2Id"]}
    return priced | named | ({"CurrencyIsoCode": currency} if currency else {})


_SETTLING: Mapping[str, Callable[[Store, Mapping[str, Any], Values], Values]] = {
    "Opportunity": _of_opportunity,
    LINE: _of_line,
}


def _entry_of(store: Store, values: Values, opportunity: Mapping[str, Any]) -> Values:
    """Return the price that a new line means; nothing where its reference leads nowhere."""
    if values.get("PricebookEntryId"):
        return _row(store, "PricebookEntry", values["PricebookEntryId"])
    prices = store.rows(
        "select * from salesforce_PricebookEntry where Product2Id = ? and Pricebook2Id = ? "
        "and IsActive and not IsDeleted order by Id",
        values.get("Product2Id"),
        opportunity.get("Pricebook2Id") or STANDARD_PRICEBOOK,
    )
    currency = _currency_of(store, opportunity)
    for entry in map(dict, prices):
        if _currency_of(store, entry) == currency:
            return entry
    message = "Required fields are missing: [PricebookEntryId]"
    raise Refusal("REQUIRED_FIELD_MISSING", message, fields=["PricebookEntryId"])


def _currency_of(store: Store, record: Mapping[str, Any]) -> str | None:
    """Return the currency of a record; None in an org that has one alone."""
    field = object_types(store)["Opportunity"].fields.get("CurrencyIsoCode")
    return None if field is None else record.get("CurrencyIsoCode") or field.default


def _prices(known: ObjectType, before: Mapping[str, Any], values: Values) -> Values:
    """Return price and total; a quantity that changes alone leaves the total as it is."""
    quantity = values.get("Quantity", before.get("Quantity"))
    given = [name for name in ("UnitPrice", "TotalPrice") if values.get(name) is not None]
    if len(given) > 1:
        raise _unfit("specify either UnitPrice or TotalPrice")
    if quantity is None or not (given or "Quantity" in values):
        return {}
    if given == ["UnitPrice"] or not quantity:
        total = values.get("UnitPrice", 0) * quantity
        return {"TotalPrice": check_value(known.fields["TotalPrice"], total)}
    total = values.get("TotalPrice", before.get("TotalPrice"))
    if total is None:
        message = "Required fields are missing: [UnitPrice]"
        raise Refusal("REQUIRED_FIELD_MISSING", message, fields=["UnitPrice"])
    unit = check_value(known.fields["UnitPrice"], total / quantity)
    return {"UnitPrice": unit, "TotalPrice": total}


def settle_amount(sandbox: Sandbox, line: Mapping[str, Any], user_id: str) -> None:
    """Let an Opportunity have the Amount of its lines after one of them was written or deleted."""
    known = object_types(sandbox.store)["Opportunity"]
    before = _row(sandbox.store, known.name, line["OpportunityId"])
    if not before or before["IsDeleted"]:
        return
    now, amount = stamp(sandbox.clock.now), _sum_of_lines(sandbox.store, before["Id"])
    values: Values = {}
    if amount is not None:
        values["Amount"] = check_value(known.fields["Amount"], amount)
    if before["Pricebook2Id"] is None:
        entry = _row(sandbox.store, "PricebookEntry", line["PricebookEntryId"])
        values["Pricebook2Id"] = entry.get("Pricebook2Id")
    values |= {"SystemModstamp": now, "LastModifiedDate": now, "LastModifiedById": user_id}
    values |= derived_values(known, before, {**before, **values})
    write_values(sandbox.store, known, before["Id"], values)
    record_changes(sandbox, known, before, values, user_id)
    record_stage(sandbox, before, {**before, **values}, user_id)
    start_automation(sandbox, known, before, {**before, **values})


def _sum_of_lines(store: Store, opportunity_id: str) -> float | None:
    """Return what the lines of an Opportunity cost together, or None where it has none."""
    total: float | None = store.value(
        "select round(sum(TotalPrice), 2) from salesforce_OpportunityLineItem "
        "where OpportunityId = ? and not IsDeleted",
        opportunity_id,
    )
    return total


def _row(store: Store, object_name: str, record_id: str | None) -> Values:
    return find_values(store, object_types(store)[object_name], record_id or "") or {}


def _unfit(why: str) -> Refusal:
    message = f"field integrity exception: PricebookEntryId ({why})"
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=["PricebookEntryId"])
