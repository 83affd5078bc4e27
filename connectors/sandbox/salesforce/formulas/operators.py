"""The operators of formulas, as SQL.

Source: Salesforce Help, "Formula Operators and Functions": text compares by case, and no text is as
good as an empty one.
"""

from connectors.sandbox.salesforce.formulas.functions import call_function
from connectors.sandbox.salesforce.formulas.pieces import Piece
from connectors.sandbox.salesforce.formulas.syntax import FormulaError, Operation

_STAMP = "'%Y-%m-%dT%H:%M:%S.000+0000'"
_LOGIC = {"&&": "AND", "||": "OR"}


def apply_operator(operation: Operation, parts: list[Piece]) -> Piece:
    """Return an operator applied to pieces.

    Args:
        operation: As it was written.
        parts: Its parts, compiled.

    Raises:
        FormulaError: it takes no such pieces.
    """
    if operation.operator in _LOGIC:
        return call_function(_LOGIC[operation.operator], parts)
    for part in parts:
        if part.kind == "Picklist":
            field = operation.parts[parts.index(part)]
            raise FormulaError(
                f"Field {field} is a picklist field. Picklist fields are only supported in "
                "certain functions."
            )
    if operation.operator in ("=", "<>", "<", ">", "<=", ">="):
        return _comparison(operation.operator, *parts)
    if operation.operator == "&":
        return _concatenation(parts)
    if len(parts) == 1:
        _want_numbers("-", parts)
        return Piece(f"(-{parts[0].sql})", "Number")
    return _arithmetic(operation.operator, *parts)


def _comparison(operator: str, left: Piece, right: Piece) -> Piece:
    if left.kind != right.kind and "Null" not in (left.kind, right.kind):
        raise _unfit(operator, left.kind, right)
    if "Text" in (left.kind, right.kind):
        # No text is as good as an empty one.
        pair = (f"coalesce({left.sql}, '') collate binary", f"coalesce({right.sql}, '')")
        return Piece(f"({pair[0]} {operator} {pair[1]})", "Boolean")
    if operator in ("=", "<>"):
        word = "is" if operator == "=" else "is not"
        return Piece(f"({left.sql} {word} {right.sql})", "Boolean")
    return Piece(f"coalesce({left.sql} {operator} {right.sql}, 0)", "Boolean")


def _concatenation(parts: list[Piece]) -> Piece:
    for part in parts:
        if part.kind not in ("Text", "Null"):
            raise _unfit("&", "Text", part)
    texts = [text for part in parts for text in part.texts or (f"coalesce({part.sql}, '')",)]
    return Piece(f"({' || '.join(texts)})", "Text", tuple(texts))


def _arithmetic(operator: str, left: Piece, right: Piece) -> Piece:
    if operator == "+" and "Text" in (left.kind, right.kind):
        return _concatenation([left, right])
    if operator in "+-" and left.kind in ("Date", "DateTime"):
        return _moment_arithmetic(operator, left, right)
    if operator == "+" and right.kind in ("Date", "DateTime"):
        return _moment_arithmetic(operator, right, left)
    _want_numbers(operator, [left, right])
    factor = " * 1.0" if operator == "/" else ""
    return Piece(f"({left.sql}{factor} {operator} {right.sql})", "Number")


def _moment_arithmetic(operator: str, left: Piece, right: Piece) -> Piece:
    if operator == "-" and right.kind == left.kind:
        seconds = f"(strftime('%s', {_second(left)}) - strftime('%s', {_second(right)}))"
        return Piece(f"({seconds} / 86400.0)", "Number")
    if right.kind != "Number":
        raise _unfit(operator, "Number", right)
    if left.kind == "Date":
        days = f"(cast({operator}{right.sql} as integer) || ' days')"
        return Piece(f"date({left.sql}, {days})", "Date")
    seconds = f"(cast(round({operator}{right.sql} * 86400.0) as integer) || ' seconds')"
    return Piece(f"strftime({_STAMP}, {_second(left)}, {seconds})", "DateTime")


def _second(piece: Piece) -> str:
    return f"substr({piece.sql}, 1, 19)"


def _want_numbers(operator: str, parts: list[Piece]) -> None:
    for part in parts:
        if part.kind not in ("Number", "Null"):
            raise _unfit(operator, "Number", part)


def _unfit(operator: str, expected: str, piece: Piece) -> FormulaError:
    return FormulaError(
        f"Incorrect parameter type for operator '{operator}'. "
        f"Expected {expected}, received {piece.kind}"
    )
