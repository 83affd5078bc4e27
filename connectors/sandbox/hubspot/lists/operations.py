"""The operations of a list's property filters, each a piece of SQL, by type and operator."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.filter_operators import Sql, join
from connectors.sandbox.hubspot.filters import Searchable
from connectors.sandbox.hubspot.lists.time_points import moment_at, shifted
from connectors.sandbox.hubspot.requests import object_in, texts_of
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.hubspot.values import options_of

Operation = Callable[[Searchable, Property, Mapping[str, Any]], Sql]
MOST_VALUES = 1_000
"""The sandbox's own limit: HubSpot tells none, and each value takes a look at every record."""
_FAR = 1e15
"""Further than any number that a store keeps exactly."""


def _known(searchable: Searchable, known: Property, _: Mapping[str, Any]) -> Sql:
    return Sql(f"({searchable.column(known)} is not null)")


def _equals(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    listed = f"{searchable.column(known)} in (select value from json_each(?))"  # noqa: S608 - ours
    return Sql(f"coalesce({listed}, 0)", (json.dumps(_texts(given)),))


def _like(before: str, after: str) -> Operation:
    def match(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        column = f"coalesce({searchable.column(known)}, '')"
        patterns = [f"{before}{_escaped(text)}{after}" for text in _few_texts(given)]
        parts = [Sql(f"({column} like ? escape '\\')", (pattern,)) for pattern in patterns]
        return join(" or ", parts)

    return match


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _texts(given: Mapping[str, Any]) -> list[str]:
    """Return the value or the values of an operation in lower case, as columns are."""
    alone = given.get("value")
    values = texts_of(given, "values") or ([] if alone is None else [str(alone)])
    if not values:
        raise bad_input(f"a value is required by the operator {given.get('operator')}")
    return [value.lower() for value in values]


def _few_texts(given: Mapping[str, Any]) -> list[str]:
    """Return the values of an operation that holds each of them against every record."""
    values = _texts(given)
    if len(values) > MOST_VALUES:
        raise bad_input(f"Up to {MOST_VALUES} values are allowed by {given.get('operator')}")
    return values


def _boolean(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    return Sql(f"({searchable.column(known)} is ?)", tuple(_texts(given)[:1]))


def _compares(mark: str) -> Operation:
    def compare(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        value = _number(given, "value")
        return Sql(f"coalesce({searchable.column(known)} {mark} ?, 0)", (value,))

    return compare


def _ranged(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    bounds = (_number(given, "lowerBound"), _number(given, "upperBound"))
    return Sql(f"coalesce({searchable.column(known)} between ? and ?, 0)", bounds)


def _number(given: Mapping[str, Any], name: str) -> float:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FAR:
        raise bad_input(f"{name} must be a number")
    return float(value)


def _any_of(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    return join(" or ", [_holds(searchable, known, option) for option in _few_texts(given)])


def _all_of(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    return join(" and ", [_holds(searchable, known, option) for option in _few_texts(given)])


def _exactly(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    wanted = sorted(options_of(";".join(_texts(given))))
    size = (
        f"length({searchable.column(known)}) - length(replace({searchable.column(known)}, ';', ''))"
    )
    count = Sql(f"coalesce({size} + 1 = ?, 0)", (len(wanted),))
    return join(" and ", [_all_of(searchable, known, given), count])


def _holds(searchable: Searchable, known: Property, option: str) -> Sql:
    """Return that an option is among the chosen ones; of one choice it is the only one."""
    column = f"';' || {searchable.column(known)} || ';'"
    return Sql(f"coalesce(instr({column}, ?) > 0, 0)", (f";{option};",))


def _point(mark: str) -> Operation:
    def compare(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        inclusive = "=" if given.get("endpointBehavior") == "INCLUSIVE" else ""
        moment = moment_at(searchable.sandbox.clock.now, object_in(given, "timePoint"))
        return Sql(f"coalesce({_ms(searchable, known)} {mark}{inclusive} ?, 0)", (moment,))

    return compare


def _between_points(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
    names = ("lowerBoundTimePoint", "upperBoundTimePoint")
    bounds = tuple(
        moment_at(searchable.sandbox.clock.now, object_in(given, name)) for name in names
    )
    return Sql(f"coalesce({_ms(searchable, known)} between ? and ?, 0)", bounds)


def _within_days(direction: int) -> Operation:
    """Return the operation of a moment between now and so many days ago (-1) or ahead (1)."""

    def compare(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        bounds = sorted((_edge(searchable, given, direction), searchable.sandbox.clock.now_ms))
        return Sql(f"coalesce({_ms(searchable, known)} between ? and ?, 0)", tuple(bounds))

    return compare


def _beyond_days(direction: int) -> Operation:
    """Return the operation of a moment before so many days ago (-1), or after so many ahead (1)."""
    mark = "<" if direction < 0 else ">"

    def compare(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        edge = _edge(searchable, given, direction)
        return Sql(f"coalesce({_ms(searchable, known)} {mark} ?, 0)", (edge,))

    return compare


def _edge(searchable: Searchable, given: Mapping[str, Any], direction: int) -> int:
    return shifted(searchable.sandbox.clock.now, days=direction * _number(given, "numberOfDays"))


def _ms(searchable: Searchable, known: Property) -> str:
    """Return SQL of a moment in milliseconds; a date is the midnight that it begins with."""
    column = searchable.column(known)
    return column if known.type == "datetime" else f"1000 * unixepoch({column})"


def _no(operation: Operation) -> Operation:
    def negated(searchable: Searchable, known: Property, given: Mapping[str, Any]) -> Sql:
        # Records without a value are for includeObjectsWithNoValueSet to say.
        has_value = _known(searchable, known, given)
        return join(" and ", [has_value, operation(searchable, known, given).negated()])

    return negated


_TEXTS: Mapping[str, Operation] = {
    "IS_EQUAL_TO": _equals,
    "IS_NOT_EQUAL_TO": _no(_equals),
    "CONTAINS": _like("%", "%"),
    "DOES_NOT_CONTAIN": _no(_like("%", "%")),
    "STARTS_WITH": _like("", "%"),
    "ENDS_WITH": _like("%", ""),
}
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "ALL_PROPERTY": {
        "IS_KNOWN": _known,
        "IS_NOT_BLANK": _known,
        "IS_UNKNOWN": lambda searchable, known, given: _known(searchable, known, given).negated(),
        "IS_BLANK": lambda searchable, known, given: _known(searchable, known, given).negated(),
    },
    "STRING": _TEXTS,
    "MULTISTRING": _TEXTS,
    "BOOL": {"IS_EQUAL_TO": _boolean, "IS_NOT_EQUAL_TO": _no(_boolean)},
    "NUMBER": {
        "IS_EQUAL_TO": _compares("="),
        "IS_NOT_EQUAL_TO": _no(_compares("=")),
        "IS_GREATER_THAN": _compares(">"),
        "IS_GREATER_THAN_OR_EQUAL_TO": _compares(">="),
        "IS_LESS_THAN": _compares("<"),
        "IS_LESS_THAN_OR_EQUAL_TO": _compares("<="),
    },
    "NUMBER_RANGED": {"IS_BETWEEN": _ranged, "IS_NOT_BETWEEN": _no(_ranged)},
    "ENUMERATION": {
        "IS_ANY_OF": _any_of,
        "IS_NONE_OF": _no(_any_of),
        "CONTAINS_ALL": _all_of,
        "DOES_NOT_CONTAIN_ALL": _no(_all_of),
        "IS_EXACTLY": _exactly,
        "IS_NOT_EXACTLY": _no(_exactly),
    },
    "TIME_POINT": {"IS_AFTER": _point(">"), "IS_BEFORE": _point("<")},
    "TIME_RANGED": {"IS_BETWEEN": _between_points, "IS_NOT_BETWEEN": _no(_between_points)},
    "ROLLING_DATE_RANGE": {
        "IS_LESS_THAN_X_DAYS_AGO": _within_days(-1),
        "IS_MORE_THAN_X_DAYS_AGO": _beyond_days(-1),
        "IS_LESS_THAN_X_DAYS_FROM_NOW": _within_days(1),
        "IS_MORE_THAN_X_DAYS_FROM_NOW": _beyond_days(1),
    },
}
"""What HubSpot asks of the past (HAS_EVER_...) and of other lists is not among them."""
