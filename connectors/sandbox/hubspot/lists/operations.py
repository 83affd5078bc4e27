"""The operations of a list's property filters, each a piece of SQL, by type and operator."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from connectors.sandbox.clock import to_ms
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.filter_operators import Sql, join
from connectors.sandbox.hubspot.filters import Schema
from connectors.sandbox.hubspot.requests import whole_of
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.hubspot.values import options_of

Operation = Callable[[Schema, Property, Mapping[str, Any]], Sql]
_DAY_MS = 86_400_000


def _known(schema: Schema, known: Property, _: Mapping[str, Any]) -> Sql:
    return Sql(f"({schema.column(known)} is not null)")


def _equals(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    return join(" or ", [Sql(f"({schema.column(known)} is ?)", (v,)) for v in _texts(given)])


def _like(before: str, after: str) -> Operation:
    def match(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
        column = f"coalesce({schema.column(known)}, '')"
        patterns = [f"{before}{_escaped(text)}{after}" for text in _texts(given)]
        parts = [Sql(f"({column} like ? escape '\\')", (pattern,)) for pattern in patterns]
        return join(" or ", parts)

    return match


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _texts(given: Mapping[str, Any]) -> list[str]:
    """Return the value or the values of an operation in lower case, as columns are."""
    values = given.get("values") if given.get("values") is not None else [given.get("value")]
    if not values or any(value is None for value in values):
        raise bad_input(f"a value is required by the operator {given.get('operator')}")
    return [str(value).lower() for value in values]


def _boolean(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    return Sql(f"({schema.column(known)} is ?)", tuple(_texts(given)[:1]))


def _compares(mark: str) -> Operation:
    def compare(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
        value = _number(given, "value")
        return Sql(f"coalesce({schema.column(known)} {mark} ?, 0)", (value,))

    return compare


def _ranged(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    bounds = (_number(given, "lowerBound"), _number(given, "upperBound"))
    return Sql(f"coalesce({schema.column(known)} between ? and ?, 0)", bounds)


def _number(given: Mapping[str, Any], name: str) -> float:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_input(f"{name} must be a number")
    return float(value)


def _any_of(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    return join(" or ", [_holds(schema, known, option) for option in _texts(given)])


def _all_of(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    return join(" and ", [_holds(schema, known, option) for option in _texts(given)])


def _exactly(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    wanted = sorted(options_of(";".join(_texts(given))))
    size = f"length({schema.column(known)}) - length(replace({schema.column(known)}, ';', ''))"
    count = Sql(f"coalesce({size} + 1 = ?, 0)", (len(wanted),))
    return join(" and ", [_all_of(schema, known, given), count])


def _holds(schema: Schema, known: Property, option: str) -> Sql:
    """Return that an option is among the chosen ones; of one choice it is the only one."""
    column = f"';' || {schema.column(known)} || ';'"
    return Sql(f"coalesce(instr({column}, ?) > 0, 0)", (f";{option};",))


def _point(mark: str) -> Operation:
    def compare(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
        inclusive = "=" if given.get("endpointBehavior") == "INCLUSIVE" else ""
        moment = _moment(schema, given.get("timePoint") or {})
        return Sql(f"coalesce({_ms(schema, known)} {mark}{inclusive} ?, 0)", (moment,))

    return compare


def _between_points(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
    names = ("lowerBoundTimePoint", "upperBoundTimePoint")
    bounds = tuple(_moment(schema, given.get(name) or {}) for name in names)
    return Sql(f"coalesce({_ms(schema, known)} between ? and ?, 0)", bounds)


def _days_ago(mark: str, direction: int) -> Operation:
    def compare(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
        days = _number(given, "numberOfDays")
        edge = schema.sandbox.clock.now_ms + direction * int(days * _DAY_MS)
        bounds = sorted((edge, schema.sandbox.clock.now_ms))
        if mark == "within":
            return Sql(f"coalesce({_ms(schema, known)} between ? and ?, 0)", tuple(bounds))
        return Sql(f"coalesce({_ms(schema, known)} {mark} ?, 0)", (edge,))

    return compare


def _ms(schema: Schema, known: Property) -> str:
    """Return SQL of a moment in milliseconds; a date is the midnight that it begins with."""
    column = schema.column(known)
    return column if known.type == "datetime" else f"1000 * unixepoch({column})"


def _moment(schema: Schema, point: Mapping[str, Any]) -> int:
    """Return a time point in milliseconds since 1970: a date with a time, or one told from now.

    Raises:
        Refusal: it is of another kind.
    """
    kind, zone = point.get("timeType"), _zone(str(point.get("zoneId") or "UTC"))
    if kind == "DATE":
        return to_ms(_date_and_time(point, zone))
    reference = (point.get("indexReference") or {}).get("referenceType")
    if kind != "INDEXED" or reference not in ("NOW", "TODAY"):
        raise bad_input(f"Time points of the type {kind} with {reference} are not supported here")
    now = schema.sandbox.clock.now.astimezone(zone)
    if reference == "TODAY":
        now = datetime.combine(now.date(), time(), zone)
    offset = point.get("offset") or {}
    units = {name: whole_of(offset, name, 0) for name in ("weeks", "days", "hours", "minutes")}
    return to_ms(now + timedelta(**units))


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise bad_input(f"zoneId of a time point: there is no {name}")
    return ZoneInfo(name)


def _date_and_time(point: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    year, month, day = (_part(point, name) for name in ("year", "month", "day"))
    hour, minute, second = (whole_of(point, name, 0) for name in ("hour", "minute", "second"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        raise bad_input("A time point must be a day of the calendar with a time") from None


def _part(point: Mapping[str, Any], name: str) -> int:
    value = point.get(name)
    if not isinstance(value, int):
        raise bad_input(f"{name} of a time point must be a number")
    return value


def _no(operation: Operation) -> Operation:
    def negated(schema: Schema, known: Property, given: Mapping[str, Any]) -> Sql:
        # Records without a value are for includeObjectsWithNoValueSet to say.
        has_value = _known(schema, known, given)
        return join(" and ", [has_value, operation(schema, known, given).negated()])

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
        "IS_UNKNOWN": lambda schema, known, given: _known(schema, known, given).negated(),
        "IS_BLANK": lambda schema, known, given: _known(schema, known, given).negated(),
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
        "IS_LESS_THAN_X_DAYS_AGO": _days_ago("within", -1),
        "IS_MORE_THAN_X_DAYS_AGO": _days_ago("<", -1),
        "IS_LESS_THAN_X_DAYS_FROM_NOW": _days_ago("within", 1),
        "IS_MORE_THAN_X_DAYS_FROM_NOW": _days_ago(">", 1),
    },
}
"""What HubSpot asks of the past (HAS_EVER_...) and of other lists is not among them."""
